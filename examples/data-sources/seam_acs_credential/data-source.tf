variable "acs_credential_id" {
  description = "Credential of the access system."
  type        = string
}

data "seam_acs_credential" "card" {
  id = var.acs_credential_id
}

output "card_ends_at" {
  value = data.seam_acs_credential.card.ends_at
}
