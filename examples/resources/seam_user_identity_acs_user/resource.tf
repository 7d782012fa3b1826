variable "acs_user_id" {
  description = "User of the access system, who is managed elsewhere."
  type        = string
}

resource "seam_user_identity" "ana" {
  user_identity_key = "staff-ana"
  full_name         = "Ana Silva"
}

resource "seam_user_identity_acs_user" "ana" {
  user_identity_id = seam_user_identity.ana.id
  acs_user_id      = var.acs_user_id
}
