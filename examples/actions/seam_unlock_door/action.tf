variable "device_id" {
  description = "Device id of the lock."
  type        = string
}

# terraform apply -invoke=action.seam_unlock_door.front
action "seam_unlock_door" "front" {
  config {
    device_id = var.device_id
    timeouts = {
      invoke = "30s"
    }
  }
}
