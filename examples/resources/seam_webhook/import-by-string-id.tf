import {
  to = seam_webhook.removals
  id = "9e1d5c7a-3b42-4f0e-8c6b-1a7f2d9b4c33"
}
