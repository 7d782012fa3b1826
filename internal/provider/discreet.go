package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// secretArguments are those that hold a PIN or a credential.
var secretArguments = []string{"api_key", "code", "code_wo", "personal_access_token"}

// detach takes diagnostics off arguments that hold a secret, whoever attached them:
// Terraform prints the source line of the argument next to them, with the secret if it is
// written there.
func detach(diags []*tfprotov6.Diagnostic) {
	for _, d := range diags {
		if d.Attribute == nil || len(d.Attribute.Steps()) == 0 {
			continue
		}
		name, ok := d.Attribute.Steps()[0].(tftypes.AttributeName)
		if ok && slices.Contains(secretArguments, string(name)) {
			d.Attribute = nil
			d.Detail += fmt.Sprintf("\n\nThis is about the argument %s. Its line is not shown, because it may hold a secret.", name)
		}
	}
}

// discreet is a server whose diagnostics show no secret.
type discreet struct{ server }

func (s *discreet) ValidateProviderConfig(ctx context.Context, req *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	resp, err := s.server.ValidateProviderConfig(ctx, req)
	if err == nil {
		detach(resp.Diagnostics)
	}
	return resp, err
}

func (s *discreet) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	resp, err := s.server.ConfigureProvider(ctx, req)
	if err == nil {
		detach(resp.Diagnostics)
	}
	return resp, err
}

func (s *discreet) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	resp, err := s.server.ValidateResourceConfig(ctx, req)
	if err == nil {
		detach(resp.Diagnostics)
	}
	return resp, err
}

func (s *discreet) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	resp, err := s.server.ReadResource(ctx, req)
	if err == nil {
		detach(resp.Diagnostics)
	}
	return resp, err
}

func (s *discreet) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	resp, err := s.server.PlanResourceChange(ctx, req)
	if err == nil {
		detach(resp.Diagnostics)
	}
	return resp, err
}

func (s *discreet) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := s.server.ApplyResourceChange(ctx, req)
	if err == nil {
		detach(resp.Diagnostics)
	}
	return resp, err
}

func (s *discreet) ValidateDataResourceConfig(ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	resp, err := s.server.ValidateDataResourceConfig(ctx, req)
	if err == nil {
		detach(resp.Diagnostics)
	}
	return resp, err
}

func (s *discreet) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	resp, err := s.server.ReadDataSource(ctx, req)
	if err == nil {
		detach(resp.Diagnostics)
	}
	return resp, err
}
