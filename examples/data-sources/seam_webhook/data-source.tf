variable "webhook_id" {
  type = string
}

# The secret of a webhook that is managed elsewhere, to verify its deliveries.
data "seam_webhook" "events" {
  id = var.webhook_id
}

output "webhook_secret" {
  value     = data.seam_webhook.events.secret
  sensitive = true
}
