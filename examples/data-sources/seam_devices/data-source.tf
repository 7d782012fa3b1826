# All locks by Yale.
data "seam_devices" "yale" {
  manufacturer = "yale"
}

output "offline" {
  value = [for d in data.seam_devices.yale.devices : d.name if d.online == false]
}

# One code on each.
resource "seam_access_code" "caretaker" {
  for_each = { for d in data.seam_devices.yale.devices : d.id => d.name }

  device_id = each.key
  name      = "Caretaker"
}
