list "seam_connect_webview" "all" {
  provider         = seam
  include_resource = true
}
