variable "front_door" {
  description = "Device id of the front door's lock."
  type        = string
}

locals {
  doors = { front = var.front_door }
  staff = ["Ana", "Ben"]
  codes = { for pair in setproduct(keys(local.doors), local.staff) : "${pair[1]} ${pair[0]}" => { door = pair[0], name = pair[1] } }
}

resource "seam_access_code" "staff" {
  for_each = local.codes

  device_id = local.doors[each.value.door]
  name      = each.value.name
}

# Each door opens for the codes of the staff, and for no others that Seam can list. The
# references make Terraform create the codes first.
resource "seam_device_access_codes_exclusive" "door" {
  for_each = local.doors

  device_id       = each.value
  access_code_ids = [for key, code in local.codes : seam_access_code.staff[key].id if code.door == each.key]
}
