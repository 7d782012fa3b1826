locals {
  # The access groups of each role, by the names that they have in the access system.
  groups_of = {
    staff   = ["Staff"]
    manager = ["Staff", "Managers"]
  }

  office    = one(data.seam_acs_systems.office.acs_systems).id
  group_ids = { for g in data.seam_acs_access_groups.office.acs_access_groups : g.name => g.id }
  staff     = { for s in csvdecode(file("${path.module}/staff.csv")) : s.number => s }

  memberships = merge([
    for number, s in local.staff : {
      for group in s.role == "" ? [] : local.groups_of[s.role] : "${number} ${group}" => { number = number, group = group }
    }
  ]...)
}

data "seam_acs_systems" "office" {
  name = "Office"
}

data "seam_acs_access_groups" "office" {
  acs_system_id = local.office
}

resource "seam_acs_user" "staff" {
  for_each = local.staff

  acs_system_id = local.office
  full_name     = each.value.name
  email_address = each.value.email == "" ? null : each.value.email
  is_suspended  = each.value.suspended == "yes"
}

resource "seam_acs_access_group_membership" "staff" {
  for_each = local.memberships

  acs_access_group_id = local.group_ids[each.value.group]
  acs_user_id         = seam_acs_user.staff[each.value.number].id
}

# The access system chooses the PIN.
resource "seam_acs_credential" "pin" {
  for_each = local.staff

  acs_user_id   = seam_acs_user.staff[each.key].id
  access_method = "code"
}

# Another number in the table is another card: the old one is deleted, with proof.
resource "seam_acs_credential" "card" {
  for_each = { for number, s in local.staff : "${number} card ${s.card}" => number if s.card != "" }

  acs_user_id   = seam_acs_user.staff[each.value].id
  access_method = "card"
}

# Likewise for phones.
resource "seam_acs_credential" "phone" {
  for_each = { for number, s in local.staff : "${number} phone ${s.phone}" => number if s.phone != "" }

  acs_user_id   = seam_acs_user.staff[each.value].id
  access_method = "mobile_key"
}
