import {
  to = seam_space.room
  # Seam's id of the space; or key:room-204, with your own key.
  id = "6f2d9c4a-1b7e-4e83-9a5d-0c8b7f6e5d32"
}
