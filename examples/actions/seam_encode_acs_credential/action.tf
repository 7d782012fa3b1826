variable "acs_encoder_id" {
  description = "Encoder at the front desk."
  type        = string
}

variable "acs_user_id" {
  description = "User of the access system."
  type        = string
}

resource "seam_acs_credential" "card" {
  acs_user_id   = var.acs_user_id
  access_method = "card"
}

# Hold a card to the encoder when the progress messages say so:
# terraform apply -invoke=action.seam_encode_acs_credential.card
action "seam_encode_acs_credential" "card" {
  config {
    acs_encoder_id    = var.acs_encoder_id
    acs_credential_id = seam_acs_credential.card.id
  }
}
