variable "device_id" {
  description = "Device id of the lock."
  type        = string
}

data "seam_unmanaged_access_codes" "on_the_lock" {
  device_id = var.device_id
}

# Records each unmanaged code. A new one appears in the next plan. Destroy removes all of
# them and returns when that is proven. The ids are not secret, so for_each accepts them;
# the PINs are sensitive.
resource "seam_unmanaged_access_code" "stranger" {
  for_each = toset([for c in data.seam_unmanaged_access_codes.on_the_lock.access_codes : c.id])

  access_code_id = each.key
}

output "strangers" {
  value = { for id, c in seam_unmanaged_access_code.stranger : id => c.name }
}
