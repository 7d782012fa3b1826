package core

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// DataSourceModel is the Terraform model of a data source.
type DataSourceModel[M any] interface {
	*M
	Read(context.Context, *seam.Client) error
}

// NewDataSource returns the data source seam_<name> with the model M.
func NewDataSource[M any, P DataSourceModel[M]](name string, schema schema.Schema) datasource.DataSource {
	return datasource.DataSourceWithConfigure(&dataSource[M, P]{dataSourceBase{name: name, schema: schema}})
}

// dataSourceBase is shared by all data sources.
type dataSourceBase struct {
	name   string // as in the type name
	schema schema.Schema
	client *seam.Client
}

type dataSource[M any, P DataSourceModel[M]] struct{ dataSourceBase }

func (d *dataSourceBase) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.name
}

func (d *dataSourceBase) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = d.schema
}

func (d *dataSourceBase) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	d.client, _ = req.ProviderData.(*seam.Client)
}

func (d *dataSource[M, P]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m M
	if !Decode(ctx, &resp.Diagnostics, req.Config, &m) || !requireConfigured(d.client, &resp.Diagnostics) {
		return
	}
	if err := withReadTimeout(ctx, d.client, func(ctx context.Context) error { return P(&m).Read(ctx, d.client) }); err != nil {
		addErrors(&resp.Diagnostics, errorSummary("read", d.name), err, Advice(err, d.name), d.schema.Attributes)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}
