import {
  to = seam_workspace.hotel
  id = "0c9d2e41-7b5f-4f7a-8e22-3a6b5c4d7e02"
}
