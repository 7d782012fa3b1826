data "seam_acs_systems" "all" {}

# Access systems that have errors.
output "systems_with_errors" {
  value = { for s in data.seam_acs_systems.all.acs_systems : s.name => s.errors[*].error_code if length(s.errors) > 0 }
}
