variable "unmanaged_access_code_id" {
  description = "Id of the code, from terraform query or data.seam_unmanaged_access_codes."
  type        = string
}

# Returns when it is proven that the PIN no longer opens the door:
# terraform apply -invoke=action.seam_delete_unmanaged_access_code.former_tenant
action "seam_delete_unmanaged_access_code" "former_tenant" {
  config {
    access_code_id = var.unmanaged_access_code_id
  }
}
