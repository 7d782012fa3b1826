resource "seam_access_code" "staff" {
  for_each = local.doors

  device_id       = each.value
  name            = "Staff"
  common_code_key = "staff"
  code            = var.staff_pin
}
