# By Seam's id of the user identity. The id key:staff-ana, with your own key, works as well.
terraform import seam_user_identity.ana 4b0c7f1e-2d96-4a58-b3e1-9c5d8a7f6e21
