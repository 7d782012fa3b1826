variable "connect_webview_id" {
  description = "ID of the Connect Webview."
  type        = string
}

data "seam_connect_webview" "owner" {
  id = var.connect_webview_id
}

output "owner_has_connected" {
  value = data.seam_connect_webview.owner.status == "authorized"
}
