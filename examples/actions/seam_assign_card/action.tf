variable "access_method_id" {
  description = "Access method with the mode card, from data.seam_access_methods."
  type        = string
}

variable "card_number" {
  description = "Number of the card."
  type        = string
  sensitive   = true
}

# terraform apply -invoke=action.seam_assign_card.guest
action "seam_assign_card" "guest" {
  config {
    access_method_id = var.access_method_id
    card_number      = var.card_number
  }
}
