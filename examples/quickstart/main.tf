# Three PINs on two locks. The provider reads SEAM_API_KEY from the environment.

terraform {
  required_version = ">= 1.5"
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
  sensitive   = true
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

# A PIN of your own. The state holds it, as a sensitive value; with Terraform 1.11 or OpenTofu 1.11,
# code_wo keeps it out of the state.
resource "seam_access_code" "cleaner" {
  device_id = var.back_door
  name      = "Cleaner"
  code      = var.cleaner_pin
}

output "owner_pin" {
  value     = seam_access_code.owner.code
  sensitive = true
}
