// Package sandbox tests the provider against the real Seam, in a sandbox workspace with simulated
// locks: `make testacc-sandbox`. It says which of the inferences about Seam's API hold that this
// provider is built on, and cleans up after runs that were killed.
package sandbox
