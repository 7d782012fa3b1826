variable "front_door" {
  description = "Device id of the lock."
  type        = string
}

variable "cleaner_pin" {
  description = "PIN of the cleaner."
  type        = string
  ephemeral   = true

  validation {
    condition     = provider::seam::code_fits(var.cleaner_pin, [4, 6], null)
    error_message = "The PIN must have 4 or 6 digits."
  }
}

data "seam_device" "front_door" {
  id = var.front_door
}

resource "seam_access_code" "cleaner" {
  device_id       = var.front_door
  name            = "Cleaner"
  code_wo         = var.cleaner_pin
  code_wo_version = 1

  lifecycle {
    precondition {
      condition     = provider::seam::code_fits("2580", data.seam_device.front_door.supported_code_lengths, data.seam_device.front_door.code_constraints)
      error_message = "The front door takes no PIN of 4 digits like the one of the old lock."
    }
  }
}
