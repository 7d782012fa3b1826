import {
  to = seam_user_identity.ana
  # Seam's id of the user identity; or key:staff-ana, with your own key.
  id = "4b0c7f1e-2d96-4a58-b3e1-9c5d8a7f6e21"
}
