# `terraform test` runs this without Seam, credentials or locks.

mock_provider "seam" {
  source = "./mocks"
}

run "the_owner_gets_a_code" {
  assert {
    condition     = seam_access_code.owner.device_id == data.seam_device.front_door.id
    error_message = "The owner's code is on another lock."
  }

  assert {
    condition     = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", seam_access_code.owner.id)) && can(timeadd(seam_access_code.owner.created_at, "1h"))
    error_message = "The mocked values have the wrong format."
  }
}

run "not_while_the_lock_is_offline" {
  command = plan

  override_data {
    target = data.seam_device.front_door
    values = { online = false }
  }

  expect_failures = [seam_access_code.owner]
}
