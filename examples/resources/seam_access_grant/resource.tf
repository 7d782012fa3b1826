variable "front_door" {
  description = "Device id of the front door."
  type        = string
}

variable "back_door" {
  description = "Device id of the back door."
  type        = string
}

variable "stay" {
  description = "Start and end of the stay, in RFC 3339 format."
  type        = object({ starts_at = string, ends_at = string })
}

resource "seam_user_identity" "guest" {
  user_identity_key = "stay-1042"
  full_name         = "Stay 1042"
}

# One PIN on two locks. Seam chooses it, and it is not stored in the state.
resource "seam_access_grant" "stay" {
  user_identity_id = seam_user_identity.guest.id
  access_grant_key = "stay-1042"
  name             = "Stay 1042"
  device_ids       = [var.front_door, var.back_door]
  starts_at        = var.stay.starts_at
  ends_at          = var.stay.ends_at

  requested_access_methods = [{ mode = "code" }]
}
