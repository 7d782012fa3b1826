# Mock values in the right format, for `terraform test` without Seam. Copy this directory,
# and set it as source in a mock_provider block. OpenTofu does not support source: put
# these blocks into the mock_provider block itself, and omit the values that the
# configuration sets. To set values that a test depends on, use override_resource and
# override_data in its run block. Lists of objects are empty: Terraform does not accept
# mock values for them.

mock_resource "seam_access_code" {
  defaults = {
    id                               = "5f3c1a52-6a0b-4c89-9b3e-8d1f2a7c4e01"
    workspace_id                     = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    name                             = "Guest"
    code                             = "4821"
    type                             = "ongoing"
    created_at                       = "2026-01-02T15:04:05Z"
    is_offline_access_code           = false
    is_one_time_use                  = false
    is_external_modification_allowed = false
    force_adoption                   = false
    adopt_access_code_id             = null
  }
}

mock_resource "seam_unmanaged_access_code" {
  defaults = {
    id           = "a7e4b0d3-2c1f-4d58-9f60-6b8a1c3e5f03"
    workspace_id = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    device_id    = "7d1b4f6e-9c3a-4e25-8a47-2f5d6e8b9c04"
    name         = "Former tenant"
    code         = "7319"
    type         = "ongoing"
    created_at   = "2026-01-02T15:04:05Z"
    starts_at    = null
    ends_at      = null
  }
}

mock_resource "seam_device" {
  defaults = {
    id                              = "7d1b4f6e-9c3a-4e25-8a47-2f5d6e8b9c04"
    workspace_id                    = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    device_type                     = "yale_lock"
    name                            = "Front Door"
    is_managed                      = true
    backup_access_code_pool_enabled = false
  }
}

mock_resource "seam_device_access_codes_exclusive" {
  defaults = {
    id           = "7d1b4f6e-9c3a-4e25-8a47-2f5d6e8b9c04"
    workspace_id = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
  }
}

mock_resource "seam_webhook" {
  defaults = {
    id           = "e2c8f5a1-4b6d-4f39-8d7e-9a0b1c2d3e05"
    workspace_id = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    secret       = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
  }
}

mock_resource "seam_user_identity" {
  defaults = {
    id           = "4b0c7f1e-2d96-4a58-b3e1-9c5d8a7f6e21"
    workspace_id = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    display_name = "Ana Silva"
    created_at   = "2026-01-02T15:04:05Z"
  }
}

mock_resource "seam_access_grant" {
  defaults = {
    id                = "c1a7e3d9-8f42-4b6a-a5d0-7e9b2c4f6a08"
    workspace_id      = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    starts_at         = "2026-01-02T15:04:05Z"
    created_at        = "2026-01-02T15:04:05Z"
    access_method_ids = ["9d3e5b7a-6c14-4f82-b0a9-1e8d7c6b5a09"]
    access_codes      = []
  }
}

mock_resource "seam_space" {
  defaults = {
    id                = "6f2d9c4a-1b7e-4e83-9a5d-0c8b7f6e5d32"
    workspace_id      = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    unproven_door_ids = null
    created_at        = "2026-01-02T15:04:05Z"
  }
}

mock_resource "seam_space_device" {
  defaults = {
    id           = "6f2d9c4a-1b7e-4e83-9a5d-0c8b7f6e5d32/7d1b4f6e-9c3a-4e25-8a47-2f5d6e8b9c04"
    workspace_id = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
  }
}

mock_data "seam_device_access" {
  defaults = {
    pins = { "5f3c1a52-6a0b-4c89-9b3e-8d1f2a7c4e01" = "4821" }
  }
}

mock_data "seam_access_code" {
  defaults = {
    id                           = "5f3c1a52-6a0b-4c89-9b3e-8d1f2a7c4e01"
    device_id                    = "7d1b4f6e-9c3a-4e25-8a47-2f5d6e8b9c04"
    name                         = "Guest"
    code                         = "4821"
    type                         = "ongoing"
    status                       = "set"
    created_at                   = "2026-01-02T15:04:05Z"
    workspace_id                 = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    starts_at                    = null
    ends_at                      = null
    common_code_key              = null
    pulled_backup_access_code_id = null
  }
}

mock_data "seam_access_grant" {
  defaults = {
    id                       = "c1a7e3d9-8f42-4b6a-a5d0-7e9b2c4f6a08"
    workspace_id             = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    user_identity_id         = "4b0c7f1e-2d96-4a58-b3e1-9c5d8a7f6e21"
    access_grant_key         = "stay-1042"
    name                     = "Stay 1042"
    device_ids               = ["7d1b4f6e-9c3a-4e25-8a47-2f5d6e8b9c04"]
    acs_entrance_ids         = null
    space_ids                = null
    reservation_key          = null
    customization_profile_id = null
    starts_at                = "2026-01-02T15:04:05Z"
    ends_at                  = null
    created_at               = "2026-01-02T15:04:05Z"
    access_method_ids        = ["9d3e5b7a-6c14-4f82-b0a9-1e8d7c6b5a09"]
    access_codes             = []
    requested_access_methods = []
  }
}

mock_data "seam_access_methods" {
  defaults = {
    access_grant_id = "c1a7e3d9-8f42-4b6a-a5d0-7e9b2c4f6a08"
  }
}

mock_data "seam_device" {
  defaults = {
    id                              = "7d1b4f6e-9c3a-4e25-8a47-2f5d6e8b9c04"
    name                            = "Front Door"
    workspace_id                    = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    device_type                     = "yale_lock"
    is_managed                      = true
    created_at                      = "2026-01-02T15:04:05Z"
    time_zone                       = "Europe/Paris"
    online                          = true
    locked                          = true
    battery_level                   = 0.9
    battery_status                  = "full"
    supported_code_lengths          = [4, 5, 6]
    max_active_codes_supported      = 250
    manufacturer                    = "yale"
    connected_account_id            = "b8d0a6c2-5e3f-4a71-9c84-1d2e3f4a5b06"
    can_program_online_access_codes = true
    can_remotely_lock               = true
    can_remotely_unlock             = true
    capabilities_supported          = ["access_code", "lock"]
  }
}

mock_data "seam_workspace" {
  defaults = {
    id                   = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    name                 = "Sandbox"
    is_sandbox           = true
    is_suspended         = false
    connect_partner_name = null
  }
}

mock_data "seam_action_attempt" {
  defaults = {
    action_type   = "DELETE_ACCESS_CODE"
    status        = "success"
    error_type    = null
    error_message = null
    remedy        = null
  }
}

mock_data "seam_user_identity" {
  defaults = {
    id                = "4b0c7f1e-2d96-4a58-b3e1-9c5d8a7f6e21"
    workspace_id      = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    user_identity_key = "staff-ana"
    full_name         = "Ana Silva"
    email_address     = "ana@example.com"
    phone_number      = null
    display_name      = "Ana Silva"
    created_at        = "2026-01-02T15:04:05Z"
  }
}

mock_data "seam_space" {
  defaults = {
    id               = "6f2d9c4a-1b7e-4e83-9a5d-0c8b7f6e5d32"
    workspace_id     = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    name             = "Lobby"
    space_key        = "lobby"
    customer_key     = null
    customer_data    = null
    device_ids       = ["7d1b4f6e-9c3a-4e25-8a47-2f5d6e8b9c04"]
    acs_entrance_ids = []
    created_at       = "2026-01-02T15:04:05Z"
  }
}

mock_data "seam_webhook" {
  defaults = {
    workspace_id = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    url          = "https://access.example.com/seam"
    event_types  = ["access_code.deleted"]
    secret       = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
  }
}

mock_resource "seam_acs_user" {
  defaults = {
    id                 = "1f8e5d3c-7a2b-4c96-8e4f-5b0d9a6c7e31"
    workspace_id       = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    user_identity_id   = null
    is_suspended       = false
    deleted_externally = false
    created_at         = "2026-01-02T15:04:05Z"
  }
}

mock_resource "seam_acs_credential" {
  defaults = {
    id            = "2a9f6e4d-8b3c-4da7-9f50-6c1e0b7d8f42"
    workspace_id  = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    acs_system_id = "5d2c9b7a-1e6f-4fd0-8283-9f4a3e0b1275"
    code          = "4821"
    starts_at     = "2026-01-02T15:04:05Z"
    ends_at       = null
    created_at    = "2026-01-02T15:04:05Z"
  }
}

mock_resource "seam_acs_access_group_membership" {
  defaults = {
    id           = "3b0a7f5e-9c4d-4eb8-a061-7d2f1c8e9053/1f8e5d3c-7a2b-4c96-8e4f-5b0d9a6c7e31"
    workspace_id = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
  }
}

mock_resource "seam_user_identity_acs_user" {
  defaults = {
    id           = "8c4e2b6a-5f1d-4b97-a3e8-6d0f9c7b2a15/1f8e5d3c-7a2b-4c96-8e4f-5b0d9a6c7e31"
    workspace_id = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
  }
}

mock_data "seam_acs_user" {
  defaults = {
    workspace_id       = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    acs_system_id      = "5d2c9b7a-1e6f-4fd0-8283-9f4a3e0b1275"
    user_identity_id   = null
    full_name          = "Ana Silva"
    is_suspended       = false
    deleted_externally = false
    created_at         = "2026-01-02T15:04:05Z"
  }
}

mock_data "seam_acs_credential" {
  defaults = {
    workspace_id  = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    acs_user_id   = "1f8e5d3c-7a2b-4c96-8e4f-5b0d9a6c7e31"
    acs_system_id = "5d2c9b7a-1e6f-4fd0-8283-9f4a3e0b1275"
    access_method = "code"
    code          = "4821"
    starts_at     = "2026-01-02T15:04:05Z"
    ends_at       = null
    created_at    = "2026-01-02T15:04:05Z"
  }
}

mock_data "seam_acs_access_group_membership" {
  defaults = {
    workspace_id        = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    acs_access_group_id = "3b0a7f5e-9c4d-4eb8-a061-7d2f1c8e9053"
    acs_user_id         = "1f8e5d3c-7a2b-4c96-8e4f-5b0d9a6c7e31"
  }
}

mock_resource "seam_connect_webview" {
  defaults = {
    id                               = "8b1e4d7a-3c5f-4f96-a2d8-0e7b6c9a5f14"
    workspace_id                     = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    accepted_providers               = ["yale"]
    accepted_capabilities            = ["lock"]
    automatically_manage_new_devices = true
    wait_for_device_creation         = false
    url                              = "https://connect.getseam.com/connect_webviews/view?auth_token=W7X2"
    status                           = "authorized"
    connected_account_id             = "b8d0a6c2-5e3f-4a71-9c84-1d2e3f4a5b06"
    selected_provider                = "yale"
    authorized_at                    = "2026-01-02T15:04:05Z"
    created_at                       = "2026-01-02T15:04:05Z"
  }
}

mock_resource "seam_connected_account" {
  defaults = {
    id                               = "b8d0a6c2-5e3f-4a71-9c84-1d2e3f4a5b06"
    workspace_id                     = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    connected_account_id             = "b8d0a6c2-5e3f-4a71-9c84-1d2e3f4a5b06"
    display_name                     = "Yale Access"
    automatically_manage_new_devices = true
    accepted_capabilities            = ["lock"]
    customer_key                     = null
    account_type                     = "yale_access"
    created_at                       = "2026-01-02T15:04:05Z"
  }
}

mock_resource "seam_client_session" {
  defaults = {
    id               = "c4f7e2b9-6a1d-4d83-b5e0-2f9c8d7a6b25"
    workspace_id     = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    user_identity_id = null
    expires_at       = "2027-01-02T15:04:05Z"
    created_at       = "2026-01-02T15:04:05Z"
  }
}

mock_data "seam_connect_webview" {
  defaults = {
    workspace_id                     = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    accepted_providers               = ["yale"]
    accepted_capabilities            = ["lock"]
    automatically_manage_new_devices = true
    wait_for_device_creation         = false
    url                              = "https://connect.getseam.com/connect_webviews/view?auth_token=W7X2"
    status                           = "authorized"
    connected_account_id             = "b8d0a6c2-5e3f-4a71-9c84-1d2e3f4a5b06"
    selected_provider                = "yale"
    authorized_at                    = "2026-01-02T15:04:05Z"
    created_at                       = "2026-01-02T15:04:05Z"
    custom_metadata                  = null
    custom_redirect_url              = null
    custom_redirect_failure_url      = null
    customer_key                     = null
  }
}

mock_data "seam_connected_account" {
  defaults = {
    id                               = "b8d0a6c2-5e3f-4a71-9c84-1d2e3f4a5b06"
    email                            = "owner@example.com"
    display_name                     = "Yale Access"
    account_type                     = "yale_access"
    account_type_display_name        = "Yale Access"
    customer_key                     = null
    automatically_manage_new_devices = true
    accepted_capabilities            = ["lock"]
    custom_metadata                  = {}
    time_zone                        = "Europe/Paris"
    created_at                       = "2026-01-02T15:04:05Z"
  }
}

mock_data "seam_client_session" {
  defaults = {
    workspace_id          = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    user_identifier_key   = "ana"
    customer_key          = null
    user_identity_id      = null
    connected_account_ids = ["b8d0a6c2-5e3f-4a71-9c84-1d2e3f4a5b06"]
    connect_webview_ids   = null
    expires_at            = "2027-01-02T15:04:05Z"
    created_at            = "2026-01-02T15:04:05Z"
  }
}

mock_resource "seam_workspace" {
  defaults = {
    id                              = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    workspace_id                    = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    name                            = "Sandbox"
    connect_partner_name            = null
    organization_id                 = null
    is_publishable_key_auth_enabled = false
    is_sandbox                      = true
  }
}

mock_data "seam_user_identity_acs_user" {
  defaults = {
    workspace_id     = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
    user_identity_id = "8c4e2b6a-5f1d-4b97-a3e8-6d0f9c7b2a15"
    acs_user_id      = "1f8e5d3c-7a2b-4c96-8e4f-5b0d9a6c7e31"
  }
}
