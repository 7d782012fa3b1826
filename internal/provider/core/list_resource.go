package core

import (
	"cmp"
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// ListItem is one object that a list found.
type ListItem[M any] struct {
	ID   string
	Name string   // for people; may be empty
	Fill func(*M) // fills the model of the resource, of which only the id is set
}

// NewListResource makes the list resource seam_<name> that finds objects of the managed type M
// by the filter F. It asks Seam for no more than Terraform takes.
func NewListResource[F, M any](name string, schema schema.Schema, find func(context.Context, *seam.Client, F) iter.Seq2[ListItem[M], error]) list.ListResource {
	return list.ListResourceWithConfigure(&listResource[F, M]{name: name, schema: schema, find: find})
}

type listResource[F, M any] struct {
	name   string // as in the type name of the managed type
	schema schema.Schema
	find   func(context.Context, *seam.Client, F) iter.Seq2[ListItem[M], error]
	client *seam.Client
}

func (l *listResource[F, M]) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + l.name
}

func (l *listResource[F, M]) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = l.schema
}

func (l *listResource[F, M]) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	l.client, _ = req.ProviderData.(*seam.Client)
}

func (l *listResource[F, M]) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	stream.Results = func(push func(list.ListResult) bool) {
		var filter F // empty if the query has none
		var failed list.ListResult
		if !req.Config.Raw.IsNull() && !Decode(ctx, &failed.Diagnostics, req.Config, &filter) || !requireConfigured(l.client, &failed.Diagnostics) {
			push(failed)
			return
		}
		fail := func(err error) {
			addErrors(&failed.Diagnostics, errorSummary("list", l.name+"s"), err, l.schema.Attributes)
			push(failed)
		}
		if err := l.client.CheckConfiguredWorkspace(ctx); err != nil {
			fail(err)
			return
		}
		var count int64
		for found, err := range l.find(ctx, l.client, filter) {
			if err != nil {
				fail(err)
				return
			}
			count++
			if !push(l.result(ctx, req, found)) || req.Limit > 0 && count >= req.Limit {
				return
			}
		}
	}
}

func (l *listResource[F, M]) result(ctx context.Context, req list.ListRequest, found ListItem[M]) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = cmp.Or(found.Name, found.ID)
	id := types.StringValue(found.ID)
	result.Diagnostics.Append(result.Identity.SetAttribute(ctx, path.Root("id"), id)...)
	if !req.IncludeResource {
		return result
	}
	// With its id set, the object is there, and what is null in it has its type.
	result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root("id"), id)...)
	var m M
	if Decode(ctx, &result.Diagnostics, result.Resource, &m) {
		found.Fill(&m)
		result.Diagnostics.Append(result.Resource.Set(ctx, &m)...)
	}
	return result
}

// MapItems turns what Seam lists into what a list shows.
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
