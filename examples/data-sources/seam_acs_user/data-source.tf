variable "acs_user_id" {
  description = "User of the access system."
  type        = string
}

data "seam_acs_user" "manager" {
  id = var.acs_user_id
}

output "manager_is_suspended" {
  value = data.seam_acs_user.manager.is_suspended
}
