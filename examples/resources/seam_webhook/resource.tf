# Everything that Seam says about removals. It is the second way to see that a PIN left its
# lock; the first is that destroying a seam_access_code returns.
resource "seam_webhook" "removals" {
  url = "https://access.example.com/seam"

  event_types = [
    "access_code.deleted",
    "access_code.removed_from_device",
    "access_code.failed_to_remove_from_device",
    "access_code.delay_in_removing_from_device",
  ]
}

# Needed to verify deliveries: see the guide.
output "webhook_secret" {
  value     = seam_webhook.removals.secret
  sensitive = true
}
