locals {
  done  = ["access_code.removed_from_device", "access_code.deleted"]
  doubt = ["access_code.failed_to_remove_from_device", "access_code.delay_in_removing_from_device"]
}

# What Seam's log says about removals of the last day.
data "seam_events" "removals" {
  since       = timeadd(plantimestamp(), "-24h")
  event_types = concat(local.done, local.doubt)
}

# Codes whose removal failed or is late, and that are not known to have left their lock.
output "doubtful_removals" {
  value = setsubtract(
    [for e in data.seam_events.removals.events : e.access_code_id if contains(local.doubt, e.event_type)],
    [for e in data.seam_events.removals.events : e.access_code_id if e.event_type == "access_code.removed_from_device"],
  )
}
