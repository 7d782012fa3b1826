# Another workspace, for a provider with a personal access token. It cannot be deleted.
resource "seam_workspace" "tests" {
  create = true

  name       = "Tests"
  is_sandbox = true
}

# What is in the new workspace needs a provider of its own.
provider "seam" {
  alias        = "tests"
  workspace_id = seam_workspace.tests.id
}

resource "seam_space" "tests" {
  provider = seam.tests
  name     = "Room 1"
}
