data "seam_device_providers" "locks" {
  provider_category = "consumer_smartlocks"
}

# Brands with locks that support PINs.
output "brands" {
  value = [for p in data.seam_device_providers.locks.device_providers : p.display_name if p.can_program_online_access_codes == true]
}
