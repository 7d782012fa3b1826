package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// view is a Terraform model that is filled from Seam, and keeps nothing.
type view[M any] interface {
	*M
	look(context.Context, *seam.Client) error
}

// data is the data source whose model is M.
type data[M any, P view[M]] struct {
	noun   string // as in the type name
	schema schema.Schema
	client *seam.Client
}

var _ datasource.DataSourceWithConfigure = (*data[accessCodeView, *accessCodeView])(nil)

func (d *data[M, P]) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.noun
}

func (d *data[M, P]) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = d.schema
}

func (d *data[M, P]) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	d.client, _ = req.ProviderData.(*seam.Client)
}

func (d *data[M, P]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m M
	if !decode(ctx, &resp.Diagnostics, req.Config, &m) || !configured(d.client, &resp.Diagnostics) {
		return
	}
	if err := asking(ctx, d.client, func(ctx context.Context) error { return P(&m).look(ctx, d.client) }); err != nil {
		report(&resp.Diagnostics, title("read", d.noun), err, d.schema.Attributes)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}
