data "seam_acs_systems" "office" {
  name = "Office"
}

# An employee in the access system of the office.
resource "seam_acs_user" "ana" {
  acs_system_id = one(data.seam_acs_systems.office.acs_systems).id
  full_name     = "Ana Silva"
  email_address = "ana@example.com"

  access_schedule = {
    starts_at = "2026-01-02T08:00:00Z"
    ends_at   = "2036-01-02T18:00:00Z"
  }
}
