variable "device_id" {
  description = "Device id of the lock, from the Seam console or data.seam_devices."
  type        = string
}

# Manages a lock that already exists in Seam since its account was connected.
resource "seam_device" "front_door" {
  device_id = var.device_id
  name      = "Front door, 12 Canal Street"

  # Other metadata entries are kept.
  custom_metadata = {
    building = "12-canal-street"
    floor    = "0"
  }
}

# This reference makes Terraform remove the code before it stops managing the lock.
resource "seam_access_code" "owner" {
  device_id = seam_device.front_door.id
  name      = "Owner"
}
