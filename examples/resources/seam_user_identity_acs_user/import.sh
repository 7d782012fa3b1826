# The id of the user identity and that of the user, separated by a slash.
terraform import seam_user_identity_acs_user.ana 8c4e2b6a-5f1d-4b97-a3e8-6d0f9c7b2a15/1f8e5d3c-7a2b-4c96-8e4f-5b0d9a6c7e31
