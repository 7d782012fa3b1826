variable "front_door" {
  description = "Device id of the front door."
  type        = string
}

variable "back_door" {
  description = "Device id of the back door."
  type        = string
}

# A room with its doors. An access grant on the room opens both. Taking a door out of
# device_ids takes it from everyone with a grant on the room, with proof.
resource "seam_space" "room" {
  name       = "Room 204"
  space_key  = "room-204"
  device_ids = [var.front_door, var.back_door]

  customer_data = {
    address              = "1 Main Street"
    default_checkin_time = "15:00"
    time_zone            = "Europe/Paris"
  }
}

# A space whose doors are added elsewhere, with seam_space_device.
resource "seam_space" "common" {
  name = "Common areas"
}
