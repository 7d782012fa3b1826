data "seam_acs_systems" "office" {
  name = "Office"
}

data "seam_acs_entrances" "office" {
  acs_system_id = one(data.seam_acs_systems.office.acs_systems).id
}

# For acs_entrance_ids of an access grant with cards.
output "entrances_with_cards" {
  value = [for e in data.seam_acs_entrances.office.acs_entrances : e.id if e.can_unlock_with_card == true]
}

# Entrances where nothing proves that an issued card is revoked.
output "unprovable" {
  value = [for e in data.seam_acs_entrances.office.acs_entrances : e.display_name if !e.is_revocation_provable]
}
