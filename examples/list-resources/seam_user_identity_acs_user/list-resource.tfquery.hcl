# Whose user of an access system is whose?
list "seam_user_identity_acs_user" "all" {
  provider = seam
}
