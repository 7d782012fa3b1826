variable "acs_user_id" {
  description = "User of the access system."
  type        = string
}

# A PIN that the access system chooses.
resource "seam_acs_credential" "ana_pin" {
  acs_user_id   = var.acs_user_id
  access_method = "code"
  ends_at       = "2036-01-02T18:00:00Z"
}
