variable "device_id" {
  description = "Device id of the lock."
  type        = string
}

variable "unmanaged_access_code_id" {
  description = "Id of a code on that lock, from data.seam_unmanaged_access_codes."
  type        = string
}

# Keeps its id and its PIN, and is called as here from now on.
resource "seam_access_code" "gardener" {
  device_id            = var.device_id
  adopt_access_code_id = var.unmanaged_access_code_id
  name                 = "Gardener"
}
