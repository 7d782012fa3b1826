variable "front_door" {
  description = "Device id of the lock."
  type        = string
}

variable "cleaner_pin" {
  description = "PIN of the cleaner."
  type        = string
  sensitive   = true

  # If you know the lock's rules, check them before any data source is read.
  validation {
    condition     = provider::seam::code_fits(var.cleaner_pin, [4, 6], [])
    error_message = "The PIN must have 4 or 6 digits."
  }
}

data "seam_device" "front_door" {
  id = var.front_door
}

resource "seam_access_code" "cleaner" {
  device_id = var.front_door
  name      = "Cleaner"
  code      = var.cleaner_pin

  lifecycle {
    precondition {
      condition     = provider::seam::code_fits(var.cleaner_pin, data.seam_device.front_door.supported_code_lengths, data.seam_device.front_door.code_constraints)
      error_message = "The front door's lock does not accept the cleaner's PIN."
    }
  }
}
