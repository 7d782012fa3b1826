variable "acs_user_id" {
  description = "User of the access system."
  type        = string
}

data "seam_acs_access_groups" "staff" {
  name = "Staff"
}

resource "seam_acs_access_group_membership" "ana_staff" {
  acs_access_group_id = one(data.seam_acs_access_groups.staff.acs_access_groups).id
  acs_user_id         = var.acs_user_id
}
