# Somebody who is managed elsewhere, by your own key.
data "seam_user_identity" "manager" {
  user_identity_key = "manager-1"
}

output "manager" {
  value = data.seam_user_identity.manager.display_name
}
