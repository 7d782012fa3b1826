package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// sensitiveArguments are the arguments that hold a PIN or a credential, by themselves or in an object.
var sensitiveArguments = []string{"api_key", "code", "code_wo", "personal_access_token", "requested_access_methods"}

// detachSecretAttributes removes the attribute path from diagnostics about sensitive arguments.
// Terraform prints the source line of the attribute, including a secret written there.
func detachSecretAttributes(diags []*tfprotov6.Diagnostic) {
	for _, d := range diags {
		if d.Attribute == nil || len(d.Attribute.Steps()) == 0 {
			continue
		}
		name, ok := d.Attribute.Steps()[0].(tftypes.AttributeName)
		if ok && slices.Contains(sensitiveArguments, string(name)) {
			d.Attribute = nil
			d.Detail += fmt.Sprintf("\n\nThis is about the argument %s. Its line is not shown, because it may hold a secret.", name)
		}
	}
}

// redactingServer removes secrets from diagnostics.
type redactingServer struct{ protocolServer }

func (s *redactingServer) ValidateProviderConfig(ctx context.Context, req *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	resp, err := s.protocolServer.ValidateProviderConfig(ctx, req)
	if err == nil {
		detachSecretAttributes(resp.Diagnostics)
	}
	return resp, err
}

func (s *redactingServer) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	resp, err := s.protocolServer.ConfigureProvider(ctx, req)
	if err == nil {
		detachSecretAttributes(resp.Diagnostics)
	}
	return resp, err
}

func (s *redactingServer) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	resp, err := s.protocolServer.ValidateResourceConfig(ctx, req)
	if err == nil {
		detachSecretAttributes(resp.Diagnostics)
	}
	return resp, err
}

func (s *redactingServer) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	resp, err := s.protocolServer.ReadResource(ctx, req)
	if err == nil {
		detachSecretAttributes(resp.Diagnostics)
	}
	return resp, err
}

func (s *redactingServer) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	resp, err := s.protocolServer.PlanResourceChange(ctx, req)
	if err == nil {
		detachSecretAttributes(resp.Diagnostics)
	}
	return resp, err
}

func (s *redactingServer) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := s.protocolServer.ApplyResourceChange(ctx, req)
	if err == nil {
		detachSecretAttributes(resp.Diagnostics)
	}
	return resp, err
}

func (s *redactingServer) ValidateDataResourceConfig(ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	resp, err := s.protocolServer.ValidateDataResourceConfig(ctx, req)
	if err == nil {
		detachSecretAttributes(resp.Diagnostics)
	}
	return resp, err
}

func (s *redactingServer) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	resp, err := s.protocolServer.ReadDataSource(ctx, req)
	if err == nil {
		detachSecretAttributes(resp.Diagnostics)
	}
	return resp, err
}
