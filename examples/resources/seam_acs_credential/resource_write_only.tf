# With Terraform 1.11 or OpenTofu 1.11, a PIN can be kept out of the state and of plans.

variable "acs_user_id" {
  description = "User of the access system."
  type        = string
}

variable "staff_pin" {
  description = "PIN of the user."
  type        = string
  ephemeral   = true
}

resource "seam_acs_credential" "ben_pin" {
  acs_user_id     = var.acs_user_id
  access_method   = "code"
  code_wo         = var.staff_pin
  code_wo_version = 1 # increase it together with a new PIN
}
