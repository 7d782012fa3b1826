variable "phone_device_id" {
  description = "Device id of the lost phone; the Seam console shows it."
  type        = string
}

# Returns when Seam answers that the phone and its credentials are gone:
# terraform apply -invoke=action.seam_deactivate_phone.lost
action "seam_deactivate_phone" "lost" {
  config {
    device_id = var.phone_device_id
  }
}
