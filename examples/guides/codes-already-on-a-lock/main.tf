variable "device_id" {
  description = "Device id of the lock."
  type        = string
}

variable "unmanaged_access_code_id" {
  description = "Id of a code on that lock, from data.seam_unmanaged_access_codes."
  type        = string
}

# Adopts the code: it keeps its id and its PIN, and gets this name.
resource "seam_access_code" "gardener" {
  device_id            = var.device_id
  adopt_access_code_id = var.unmanaged_access_code_id
  name                 = "Gardener"
}
