import {
  to = seam_device_access_codes_exclusive.front_door
  # Import by the Seam id of the lock.
  id = "7d1b4f6e-9c3a-4e25-8a47-2f5d6e8b9c04"
}
