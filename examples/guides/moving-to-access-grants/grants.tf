locals {
  staff = {
    ana = "Ana Silva"
    ben = "Ben Okoro"
  }
}

resource "seam_user_identity" "staff" {
  for_each = local.staff

  user_identity_key = "staff-${each.key}"
  full_name         = each.value
}

resource "seam_access_grant" "staff" {
  for_each = local.staff

  user_identity_id = seam_user_identity.staff[each.key].id
  access_grant_key = "staff-${each.key}"
  name             = each.value
  device_ids       = values(local.doors)

  requested_access_methods = [{ mode = "code" }] # not the PIN that is on the locks
}

# The PINs that are not on their locks yet. The data source stores the PINs in the state;
# remove it when you have moved.
data "seam_access_codes" "new" {
  for_each = local.staff

  access_grant_id = seam_access_grant.staff[each.key].id
}

output "not_on_a_lock_yet" {
  value = {
    for person, found in data.seam_access_codes.new :
    person => [for c in found.access_codes : c.device_id if c.status != "set"]
  }
}
