variable "device_id" {
  description = "Device id of the lock."
  type        = string
}

variable "stay" {
  description = "Start and end of the guest's stay, in RFC 3339 format."
  type        = object({ starts_at = string, ends_at = string })
}

resource "seam_access_code" "guest" {
  device_id                   = var.device_id
  name                        = "Guest"
  starts_at                   = var.stay.starts_at
  ends_at                     = var.stay.ends_at
  use_backup_access_code_pool = true
}

# For a guest whose code does not work:
# terraform apply -invoke=action.seam_pull_backup_access_code.guest
action "seam_pull_backup_access_code" "guest" {
  config {
    access_code_id = seam_access_code.guest.id
  }
}
