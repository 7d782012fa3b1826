# A token for this run only, revoked at its end. Should the run be killed, the token ends
# by itself an hour later.
ephemeral "seam_client_session" "report" {
  expires_at = timeadd(plantimestamp(), "1h")
}

resource "terraform_data" "report" {
  provisioner "local-exec" {
    command     = "test -n \"$SEAM_TOKEN\""
    environment = { SEAM_TOKEN = ephemeral.seam_client_session.report.token }
  }
}
