variable "front_door" {
  description = "Device id of the front door."
  type        = string
}

# A space that belongs to another configuration, in which its seam_space has no device_ids.
data "seam_space" "lobby" {
  space_key = "lobby"
}

resource "seam_space_device" "front_door" {
  space_id  = data.seam_space.lobby.id
  device_id = var.front_door
}
