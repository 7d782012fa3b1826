# The account that somebody has connected with this address.
data "seam_connected_account" "owner" {
  email = "owner@example.com"
}

output "owner_account_errors" {
  value = [for e in data.seam_connected_account.owner.errors : "${e.error_code}: ${e.message}"]
}
