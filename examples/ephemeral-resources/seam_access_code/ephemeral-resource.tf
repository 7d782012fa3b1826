variable "access_code_id" {
  description = "Id of the access code."
  type        = string
}

# The PIN for this run only: it reaches neither the plan nor the state.
ephemeral "seam_access_code" "guest" {
  id = var.access_code_id
}

# It can go wherever Terraform takes ephemeral values: write-only arguments, provider
# configurations, provisioners.
resource "terraform_data" "letter" {
  provisioner "local-exec" {
    command     = "test -n \"$PIN\""
    environment = { PIN = ephemeral.seam_access_code.guest.code }
  }
}
