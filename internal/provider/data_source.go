package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// dataSourceModel is a Terraform model that is filled from Seam, and keeps nothing.
type dataSourceModel[M any] interface {
	*M
	read(context.Context, *seam.Client) error
}

// dataSource is the data source whose model is M.
type dataSource[M any, P dataSourceModel[M]] struct {
	name   string // as in the type name
	schema schema.Schema
	client *seam.Client
}

var _ datasource.DataSourceWithConfigure = (*dataSource[accessCodeDataSourceModel, *accessCodeDataSourceModel])(nil)

func (d *dataSource[M, P]) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.name
}

func (d *dataSource[M, P]) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = d.schema
}

func (d *dataSource[M, P]) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	d.client, _ = req.ProviderData.(*seam.Client)
}

func (d *dataSource[M, P]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m M
	if !decode(ctx, &resp.Diagnostics, req.Config, &m) || !requireConfigured(d.client, &resp.Diagnostics) {
		return
	}
	if err := withReadTimeout(ctx, d.client, func(ctx context.Context) error { return P(&m).read(ctx, d.client) }); err != nil {
		addErrors(&resp.Diagnostics, errorSummary("read", d.name), err, advice(err, d.name), d.schema.Attributes)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}
