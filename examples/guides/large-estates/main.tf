variable "front_door" {
  description = "Device id of the building's own door."
  type        = string
}

variable "back_door" {
  description = "Device id of the gate, which all buildings share."
  type        = string
}

variable "tenants" {
  description = "Names of the tenants of this building."
  type        = set(string)
  default     = ["Flat 1", "Flat 2"]
}

locals {
  doors = {
    door = var.front_door
    gate = var.back_door
  }
  codes = { for pair in setproduct(var.tenants, keys(local.doors)) : "${pair[0]}/${pair[1]}" => pair }
}

# The same key gives a tenant the same PIN on both locks.
resource "seam_access_code" "tenant" {
  for_each = local.codes

  device_id       = local.doors[each.value[1]]
  name            = each.value[0]
  common_code_key = each.value[0]
}
