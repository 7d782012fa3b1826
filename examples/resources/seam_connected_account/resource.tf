variable "connected_account_id" {
  description = "ID of the account, from the Seam console or data.seam_connected_accounts."
  type        = string
}

# An account that somebody has connected. Destroy leaves it connected.
resource "seam_connected_account" "canal_street" {
  connected_account_id             = var.connected_account_id
  display_name                     = "12 Canal Street"
  automatically_manage_new_devices = false

  # Other metadata entries are kept.
  custom_metadata = {
    building = "12-canal-street"
  }
}
