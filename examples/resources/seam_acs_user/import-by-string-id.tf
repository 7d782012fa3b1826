import {
  to = seam_acs_user.ana
  # By Seam's id of the user.
  id = "1f8e5d3c-7a2b-4c96-8e4f-5b0d9a6c7e31"
}
