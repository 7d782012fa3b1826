# Generates a resource and an import block for each code:
# terraform query -generate-config-out=codes.tf
variable "device_id" {
  description = "Device id of the lock."
  type        = string
}

list "seam_access_code" "front_door" {
  provider = seam

  config {
    device_id = var.device_id
  }
}
