# A page on which the owner connects the account with the locks.
resource "seam_connect_webview" "canal_street" {
  accepted_capabilities = ["lock"]

  # Seam copies it to the account.
  custom_metadata = {
    building = "12-canal-street"
  }
}

# Whoever has this URL can connect an account: terraform output -raw connect_url
output "connect_url" {
  value     = seam_connect_webview.canal_street.url
  sensitive = true
}

# Null until the owner has finished.
output "connected_account_id" {
  value = seam_connect_webview.canal_street.connected_account_id
}
