list "seam_connected_account" "all" {
  provider         = seam
  include_resource = true
}
