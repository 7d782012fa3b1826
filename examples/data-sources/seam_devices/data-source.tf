# All Yale locks.
data "seam_devices" "yale" {
  manufacturer = "yale"
}

output "offline" {
  value = [for d in data.seam_devices.yale.devices : d.name if d.online == false]
}

# One access code on each lock.
resource "seam_access_code" "caretaker" {
  for_each = { for d in data.seam_devices.yale.devices : d.id => d.name }

  device_id = each.key
  name      = "Caretaker"
}
