import {
  to = seam_access_grant.stay
  # Seam's id of the access grant; or key:stay-1042, with your own key.
  id = "c1a7e3d9-8f42-4b6a-a5d0-7e9b2c4f6a08"
}
