# A member of staff, with a key of your own that never changes.
resource "seam_user_identity" "ana" {
  user_identity_key = "staff-ana"
  full_name         = "Ana Silva"
  email_address     = "ana@example.com"
}
