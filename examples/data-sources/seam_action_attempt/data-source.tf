variable "action_attempt_id" {
  description = "Id of the action attempt, for example from an error message of this provider."
  type        = string
}

data "seam_action_attempt" "removal" {
  id = var.action_attempt_id
}

output "removal" {
  value = "${data.seam_action_attempt.removal.action_type} is ${data.seam_action_attempt.removal.status}"
}
