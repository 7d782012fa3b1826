variable "device_id" {
  description = "Device id of the lock."
  type        = string
}

data "seam_access_codes" "front_door" {
  device_id = var.device_id
}

# Codes that should be on the lock but are not.
output "not_set" {
  value = [for c in data.seam_access_codes.front_door.access_codes : c.name if c.status != "set" && c.type == "ongoing"]
}
