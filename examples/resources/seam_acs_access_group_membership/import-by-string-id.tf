import {
  to = seam_acs_access_group_membership.ana_staff
  # The id of the access group and that of the user, separated by a slash.
  id = "3b0a7f5e-9c4d-4eb8-a061-7d2f1c8e9053/1f8e5d3c-7a2b-4c96-8e4f-5b0d9a6c7e31"
}
