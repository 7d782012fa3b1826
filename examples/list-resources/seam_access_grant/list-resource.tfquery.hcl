# Generates a resource and an import block for each grant on a lock:
# terraform query -generate-config-out=grants.tf
variable "device_id" {
  description = "Device id of the lock."
  type        = string
}

list "seam_access_grant" "back_door" {
  provider = seam

  config {
    device_id = var.device_id
  }
}
