list "seam_space" "lobby" {
  provider = seam

  config {
    search = "Lobby"
  }
}
