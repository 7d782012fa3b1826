variable "front_door" {
  description = "Device id of the garden flat's lock."
  type        = string
}

variable "back_door" {
  description = "Device id of the loft's lock."
  type        = string
}

locals {
  units = {
    garden = var.front_door
    loft   = var.back_door
  }
  stays = { for s in csvdecode(file("${path.module}/stays.csv")) : s.stay => s }
}

# Seam names the codes on the locks after the person, and the state has the name as well.
# So use the number of the stay instead of the guest's name.
resource "seam_user_identity" "guest" {
  for_each = local.stays

  user_identity_key = "stay-${each.key}"
  full_name         = "Stay ${each.key}"
}

resource "seam_access_grant" "stay" {
  for_each = local.stays

  user_identity_id = seam_user_identity.guest[each.key].id
  access_grant_key = "stay-${each.key}"
  name             = "Stay ${each.key}"
  device_ids       = [local.units[each.value.unit]]
  starts_at        = each.value.starts_at
  ends_at          = each.value.ends_at

  requested_access_methods = [{ mode = "code" }] # Seam chooses the PIN
}
