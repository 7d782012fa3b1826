data "seam_user_identity" "manager" {
  user_identity_key = "manager-1"
}

# A link that puts the manager's mobile keys on a phone. Without keep, it is deleted at the end
# of the run.
ephemeral "seam_instant_key" "manager" {
  user_identity_id = data.seam_user_identity.manager.id
  max_use_count    = 1
}

resource "terraform_data" "check" {
  provisioner "local-exec" {
    command     = "test -n \"$LINK\""
    environment = { LINK = ephemeral.seam_instant_key.manager.url }
  }
}
