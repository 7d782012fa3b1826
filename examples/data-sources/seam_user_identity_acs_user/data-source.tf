variable "user_identity_acs_user_id" {
  description = "The id of a user identity and that of a user, separated by a slash."
  type        = string
}

# Fails if the user is not linked to the user identity.
data "seam_user_identity_acs_user" "cleo" {
  id = var.user_identity_acs_user_id
}

output "cleo_acs_user_id" {
  value = data.seam_user_identity_acs_user.cleo.acs_user_id
}
