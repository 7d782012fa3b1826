data "seam_connected_accounts" "all" {}

# Accounts that somebody has to connect again.
output "disconnected" {
  value = [
    for a in data.seam_connected_accounts.all.connected_accounts : a.display_name
    if contains(a.errors[*].error_code, "account_disconnected")
  ]
}
