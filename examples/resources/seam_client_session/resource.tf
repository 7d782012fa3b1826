variable "connected_account_id" {
  description = "ID of the account whose locks Ana may use."
  type        = string
}

# What Ana may use in your application, which gets the session's token from Seam by "ana".
resource "seam_client_session" "ana" {
  user_identifier_key   = "ana"
  connected_account_ids = [var.connected_account_id]
}
