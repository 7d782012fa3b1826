import {
  to = seam_space.room
  identity = {
    id = "6f2d9c4a-1b7e-4e83-9a5d-0c8b7f6e5d32"
  }
}
