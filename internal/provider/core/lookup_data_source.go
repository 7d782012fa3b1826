package core

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// LookupDataSource declares the data source seam_<Name>, which shows the object with an ID, or with a
// value of another attribute. T is the response object, R the model.
type LookupDataSource[T, R any] struct {
	Name, Doc  string
	By, ByDoc  string // the other attribute
	Attributes map[string]schema.Attribute
	Get, GetBy func(client *seam.Client, ctx context.Context, value string) (T, error) //nolint:revive // methods of the client
	FromAPI    func(object T) R
}

// NewLookupDataSource returns the data source that d declares.
func NewLookupDataSource[T, R any](d LookupDataSource[T, R]) datasource.DataSource {
	d.Attributes["id"], d.Attributes[d.By] = lookupAttributes(strings.ReplaceAll(d.Name, "_", " "), d.By, d.ByDoc)
	base := dataSourceBase{name: d.Name, schema: schema.Schema{MarkdownDescription: d.Doc, Attributes: d.Attributes}}
	return datasource.DataSourceWithConfigure(&lookupDataSource[T, R]{base, d})
}

// lookupAttributes are two attributes of which one is required.
func lookupAttributes(label, by, byDoc string) (id, other schema.StringAttribute) {
	return schema.StringAttribute{
			MarkdownDescription: fmt.Sprintf("ID of the %s. Either this or `%s`.", label, by), Optional: true, Computed: true,
			Validators: []validator.String{stringvalidator.LengthAtLeast(1), stringvalidator.ExactlyOneOf(path.MatchRoot(by))},
		}, schema.StringAttribute{
			MarkdownDescription: byDoc, Optional: true, Computed: true, Validators: NonEmpty,
		}
}

type lookupDataSource[T, R any] struct {
	dataSourceBase
	spec LookupDataSource[T, R]
}

func (d *lookupDataSource[T, R]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var id, by types.String
	if !DecodeAttribute(ctx, &resp.Diagnostics, req.Config, "id", &id) || !DecodeAttribute(ctx, &resp.Diagnostics, req.Config, d.spec.By, &by) || !requireConfigured(d.client, &resp.Diagnostics) {
		return
	}
	find, value := d.spec.Get, id
	if id.IsNull() {
		find, value = d.spec.GetBy, by
	}
	err := withReadTimeout(ctx, d.client, func(ctx context.Context) error {
		object, err := find(d.client, ctx, value.ValueString())
		if err == nil {
			resp.Diagnostics.Append(resp.State.Set(ctx, d.spec.FromAPI(object))...)
		}
		return err
	})
	if err != nil {
		addErrors(&resp.Diagnostics, errorSummary("read", d.name), err, Advice(err, d.name), d.schema.Attributes)
		return
	}
	if !by.IsNull() { // Terraform rejects another spelling than the configured one
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(d.spec.By), by)...)
	}
}
