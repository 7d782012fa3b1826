variable "device_id" {
  description = "Device id of the lock."
  type        = string
}

# terraform apply -invoke=action.seam_lock_door.front
action "seam_lock_door" "front" {
  config {
    device_id = var.device_id
  }
}
