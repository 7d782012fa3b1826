# With Terraform 1.11 or OpenTofu 1.11, a PIN can be kept out of the state and of plans.

variable "front_door" {
  description = "Device id of the lock, from the Seam console."
  type        = string
}

variable "cleaner_pin" {
  description = "PIN of the cleaner, 4 to 12 digits."
  type        = string
  ephemeral   = true
}

resource "seam_access_code" "cleaner" {
  device_id       = var.front_door
  name            = "Cleaner"
  code_wo         = var.cleaner_pin
  code_wo_version = 1 # increase it together with a new PIN
}
