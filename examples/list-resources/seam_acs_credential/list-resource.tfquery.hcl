variable "acs_user_id" {
  description = "User of the access system."
  type        = string
}

list "seam_acs_credential" "of_ana" {
  provider = seam

  config {
    acs_user_id = var.acs_user_id
  }
}
