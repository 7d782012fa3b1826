variable "device_id" {
  description = "Device id of the lock."
  type        = string
}

# Everything that opens the lock, as far as Seam knows.
data "seam_device_access" "front_door" {
  device_id = var.device_id
}

# What is in force now, without the PINs.
output "in_force" {
  value = { for a in data.seam_device_access.front_door.access : a.id => "${a.kind} ${a.name == null ? "" : a.name}" if a.in_force }
}
