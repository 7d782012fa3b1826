variable "device_id" {
  description = "Device id of the lock, from the Seam console."
  type        = string
}

variable "staff_pin" {
  description = "PIN of the staff, 4 to 12 digits."
  type        = string
  ephemeral   = true
}

variable "stay" {
  description = "When the guest comes and goes, in RFC 3339 format."
  type        = object({ starts_at = string, ends_at = string })
}

variable "unmanaged_access_code_id" {
  description = "Id of a code on that lock, from data.seam_unmanaged_access_codes."
  type        = string
}

# Ongoing, with a PIN that Seam chooses.
resource "seam_access_code" "owner" {
  device_id             = var.device_id
  name                  = "Owner"
  preferred_code_length = 6
  wait_for_set          = true
}

# For one stay.
resource "seam_access_code" "guest" {
  device_id = var.device_id
  name      = "Guest"
  starts_at = var.stay.starts_at
  ends_at   = var.stay.ends_at
}

# With a PIN that is stored neither in the state nor in a plan. To change it, raise
# code_wo_version together with the new PIN.
resource "seam_access_code" "staff" {
  device_id       = var.device_id
  name            = "Staff"
  code_wo         = var.staff_pin
  code_wo_version = 1

  removal = "verified_by_event" # destroy also waits for Seam's event
  timeouts = {
    delete = "20m"
  }
}

# On the lock already, made in the manufacturer's app. It is taken over: it keeps its id and
# its PIN, and destroy proves its removal like any other.
resource "seam_access_code" "gardener" {
  device_id            = var.device_id
  name                 = "Gardener"
  adopt_access_code_id = var.unmanaged_access_code_id
}
