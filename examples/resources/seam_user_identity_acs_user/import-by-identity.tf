import {
  to = seam_user_identity_acs_user.ana
  identity = {
    user_identity_id = "8c4e2b6a-5f1d-4b97-a3e8-6d0f9c7b2a15"
    acs_user_id      = "1f8e5d3c-7a2b-4c96-8e4f-5b0d9a6c7e31"
  }
}
