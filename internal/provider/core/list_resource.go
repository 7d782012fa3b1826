package core

import (
	"cmp"
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// ListItem is one object in a list result.
type ListItem[M any] struct {
	ID   string
	Name string   // display name; may be empty
	Fill func(*M) // fills the resource model, which has only the ID set
}

// NewListResource returns the list resource seam_<name>, which finds objects with the model M by the
// filter F. It requests no more pages than Terraform needs.
func NewListResource[F, M any](name string, schema schema.Schema, find func(context.Context, *seam.Client, F) iter.Seq2[ListItem[M], error]) list.ListResource {
	return list.ListResourceWithConfigure(&listResource[M]{
		name: name, plural: name + "s", schema: schema, identity: identityByID,
		find: func(ctx context.Context, client *seam.Client, diags *diag.Diagnostics, config tfsdk.Config) iter.Seq2[ListItem[M], error] {
			var filter F // empty if the query has no config block
			if !config.Raw.IsNull() {
				Decode(ctx, diags, config, &filter)
			}
			return find(ctx, client, filter)
		},
	})
}

type listResource[M any] struct {
	name     string // as in the type name of the managed type
	plural   string
	schema   schema.Schema
	identity identity
	find     func(context.Context, *seam.Client, *diag.Diagnostics, tfsdk.Config) iter.Seq2[ListItem[M], error]
	client   *seam.Client
}

func (l *listResource[M]) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + l.name
}

func (l *listResource[M]) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = l.schema
}

func (l *listResource[M]) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	l.client, _ = req.ProviderData.(*seam.Client)
}

func (l *listResource[M]) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	stream.Results = func(push func(list.ListResult) bool) {
		var failed list.ListResult
		if !requireConfigured(l.client, &failed.Diagnostics) {
			push(failed)
			return
		}
		found := l.find(ctx, l.client, &failed.Diagnostics, req.Config)
		if failed.Diagnostics.HasError() {
			push(failed)
			return
		}
		fail := func(err error) {
			addErrors(&failed.Diagnostics, errorSummary("list", l.plural), err, Advice(err, l.name), l.schema.Attributes)
			push(failed)
		}
		if err := l.client.CheckConfiguredWorkspace(ctx); err != nil {
			fail(err)
			return
		}
		var count int64
		for item, err := range found {
			if err != nil {
				fail(err)
				return
			}
			count++
			if !push(l.result(ctx, req, item)) || req.Limit > 0 && count >= req.Limit {
				return
			}
		}
	}
}

// result converts an item to a list result, without sensitive attributes.
func (l *listResource[M]) result(ctx context.Context, req list.ListRequest, item ListItem[M]) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = cmp.Or(item.Name, item.ID)
	fillTarget(ctx, &result.Diagnostics, result.Resource, item.ID, item.Fill)
	for name, attribute := range req.ResourceSchema.GetAttributes() {
		if attribute.IsSensitive() {
			result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root(name), types.StringNull())...)
		}
	}
	l.identity.set(ctx, &result.Diagnostics, result.Identity, result.Resource)
	if !req.IncludeResource {
		result.Resource = nil
	}
	return result
}

// MapItems converts listed objects to list items.
func MapItems[T, M any](listed iter.Seq2[T, error], find func(T) ListItem[M]) iter.Seq2[ListItem[M], error] {
	return func(yield func(ListItem[M], error) bool) {
		for item, err := range listed {
			if err != nil {
				yield(ListItem[M]{}, err)
				return
			}
			if !yield(find(item), nil) {
				return
			}
		}
	}
}
