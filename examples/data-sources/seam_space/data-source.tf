# A space that is managed elsewhere, by your own key.
data "seam_space" "lobby" {
  space_key = "lobby"
}

output "lobby_device_ids" {
  value = data.seam_space.lobby.device_ids
}
