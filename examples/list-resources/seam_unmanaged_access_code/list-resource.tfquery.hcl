# What somebody put past Seam on any lock.
list "seam_unmanaged_access_code" "all" {
  provider = seam
  limit    = 500
}
