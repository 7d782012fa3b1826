module github.com/seamapi/terraform-provider-seam/internal/tools/goreleaser

go 1.26.0
