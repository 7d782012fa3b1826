import {
  to = seam_acs_credential.ana_pin
  # By Seam's id of the credential.
  id = "2a9f6e4d-8b3c-4da7-9f50-6c1e0b7d8f42"
}
