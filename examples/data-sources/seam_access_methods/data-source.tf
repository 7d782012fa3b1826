variable "access_grant_id" {
  description = "Id of the access grant."
  type        = string
}

data "seam_access_methods" "ana" {
  access_grant_id = var.access_grant_id
}

# Cards that somebody has to encode.
output "cards_to_encode" {
  value = [for m in data.seam_access_methods.ana.access_methods : m.id if m.is_encoding_required && m.is_ready_for_encoding]
}

# Errors with their remedies.
output "problems" {
  value = flatten([for m in data.seam_access_methods.ana.access_methods : [for e in m.errors : "${m.mode}: ${coalesce(e.remedy, e.message)}"]])
}
