import {
  to = seam_acs_access_group_membership.ana_staff
  identity = {
    acs_access_group_id = "3b0a7f5e-9c4d-4eb8-a061-7d2f1c8e9053"
    acs_user_id         = "1f8e5d3c-7a2b-4c96-8e4f-5b0d9a6c7e31"
  }
}
