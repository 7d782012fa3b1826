variable "device_id" {
  description = "Device id of the lock."
  type        = string
}

# Codes that were put on the lock outside Seam.
data "seam_unmanaged_access_codes" "front_door" {
  device_id = var.device_id
}

output "unmanaged" {
  value = { for c in data.seam_unmanaged_access_codes.front_door.access_codes : c.id => c.name }
}

# Warns while there are unmanaged codes. A failed check does not fail the plan.
check "no_unmanaged_codes" {
  assert {
    condition     = length(data.seam_unmanaged_access_codes.front_door.access_codes) == 0
    error_message = "The front door has unmanaged PINs: see the output unmanaged."
  }
}
