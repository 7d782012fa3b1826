variable "device_id" {
  description = "Device id of the lock, from the Seam console."
  type        = string
}

variable "stay" {
  description = "Start and end of the guest's stay, in RFC 3339 format."
  type        = object({ starts_at = string, ends_at = string })
}

# Seam chooses the PIN. It expires with the stay; destroy removes it earlier, and returns when
# the PIN no longer opens the door.
resource "seam_access_code" "guest" {
  device_id = var.device_id
  name      = "Guest"
  starts_at = var.stay.starts_at
  ends_at   = var.stay.ends_at
}

output "pin" {
  value     = seam_access_code.guest.code
  sensitive = true
}
