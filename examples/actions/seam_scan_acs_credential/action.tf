variable "acs_encoder_id" {
  description = "Encoder at the front desk."
  type        = string
}

# Whose card is this?
# terraform apply -invoke=action.seam_scan_acs_credential.found
action "seam_scan_acs_credential" "found" {
  config {
    acs_encoder_id = var.acs_encoder_id
  }
}
