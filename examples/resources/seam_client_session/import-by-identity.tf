import {
  to = seam_client_session.ana
  identity = {
    id = "c4f7e2b9-6a1d-4d83-b5e0-2f9c8d7a6b25"
  }
}
