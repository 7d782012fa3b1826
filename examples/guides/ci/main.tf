terraform {
  required_providers {
    seam = {
      source = "seamapi/seam"
    }
  }
}

# Credentials come from the environment of the job.
provider "seam" {
  removal_receipts = var.receipts
}

variable "receipts" {
  description = "Directory for the receipts of this run."
  type        = string
  default     = "receipts/"
}

variable "device_id" {
  description = "Device id of the lock."
  type        = string
}

resource "seam_access_code" "cleaner" {
  device_id = var.device_id
  name      = "Cleaner"
}
