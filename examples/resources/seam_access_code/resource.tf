variable "device_id" {
  description = "Device id of the lock, from the Seam console."
  type        = string
}

variable "staff_pin" {
  description = "PIN of the staff, 4 to 12 digits."
  type        = string
  sensitive   = true
}

variable "stay" {
  description = "Start and end of the guest's stay, in RFC 3339 format."
  type        = object({ starts_at = string, ends_at = string })
}

variable "unmanaged_access_code_id" {
  description = "Id of a code on that lock, from data.seam_unmanaged_access_codes."
  type        = string
}

# An ongoing code. Seam chooses the PIN.
resource "seam_access_code" "owner" {
  device_id             = var.device_id
  name                  = "Owner"
  preferred_code_length = 6
  wait_for_set          = true
}

# A code for one stay.
resource "seam_access_code" "guest" {
  device_id = var.device_id
  name      = "Guest"
  starts_at = var.stay.starts_at
  ends_at   = var.stay.ends_at
}

# A PIN of your own.
resource "seam_access_code" "staff" {
  device_id = var.device_id
  name      = "Staff"
  code      = var.staff_pin

  removal = "verified_by_event" # destroy also waits for Seam's event
  timeouts = {
    delete = "20m"
  }
}

# Adopts a code that was created in the manufacturer's app. It keeps its id and its PIN.
# Destroy proves its removal as for any other code.
resource "seam_access_code" "gardener" {
  device_id            = var.device_id
  name                 = "Gardener"
  adopt_access_code_id = var.unmanaged_access_code_id
}
