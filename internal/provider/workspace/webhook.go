package workspace

import (
	"context"
	"errors"
	"iter"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// webhook is the model of seam_webhook.
type webhook struct {
	ID          types.String   `tfsdk:"id"`
	WorkspaceID types.String   `tfsdk:"workspace_id"`
	URL         types.String   `tfsdk:"url"`
	EventTypes  types.Set      `tfsdk:"event_types"`
	Secret      types.String   `tfsdk:"secret"`
	Timeouts    timeouts.Value `tfsdk:"timeouts"`
}

// allEventTypes is how Seam spells all event types, also those to come.
const allEventTypes = "*"

// allEventTypesKey keeps in private state what Seam made of allEventTypes, if it spelled them out.
const allEventTypesKey = "everything"

func newWebhookResource() resource.Resource {
	return core.NewResource[webhook]("webhook", webhookSchema)
}

func webhookSchema(ctx context.Context) schema.Schema {
	kept := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	return schema.Schema{
		MarkdownDescription: "An address to which Seam sends events. See the guide on verifying deliveries: without that, anybody can post to it.",
		Attributes: map[string]schema.Attribute{
			"id":           core.ComputedStable("Seam's id of the webhook."),
			"workspace_id": core.ComputedStable("Workspace whose events it gets."),
			"url":          core.RequiredReplace("Address that gets the events. Another address means another webhook, with another secret."),
			"event_types": schema.SetAttribute{
				MarkdownDescription: "Events to send, such as `access_code.removed_from_device`; all if left out or `[\"*\"]`.",
				Optional:            true, ElementType: types.StringType,
				Validators: []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1))},
			},
			"secret":   schema.StringAttribute{MarkdownDescription: "Secret with which deliveries are signed. It is stored in the state.", Computed: true, Sensitive: true, PlanModifiers: kept},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{Create: true, Update: true, Delete: true}),
		},
	}
}

func (m *webhook) Create(ctx context.Context, op *core.Request[webhook]) error {
	made, err := seam.Webhooks.Create(ctx, op.Client, seam.WebhookInput{URL: m.URL.ValueString(), EventTypes: m.requestedEventTypes()})
	if err != nil {
		return err
	}
	m.ID = types.StringValue(made.ID)
	if m.Secret = core.StringOrNull(made.Secret); made.Secret == "" {
		op.AddWarning("Secret not known", "Seam shows the secret of a webhook when it is created, and that answer was lost. To get one, run apply with -replace for this resource.")
	}
	workspace, err := op.Client.Workspace(ctx)
	m.WorkspaceID = core.StringOrNull(workspace)
	m.storeAllEventTypes(ctx, op, made)
	return err
}

func (m *webhook) ref() seam.Ref {
	return seam.Ref{ID: m.ID.ValueString(), WorkspaceID: m.WorkspaceID.ValueString()}
}

// requestedEventTypes are the event types to ask for.
func (m *webhook) requestedEventTypes() []string {
	if m.EventTypes.IsNull() {
		return []string{allEventTypes}
	}
	var kinds []string
	for _, value := range m.EventTypes.Elements() {
		if kind, ok := value.(types.String); ok {
			kinds = append(kinds, kind.ValueString())
		}
	}
	slices.Sort(kinds)
	return kinds
}

func (m *webhook) requestsAllEventTypes() bool {
	return slices.Contains(m.requestedEventTypes(), allEventTypes)
}

// storeAllEventTypes keeps what Seam made of allEventTypes, to tell it from a change later.
func (m *webhook) storeAllEventTypes(ctx context.Context, op *core.Request[webhook], now seam.Webhook) {
	if m.requestsAllEventTypes() {
		op.SetPrivate(ctx, allEventTypesKey, now.EventTypes)
	} else {
		op.SetPrivate(ctx, allEventTypesKey, nil)
	}
}

func (m *webhook) Read(ctx context.Context, op *core.Request[webhook]) error {
	now, err := seam.Webhooks.Get(ctx, op.Client, m.ref())
	if gone, ok := errors.AsType[*seam.NotFoundError](err); ok && !m.URL.IsNull() {
		return core.RemovedOutside(gone)
	}
	if err != nil {
		return err
	}
	workspace, err := op.Client.Workspace(ctx)
	m.WorkspaceID = core.StringOrNull(workspace)
	m.fromAPI(now, core.GetPrivate[[]string](ctx, op, allEventTypesKey))
	return err
}

// fromAPI takes over what Seam says. All event types stay in the user's spelling, whether
// Seam spells them out or not; allThen are those it knew when it was asked for all.
func (m *webhook) fromAPI(now seam.Webhook, allThen []string) {
	m.URL = types.StringValue(now.URL)
	if now.Secret != "" {
		m.Secret = types.StringValue(now.Secret)
	}
	all := slices.Contains(now.EventTypes, allEventTypes) ||
		len(allThen) > 0 && !slices.ContainsFunc(allThen, func(kind string) bool { return !slices.Contains(now.EventTypes, kind) })
	if all && m.requestsAllEventTypes() {
		return
	}
	kinds := make([]attr.Value, len(now.EventTypes))
	for i, kind := range now.EventTypes {
		kinds[i] = types.StringValue(kind)
	}
	m.EventTypes = types.SetValueMust(types.StringType, kinds)
}

func (m *webhook) Update(ctx context.Context, op *core.Request[webhook]) error {
	if m.EventTypes.Equal(op.Prior.EventTypes) || m.requestsAllEventTypes() && op.Prior.requestsAllEventTypes() {
		return nil
	}
	now, err := seam.Webhooks.Update(ctx, op.Client, op.Prior.ref(), seam.WebhookInput{EventTypes: m.requestedEventTypes()})
	if err == nil {
		m.storeAllEventTypes(ctx, op, now)
	}
	return err
}

func (m *webhook) Delete(ctx context.Context, op *core.Request[webhook]) error {
	return op.WithTimeout(ctx, func(ctx context.Context, op *core.Request[webhook]) error {
		return seam.Webhooks.Delete(ctx, op.Client, m.ref())
	})
}

// webhookFilter is the model of the list resource.
type webhookFilter struct {
	URL types.String `tfsdk:"url"`
}

func newWebhookListResource() list.ListResource {
	return core.NewListResource("webhook", listschema.Schema{
		MarkdownDescription: "Finds the webhooks of the workspace. Secrets are left out of the results; after an import, the state holds them.",
		Attributes: map[string]listschema.Attribute{
			"url": listschema.StringAttribute{MarkdownDescription: "Address that gets the events, exact to the letter.", Optional: true},
		},
	}, listWebhooks)
}

func listWebhooks(ctx context.Context, client *seam.Client, f webhookFilter) iter.Seq2[core.ListItem[webhook], error] {
	return func(yield func(core.ListItem[webhook], error) bool) {
		for w, err := range seam.Webhooks.List(ctx, client, map[string]any{}) {
			if err == nil && !f.URL.IsNull() && f.URL.ValueString() != w.URL {
				continue
			}
			w.Secret = ""
			if !yield(core.ListItem[webhook]{ID: w.ID, Name: w.URL, Fill: func(m *webhook) { m.fromAPI(w, nil) }}, err) {
				return
			}
		}
	}
}
