list "seam_acs_user" "staff" {
  provider = seam

  config {
    search = "example.com"
  }
}
