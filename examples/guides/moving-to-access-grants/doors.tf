variable "front_door" {
  description = "Device id of the front door's lock."
  type        = string
}

variable "back_door" {
  description = "Device id of the back door's lock."
  type        = string
}

variable "staff_pin" {
  description = "PIN that the staff shares, 4 to 12 digits."
  type        = string
  sensitive   = true
}

locals {
  doors = {
    front = var.front_door
    back  = var.back_door
  }
}
