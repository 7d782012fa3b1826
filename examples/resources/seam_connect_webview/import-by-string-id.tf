import {
  to = seam_connect_webview.canal_street
  id = "8b1e4d7a-3c5f-4f96-a2d8-0e7b6c9a5f14"
}
