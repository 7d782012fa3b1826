package core

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/ephemeral/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// EphemeralModel is the Terraform model of an ephemeral resource.
type EphemeralModel[M any] interface {
	*M
	// Open returns the ID to pass to Close; empty if there is nothing to close.
	Open(context.Context, *seam.Client) (id string, err error)
	Close(ctx context.Context, client *seam.Client, id string) error
}

// NewEphemeralResource returns the ephemeral resource seam_<name> with the model M.
func NewEphemeralResource[M any, P EphemeralModel[M]](name string, schema schema.Schema) ephemeral.EphemeralResource {
	return completeEphemeralResource(&ephemeralResource[M, P]{name: name, schema: schema, timeout: readTimeout})
}

// NewWaitingEphemeralResource is NewEphemeralResource with the attribute timeouts, for a model whose
// Open waits. M has a field for it.
func NewWaitingEphemeralResource[M any, P EphemeralModel[M]](name string, schema schema.Schema, timeout time.Duration) ephemeral.EphemeralResource {
	schema.Attributes["timeouts"] = timeouts.AttributesWithOpts(context.Background(), timeouts.Opts{
		OpenDescription: fmt.Sprintf("How long to wait, such as `90s`; %v by default.", FormatMinutes(timeout)),
	})
	return completeEphemeralResource(&ephemeralResource[M, P]{name: name, schema: schema, timeout: timeout})
}

// completeEphemeralResource lists the framework interfaces that ephemeralResource implements.
type completeEphemeralResource interface {
	ephemeral.EphemeralResourceWithConfigure
	ephemeral.EphemeralResourceWithClose
}

type ephemeralResource[M any, P EphemeralModel[M]] struct {
	name    string // as in the type name
	schema  schema.Schema
	timeout time.Duration // of Open, if there is no attribute timeouts or it is not set
	client  *seam.Client
}

// closeIDKey is the private state key of the ID to close.
const closeIDKey = "open"

func (l *ephemeralResource[M, P]) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + l.name
}

func (l *ephemeralResource[M, P]) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = l.schema
}

func (l *ephemeralResource[M, P]) Configure(_ context.Context, req ephemeral.ConfigureRequest, _ *ephemeral.ConfigureResponse) {
	l.client, _ = req.ProviderData.(*seam.Client)
}

func (l *ephemeralResource[M, P]) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m M
	if !Decode(ctx, &resp.Diagnostics, req.Config, &m) || !requireConfigured(l.client, &resp.Diagnostics) {
		return
	}
	timeout := l.openTimeout(ctx, &resp.Diagnostics, req.Config)
	err := withCheckedWorkspace(ctx, l.client, timeout, func(ctx context.Context) error {
		id, err := P(&m).Open(ctx, l.client)
		if err == nil && id != "" {
			raw, _ := json.Marshal(id)
			resp.Diagnostics.Append(resp.Private.SetKey(ctx, closeIDKey, raw)...)
		}
		return err
	})
	if err != nil {
		addErrors(&resp.Diagnostics, errorSummary("open", l.name), err, Advice(err, l.name), l.schema.Attributes)
		return
	}
	resp.Diagnostics.Append(resp.Result.Set(ctx, &m)...)
}

func (l *ephemeralResource[M, P]) openTimeout(ctx context.Context, diags *diag.Diagnostics, config tfsdk.Config) time.Duration {
	if l.schema.Attributes["timeouts"] == nil {
		return l.timeout
	}
	var limits timeouts.Value
	DecodeAttribute(ctx, diags, config, "timeouts", &limits)
	timeout, d := limits.Open(ctx, l.timeout)
	diags.Append(d...)
	return timeout
}

func (l *ephemeralResource[M, P]) Close(ctx context.Context, req ephemeral.CloseRequest, resp *ephemeral.CloseResponse) {
	id := decodePrivate[string](ctx, req.Private, &resp.Diagnostics, closeIDKey)
	if id == "" || !requireConfigured(l.client, &resp.Diagnostics) {
		return
	}
	if err := WithTimeout(ctx, readTimeout, func(ctx context.Context) error { return P(new(M)).Close(ctx, l.client, id) }); err != nil {
		addErrors(&resp.Diagnostics, errorSummary("close", l.name), err, Advice(err, l.name), l.schema.Attributes)
	}
}
