# The workspace of the provider's credentials. Destroy changes nothing in it.
resource "seam_workspace" "hotel" {
  name                 = "Hotel Canal"
  connect_partner_name = "Hotel Canal"

  connect_webview_customization = {
    logo_shape      = "square"
    success_message = "Your locks are connected."
  }
}
