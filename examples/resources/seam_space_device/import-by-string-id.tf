import {
  to = seam_space_device.front_door
  # The id of the space and that of the device, separated by a slash.
  id = "6f2d9c4a-1b7e-4e83-9a5d-0c8b7f6e5d32/7d1b4f6e-9c3a-4e25-8a47-2f5d6e8b9c04"
}
