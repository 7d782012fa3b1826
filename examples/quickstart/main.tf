# Three PINs on two locks. The provider reads SEAM_API_KEY from the environment.

terraform {
  required_version = ">= 1.11"
  required_providers {
    seam = {
      source = "seamapi/seam"
    }
  }
}

provider "seam" {
  removal_receipts = "removals.jsonl"
}

variable "front_door" {
  description = "Device id of the front door's lock."
  type        = string
}

variable "back_door" {
  description = "Device id of the back door's lock."
  type        = string
}

variable "cleaner_pin" {
  description = "PIN of the cleaner, 4 to 12 digits."
  type        = string
  ephemeral   = true
}

variable "stay" {
  description = "Start and end of the guest's stay, in RFC 3339 format."
  type        = object({ starts_at = string, ends_at = string })
}

# An ongoing code. Seam chooses the PIN; `terraform output -raw owner_pin` shows it.
resource "seam_access_code" "owner" {
  device_id = var.front_door
  name      = "Owner"
}

# For one stay only. The PIN expires at ends_at; destroy removes it earlier.
resource "seam_access_code" "guest" {
  device_id = var.front_door
  name      = "Guest"
  starts_at = var.stay.starts_at
  ends_at   = var.stay.ends_at
}

# The PIN is write-only: it is sent to the lock, but stored neither in the state nor in a plan file.
resource "seam_access_code" "cleaner" {
  device_id       = var.back_door
  name            = "Cleaner"
  code_wo         = var.cleaner_pin
  code_wo_version = 1 # increase it together with a new PIN
}

output "owner_pin" {
  value     = seam_access_code.owner.code
  sensitive = true
}
