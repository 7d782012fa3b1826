package core

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// nounDataSource is the data source of a [Noun].
type nounDataSource[M any, P managedModel[M], T seam.Object, In any] struct {
	dataSourceBase
	noun *noun[M, P, T, In]
}

func (n *noun[M, P, T, In]) dataSource() datasource.DataSource {
	attributes := map[string]dataschema.Attribute{}
	for name, attribute := range n.schema(context.Background()).Attributes {
		if name != "timeouts" && !slices.Contains(n.ResourceOnly, name) {
			attributes[name] = computedCopy(attribute)
		}
	}
	id := "ID of the " + n.label() + "."
	if own, ok := n.Attributes["id"]; ok {
		id = own.GetMarkdownDescription()
	}
	attributes["id"] = dataschema.StringAttribute{MarkdownDescription: id, Required: true, Validators: NonEmpty}
	if key := n.key(); key != "" {
		attributes["id"], attributes[key] = lookupAttributes(n.label(), key, shownDescription(n.Attributes[key]))
	}
	base := dataSourceBase{name: n.Name, schema: dataschema.Schema{MarkdownDescription: n.Doc, Attributes: attributes}}
	return datasource.DataSourceWithConfigure(&nounDataSource[M, P, T, In]{base, n})
}

// computedCopy converts a resource attribute to a computed data source attribute.
func computedCopy(of schema.Attribute) dataschema.Attribute {
	doc := shownDescription(of)
	switch a := of.(type) {
	case schema.BoolAttribute:
		return dataschema.BoolAttribute{MarkdownDescription: doc, Computed: true, Sensitive: a.Sensitive}
	case schema.Int64Attribute:
		return dataschema.Int64Attribute{MarkdownDescription: doc, Computed: true, Sensitive: a.Sensitive}
	case schema.StringAttribute:
		return dataschema.StringAttribute{MarkdownDescription: doc, Computed: true, Sensitive: a.Sensitive}
	case schema.ListAttribute:
		return dataschema.ListAttribute{MarkdownDescription: doc, Computed: true, Sensitive: a.Sensitive, ElementType: a.ElementType}
	case schema.MapAttribute:
		return dataschema.MapAttribute{MarkdownDescription: doc, Computed: true, Sensitive: a.Sensitive, ElementType: a.ElementType}
	case schema.ListNestedAttribute:
		return dataschema.ListNestedAttribute{MarkdownDescription: doc, Computed: true, NestedObject: dataschema.NestedAttributeObject{Attributes: computedCopies(a.NestedObject.Attributes)}}
	case schema.SingleNestedAttribute:
		return dataschema.SingleNestedAttribute{MarkdownDescription: doc, Computed: true, Attributes: computedCopies(a.Attributes)}
	case schema.SetAttribute:
		return dataschema.SetAttribute{MarkdownDescription: doc, Computed: true, Sensitive: a.Sensitive, ElementType: a.ElementType}
	}
	panic(fmt.Sprintf("data sources do not support %T", of))
}

// shownDescription is the first sentence of a description: what follows is about changing the attribute.
func shownDescription(of schema.Attribute) string {
	first, _, more := strings.Cut(of.GetMarkdownDescription(), ". ")
	if more {
		first += "."
	}
	if of.IsSensitive() {
		first += " It is stored in the state."
	}
	return first
}

func (d *nounDataSource[M, P, T, In]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	if !requireConfigured(d.client, &resp.Diagnostics) {
		return
	}
	err := withReadTimeout(ctx, d.client, func(ctx context.Context) error {
		workspace, err := d.client.Workspace(ctx)
		if err != nil {
			return err
		}
		object, err := d.find(ctx, &resp.Diagnostics, req.Config)
		if err != nil {
			return err
		}
		shown := tfsdk.State{Schema: d.noun.schema(ctx)}
		shown.Raw = tftypes.NewValue(shown.Schema.Type().TerraformType(ctx), nil)
		fillTarget(ctx, &resp.Diagnostics, &shown, object.ObjectID(), func(m *M) { d.noun.fromAPI(m, workspace, object) })
		resp.State.Raw = sameAttributes(ctx, shown.Raw, resp.State.Schema.Type())
		return nil
	})
	if err != nil {
		addErrors(&resp.Diagnostics, errorSummary("read", d.name), err, Advice(err, d.name), d.schema.Attributes)
	}
}

// find reads the object by the configured ID or key.
func (d *nounDataSource[M, P, T, In]) find(ctx context.Context, diags *diag.Diagnostics, config tfsdk.Config) (T, error) {
	var id, key types.String
	DecodeAttribute(ctx, diags, config, "id", &id)
	if id.IsNull() {
		DecodeAttribute(ctx, diags, config, d.noun.key(), &key)
		return d.noun.API.GetBy(ctx, d.client, d.noun.key(), key.ValueString())
	}
	return d.noun.API.Get(ctx, d.client, seam.Ref{ID: id.ValueString()})
}

func computedCopies(of map[string]schema.Attribute) map[string]dataschema.Attribute {
	copies := map[string]dataschema.Attribute{}
	for name, attribute := range of {
		copies[name] = computedCopy(attribute)
	}
	return copies
}

// target is the state of a resource, or the resource in a list result.
type target interface {
	Get(context.Context, any) diag.Diagnostics
	Set(context.Context, any) diag.Diagnostics
	SetAttribute(context.Context, path.Path, any) diag.Diagnostics
}

// fillTarget fills an empty target. Setting the ID first creates the object, with typed nulls.
func fillTarget[M any](ctx context.Context, diags *diag.Diagnostics, into target, id string, fill func(*M)) {
	diags.Append(into.SetAttribute(ctx, path.Root("id"), id)...)
	var m M
	if Decode(ctx, diags, into, &m) {
		fill(&m)
		diags.Append(into.Set(ctx, &m)...)
	}
}

// sameAttributes keeps the attributes of an object that the wanted type has too.
func sameAttributes(ctx context.Context, of tftypes.Value, wanted attr.Type) tftypes.Value {
	var all map[string]tftypes.Value
	object, _ := wanted.TerraformType(ctx).(tftypes.Object)
	if of.As(&all) != nil {
		return tftypes.NewValue(object, nil)
	}
	values := map[string]tftypes.Value{}
	for name := range object.AttributeTypes {
		values[name] = all[name]
	}
	return tftypes.NewValue(object, values)
}

func (n *noun[M, P, T, In]) listResource() list.ListResource {
	attributes := map[string]listschema.Attribute{}
	for name, description := range n.Filters {
		attributes[name] = ListFilter(description)
	}
	return list.ListResourceWithConfigure(&listResource[M]{
		name: n.Name, plural: n.Plural, identity: n.identity(), find: n.list,
		schema: listschema.Schema{MarkdownDescription: n.ListDoc, Attributes: attributes},
	})
}

// ListFilter is a filter argument of a list resource.
func ListFilter(description string) listschema.StringAttribute {
	return listschema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: NonEmpty}
}

func (n *noun[M, P, T, In]) list(ctx context.Context, client *seam.Client, diags *diag.Diagnostics, config tfsdk.Config) iter.Seq2[ListItem[M], error] {
	filter := map[string]any{}
	for name := range n.Filters {
		var value types.String
		if !config.Raw.IsNull() && DecodeAttribute(ctx, diags, config, name, &value) && !value.IsNull() {
			filter[name] = value.ValueString()
		}
	}
	return func(yield func(ListItem[M], error) bool) {
		workspace, err := client.Workspace(ctx)
		if err != nil {
			yield(ListItem[M]{}, err)
			return
		}
		MapItems(n.API.List(ctx, client, filter), func(object T) ListItem[M] {
			return ListItem[M]{ID: object.ObjectID(), Name: n.Label(object), Fill: func(m *M) { n.fromAPI(m, workspace, object) }}
		})(yield)
	}
}
