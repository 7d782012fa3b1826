variable "access_code_id" {
  description = "Id of the access code."
  type        = string
}

# Reads the PIN for this run only: it is stored neither in the plan nor in the state.
ephemeral "seam_access_code" "guest" {
  id = var.access_code_id
}

# Use it wherever Terraform accepts ephemeral values: write-only arguments, provider
# configurations, provisioners.
resource "terraform_data" "letter" {
  provisioner "local-exec" {
    command     = "test -n \"$PIN\""
    environment = { PIN = ephemeral.seam_access_code.guest.code }
  }
}
