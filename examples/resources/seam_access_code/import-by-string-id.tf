import {
  to = seam_access_code.owner
  id = "0b2fd5f7-9f43-4b6a-8a2b-8a3c7f3c9a11"
}
