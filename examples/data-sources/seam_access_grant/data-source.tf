variable "access_grant_id" {
  description = "Id of the access grant."
  type        = string
}

data "seam_access_grant" "ana" {
  id = var.access_grant_id
}

# Which locks the grant has put a PIN on.
output "lock_ids" {
  value = data.seam_access_grant.ana.access_codes[*].device_id
}
