list "seam_client_session" "all" {
  provider         = seam
  include_resource = true
}
