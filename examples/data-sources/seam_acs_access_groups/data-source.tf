data "seam_acs_systems" "office" {
  name = "Office"
}

data "seam_acs_access_groups" "staff" {
  acs_system_id = one(data.seam_acs_systems.office.acs_systems).id
  name          = "Staff"
}

output "staff_group_ids" {
  value = data.seam_acs_access_groups.staff.acs_access_groups[*].id
}
