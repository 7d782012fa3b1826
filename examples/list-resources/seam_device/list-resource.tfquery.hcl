list "seam_device" "locks" {
  provider         = seam
  include_resource = true

  config {
    manufacturer = "yale"
  }
}
