list "seam_webhook" "all" {
  provider = seam
}
