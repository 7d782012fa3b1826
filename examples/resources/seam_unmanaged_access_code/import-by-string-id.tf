import {
  to = seam_unmanaged_access_code.former_tenant
  id = "3a9d2c5b-71e6-4b8f-9f04-5c6e8a1b7d22"
}
