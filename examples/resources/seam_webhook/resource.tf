# Receives all events about removals. They are additional evidence that a PIN was removed:
# destroying a seam_access_code already waits for the proof.
resource "seam_webhook" "removals" {
  url = "https://access.example.com/seam"

  event_types = [
    "access_code.deleted",
    "access_code.removed_from_device",
    "access_code.failed_to_remove_from_device",
    "access_code.delay_in_removing_from_device",
  ]
}

# Needed to verify deliveries: see the guide "Verifying webhook deliveries".
output "webhook_secret" {
  value     = seam_webhook.removals.secret
  sensitive = true
}
