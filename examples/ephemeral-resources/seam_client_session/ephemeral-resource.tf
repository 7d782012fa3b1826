# A token for this run only. It is revoked at the end of the run. If the run is killed,
# the token expires after an hour.
ephemeral "seam_client_session" "report" {
  expires_at = timeadd(plantimestamp(), "1h")
}

resource "terraform_data" "report" {
  provisioner "local-exec" {
    command     = "test -n \"$SEAM_TOKEN\""
    environment = { SEAM_TOKEN = ephemeral.seam_client_session.report.token }
  }
}
