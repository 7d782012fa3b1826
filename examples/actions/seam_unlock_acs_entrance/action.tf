variable "acs_entrance_id" {
  description = "Entrance, from data.seam_acs_entrances."
  type        = string
}

variable "acs_credential_id" {
  description = "Credential that opens the entrance."
  type        = string
}

# terraform apply -invoke=action.seam_unlock_acs_entrance.lobby
action "seam_unlock_acs_entrance" "lobby" {
  config {
    acs_entrance_id   = var.acs_entrance_id
    acs_credential_id = var.acs_credential_id
    timeouts = {
      invoke = "30s"
    }
  }
}
