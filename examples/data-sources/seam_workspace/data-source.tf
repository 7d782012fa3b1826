data "seam_workspace" "this" {
  lifecycle {
    postcondition {
      condition     = self.is_sandbox
      error_message = "This configuration is for a sandbox workspace, but the credentials belong to ${self.name}."
    }
  }
}

output "workspace" {
  value = data.seam_workspace.this.name
}
