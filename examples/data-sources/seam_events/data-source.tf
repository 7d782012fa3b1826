# What Seam's log says about removals of the last day.
data "seam_events" "removals" {
  since = timeadd(plantimestamp(), "-24h")
  event_types = [
    "access_code.deleted",
    "access_code.removed_from_device",
    "access_code.failed_to_remove_from_device",
  ]
}

output "failed_removals" {
  value = [for e in data.seam_events.removals.events : e.access_code_id if e.event_type == "access_code.failed_to_remove_from_device"]
}
