variable "front_door" {
  description = "Device id of the front door's lock."
  type        = string
}

resource "seam_access_code" "cleaner" {
  device_id = var.front_door
  name      = "Cleaner"
}

# The front door opens for the cleaner's code, and for no other that Seam can list. Each plan
# shows the codes that are not listed here, and apply removes them. Destroying this resource
# removes nothing.
resource "seam_device_access_codes_exclusive" "front_door" {
  device_id       = var.front_door
  access_code_ids = [seam_access_code.cleaner.id]
}
