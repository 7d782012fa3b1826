list "seam_user_identity" "staff" {
  provider = seam

  config {
    search = "example.com"
  }
}
