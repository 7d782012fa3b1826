variable "device_id" {
  description = "Device id of the lock."
  type        = string
}

variable "unmanaged_access_code_id" {
  description = "Id of the owner's code, which was put on the lock at the keypad."
  type        = string
}

data "seam_device_access" "door" {
  device_id = var.device_id
}

locals {
  access = data.seam_device_access.door.access
  strangers = [
    for a in local.access : a
    if a.kind == "unmanaged_access_code" && a.in_force && a.id != var.unmanaged_access_code_id
  ]
  columns = ["kind", "id", "name", "mode", "access_grant_id", "starts_at", "ends_at", "status", "in_force"]
}

# Warns while somebody else's code opens the door. A failed check does not fail the plan.
check "no_strangers" {
  assert {
    condition     = length(local.strangers) == 0
    error_message = "Unknown codes open the door: ${join(", ", local.strangers[*].id)}."
  }
}

# The list for an auditor: terraform output -raw who_can_open > who-can-open.csv
output "who_can_open" {
  value = join("\n", concat([join(",", local.columns)], [
    for a in local.access : join(",", [
      for column in local.columns : format("\"%s\"", replace(a[column] == null ? "" : tostring(a[column]), "\"", "\"\""))
    ])
  ]))
}

# The gentle form: without access_code_ids and access_grant_ids, all managed codes are
# allowed. Of the unmanaged codes, only the owner's is.
resource "seam_device_access_codes_exclusive" "door" {
  device_id                 = var.device_id
  unmanaged_access_code_ids = [var.unmanaged_access_code_id]
}
