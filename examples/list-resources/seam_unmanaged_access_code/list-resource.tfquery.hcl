# Codes that were put on any lock outside Seam.
list "seam_unmanaged_access_code" "all" {
  provider = seam
  limit    = 500
}
