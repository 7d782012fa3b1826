package core

import (
	"context"
	"iter"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// ListDataSource declares the data source seam_<Plural>, which lists objects. T is the response
// object, R the model of an entry.
type ListDataSource[T seam.Object, R any] struct {
	Plural    string // as in the type name; also the attribute that holds the list
	Doc       string
	ListDoc   string // description of the list
	List      func(ctx context.Context, client *seam.Client, filter map[string]any) iter.Seq2[T, error]
	Arguments map[string]ListArgument[T]
	Entry     map[string]schema.Attribute
	FromAPI   func(object T) R
}

// ListArgument is an optional argument that every listed object matches exactly. It is sent to
// Seam, and the result is checked: servers may ignore a filter.
type ListArgument[T any] struct {
	Doc    string
	Values func(object T) []string // values of the object that the argument is compared with
	Local  bool                    // Seam's list has no such parameter
}

// NewListDataSource returns the data source that d declares.
func NewListDataSource[T seam.Object, R any](d ListDataSource[T, R]) datasource.DataSource {
	attributes := map[string]schema.Attribute{d.Plural: ComputedObjectList(d.ListDoc, d.Entry)}
	for name, argument := range d.Arguments {
		attributes[name] = FilterString(argument.Doc)
	}
	base := dataSourceBase{name: d.Plural, schema: schema.Schema{MarkdownDescription: d.Doc, Attributes: attributes}}
	return datasource.DataSourceWithConfigure(&listDataSource[T, R]{base, d})
}

type listDataSource[T seam.Object, R any] struct {
	dataSourceBase
	spec ListDataSource[T, R]
}

func (d *listDataSource[T, R]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	wanted, sent := map[string]string{}, map[string]any{}
	for name, argument := range d.spec.Arguments {
		var value types.String
		if !DecodeAttribute(ctx, &resp.Diagnostics, req.Config, name, &value) || value.IsNull() {
			continue
		}
		wanted[name] = value.ValueString()
		if !argument.Local {
			sent[name] = value.ValueString()
		}
	}
	if resp.Diagnostics.HasError() || !requireConfigured(d.client, &resp.Diagnostics) {
		return
	}
	entries := []R{}
	err := withReadTimeout(ctx, d.client, func(ctx context.Context) error {
		for object, err := range d.spec.List(ctx, d.client, sent) {
			if err != nil {
				return err
			}
			if d.spec.matches(object, wanted) {
				entries = append(entries, d.spec.FromAPI(object))
			}
		}
		return nil
	})
	if err != nil {
		addErrors(&resp.Diagnostics, errorSummary("read", d.name), err, Advice(err, d.name), d.schema.Attributes)
		return
	}
	resp.State.Raw = req.Config.Raw
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(d.name), entries)...)
}

func (d ListDataSource[T, R]) matches(object T, wanted map[string]string) bool {
	for name, value := range wanted {
		if !slices.Contains(d.Arguments[name].Values(object), value) {
			return false
		}
	}
	return true
}
