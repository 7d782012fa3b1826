variable "unmanaged_access_code_id" {
  description = "Id of the code, from data.seam_unmanaged_access_codes."
  type        = string
}

# A former tenant's PIN, created in the manufacturer's app. Creating this resource only
# records the code. Destroying it removes the PIN from the lock, and returns when that is
# proven.
resource "seam_unmanaged_access_code" "former_tenant" {
  access_code_id = var.unmanaged_access_code_id
}

output "opens" {
  value = seam_unmanaged_access_code.former_tenant.device_id
}
