import {
  to = seam_access_grant.stay
  identity = {
    id = "c1a7e3d9-8f42-4b6a-a5d0-7e9b2c4f6a08"
  }
}
