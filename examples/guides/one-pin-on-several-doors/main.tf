variable "front_door" {
  description = "Device id of the front door's lock."
  type        = string
}

variable "back_door" {
  description = "Device id of the back door's lock."
  type        = string
}

variable "staff_pin" {
  description = "PIN of the staff, 4 to 12 digits."
  type        = string
  sensitive   = true
}

locals {
  doors = {
    front = var.front_door
    back  = var.back_door
  }
}

resource "seam_access_code" "staff" {
  for_each = local.doors

  device_id       = each.value
  name            = "Staff"
  common_code_key = "staff"
  code            = var.staff_pin
}
