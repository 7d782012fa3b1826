variable "client_session_id" {
  description = "ID of the client session."
  type        = string
}

data "seam_client_session" "ben" {
  id = var.client_session_id
}

output "ben_expires_at" {
  value = data.seam_client_session.ben.expires_at
}
