variable "access_code_id" {
  description = "Id of the access code."
  type        = string
}

data "seam_access_code" "guest" {
  id = var.access_code_id
}

output "guest_status" {
  value = data.seam_access_code.guest.status
}

# Errors of the code, with their remedies.
output "guest_problems" {
  value = [for e in data.seam_access_code.guest.errors : "${e.error_code}: ${coalesce(e.remedy, e.message)}"]
}
