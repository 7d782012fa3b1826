terraform {
  required_version = ">= 1.5"
  required_providers {
    seam = {
      source  = "seamapi/seam"
      version = "~> 0.1"
    }
  }
}

# Credentials come from the environment: SEAM_API_KEY, or SEAM_PERSONAL_ACCESS_TOKEN
# together with SEAM_WORKSPACE_ID.
provider "seam" {
  removal_receipts = "removals.jsonl"
}
