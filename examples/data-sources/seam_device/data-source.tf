data "seam_device" "front_door" {
  name = "Front Door"
}

resource "seam_access_code" "owner" {
  device_id = data.seam_device.front_door.id
  name      = "Owner"
}

check "front_door_healthy" {
  assert {
    condition     = data.seam_device.front_door.online && coalesce(data.seam_device.front_door.battery_level, 1) > 0.2
    error_message = "The front door's lock is offline, or its battery is low."
  }
}
