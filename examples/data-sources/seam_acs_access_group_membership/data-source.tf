variable "acs_access_group_membership_id" {
  description = "The id of an access group and that of a user, separated by a slash."
  type        = string
}

# Fails if the user is not in the group.
data "seam_acs_access_group_membership" "manager" {
  id = var.acs_access_group_membership_id
}

output "manager_group_id" {
  value = data.seam_acs_access_group_membership.manager.acs_access_group_id
}
