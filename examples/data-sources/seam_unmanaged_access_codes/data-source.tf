variable "device_id" {
  description = "Device id of the lock."
  type        = string
}

# What somebody put on the lock past Seam.
data "seam_unmanaged_access_codes" "front_door" {
  device_id = var.device_id
}

output "unmanaged" {
  value = { for c in data.seam_unmanaged_access_codes.front_door.access_codes : c.id => c.name }
}

# Fails the plan's check, and not the plan, while there are any.
check "nobody_else_has_a_pin" {
  assert {
    condition     = length(data.seam_unmanaged_access_codes.front_door.access_codes) == 0
    error_message = "There are PINs on the front door that nobody manages: see the output unmanaged."
  }
}
