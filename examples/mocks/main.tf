terraform {
  required_providers {
    seam = {
      source = "seamapi/seam"
    }
  }
}

variable "front_door" {
  description = "Name of the front door's lock."
  type        = string
  default     = "Front Door"
}

data "seam_device" "front_door" {
  name = var.front_door
}

resource "seam_access_code" "owner" {
  device_id = data.seam_device.front_door.id
  name      = "Owner"

  lifecycle {
    precondition {
      condition     = data.seam_device.front_door.online
      error_message = "The front door's lock is offline."
    }
  }
}
