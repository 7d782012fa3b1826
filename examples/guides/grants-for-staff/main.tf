variable "front_door" {
  description = "Device id of the entrance door's lock."
  type        = string
}

variable "back_door" {
  description = "Device id of the server room's lock."
  type        = string
}

locals {
  staff = {
    ana = { name = "Ana Silva", server_room = true }
    ben = { name = "Ben Okoro", server_room = false }
  }
}

# The doors that everybody opens. A door that is added here opens for everybody.
resource "seam_space" "common" {
  name       = "Common doors"
  space_key  = "common-doors"
  device_ids = [var.front_door]
}

resource "seam_user_identity" "staff" {
  for_each = local.staff

  user_identity_key = "staff-${each.key}"
  full_name         = each.value.name
}

resource "seam_access_grant" "staff" {
  for_each = local.staff

  user_identity_id = seam_user_identity.staff[each.key].id
  access_grant_key = "staff-${each.key}"
  name             = each.value.name
  space_ids        = [seam_space.common.id]
  device_ids       = each.value.server_room ? [var.back_door] : null

  requested_access_methods = [{ mode = "code" }]
}
