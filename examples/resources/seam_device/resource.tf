variable "device_id" {
  description = "Device id of the lock, from the Seam console or data.seam_devices."
  type        = string
}

# Takes the lock under control. Seam made it when its account was connected.
resource "seam_device" "front_door" {
  device_id = var.device_id
  name      = "Front door, 12 Canal Street"

  # Entries of others stay.
  custom_metadata = {
    building = "12-canal-street"
    floor    = "0"
  }
}

# Referring to the device makes Terraform remove the codes before it lets go of the lock.
resource "seam_access_code" "owner" {
  device_id = seam_device.front_door.id
  name      = "Owner"
}
