package provider

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// loan is a Terraform model that is filled from Seam for one run, and reaches neither
// plan nor state.
type loan[M any] interface {
	*M
	// open returns the id of what has to be closed; none if nothing has.
	open(context.Context, *seam.Client) (id string, err error)
	close(ctx context.Context, client *seam.Client, id string) error
}

// lent is the ephemeral resource whose model is M.
type lent[M any, P loan[M]] struct {
	noun   string // as in the type name
	schema schema.Schema
	client *seam.Client
}

var (
	_ ephemeral.EphemeralResourceWithConfigure = (*lent[accessCodeLoan, *accessCodeLoan])(nil)
	_ ephemeral.EphemeralResourceWithClose     = (*lent[accessCodeLoan, *accessCodeLoan])(nil)
)

// openKey is where private data keeps the id of what has to be closed.
const openKey = "open"

func (l *lent[M, P]) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + l.noun
}

func (l *lent[M, P]) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = l.schema
}

func (l *lent[M, P]) Configure(_ context.Context, req ephemeral.ConfigureRequest, _ *ephemeral.ConfigureResponse) {
	l.client, _ = req.ProviderData.(*seam.Client)
}

func (l *lent[M, P]) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m M
	if !decode(ctx, &resp.Diagnostics, req.Config, &m) || !configured(l.client, &resp.Diagnostics) {
		return
	}
	err := asking(ctx, l.client, func(ctx context.Context) error {
		id, err := P(&m).open(ctx, l.client)
		if err == nil && id != "" {
			raw, _ := json.Marshal(id)
			resp.Diagnostics.Append(resp.Private.SetKey(ctx, openKey, raw)...)
		}
		return err
	})
	if err != nil {
		report(&resp.Diagnostics, title("open", l.noun), err, l.schema.Attributes)
		return
	}
	resp.Diagnostics.Append(resp.Result.Set(ctx, &m)...)
}

func (l *lent[M, P]) Close(ctx context.Context, req ephemeral.CloseRequest, resp *ephemeral.CloseResponse) {
	id := recall[string](ctx, req.Private, &resp.Diagnostics, openKey)
	if id == "" || !configured(l.client, &resp.Diagnostics) {
		return
	}
	if err := within(ctx, readTimeout, func(ctx context.Context) error { return P(new(M)).close(ctx, l.client, id) }); err != nil {
		report(&resp.Diagnostics, title("close", l.noun), err, l.schema.Attributes)
	}
}
