variable "acs_access_group_id" {
  description = "Access group."
  type        = string
}

list "seam_acs_access_group_membership" "staff" {
  provider = seam

  config {
    acs_access_group_id = var.acs_access_group_id
  }
}
