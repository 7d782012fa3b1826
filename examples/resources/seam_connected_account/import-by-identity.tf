import {
  to = seam_connected_account.canal_street
  identity = {
    id = "b8d0a6c2-5e3f-4a71-9c84-1d2e3f4a5b06"
  }
}
