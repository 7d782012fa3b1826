import {
  to = seam_device.front_door
  id = "6c4f1a0e-58f2-4c1f-9a3d-7d2b0e9c5f11"
}
