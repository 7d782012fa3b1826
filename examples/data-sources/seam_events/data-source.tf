locals {
  done  = ["access_code.removed_from_device", "access_code.deleted"]
  doubt = ["access_code.failed_to_remove_from_device", "access_code.delay_in_removing_from_device"]
}

# Events about removals in the last day.
data "seam_events" "removals" {
  since       = timeadd(plantimestamp(), "-24h")
  event_types = concat(local.done, local.doubt)
}

# Codes whose removal failed or is late, and that have no removed_from_device event.
output "doubtful_removals" {
  value = setsubtract(
    [for e in data.seam_events.removals.events : e.access_code_id if contains(local.doubt, e.event_type)],
    [for e in data.seam_events.removals.events : e.access_code_id if e.event_type == "access_code.removed_from_device"],
  )
}
