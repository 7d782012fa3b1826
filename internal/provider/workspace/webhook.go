package workspace

import (
	"context"
	"iter"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
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
	core.Managed
	URL        types.String `tfsdk:"url"`
	EventTypes types.Set    `tfsdk:"event_types"`
	Secret     types.String `tfsdk:"secret"`
}

// allEventTypes means all event types, including future ones.
const allEventTypes = "*"

// eventTypesKey is the private state key of the event types that Seam returned for the configured ones.
// Seam may expand allEventTypes to a list; this tells the expansion from a change.
const eventTypesKey = "everything"

var webhooks = core.DeclareModel(core.Noun[webhook, seam.Webhook, seam.WebhookInput]{
	Name:    "webhook",
	Plural:  "webhooks",
	Doc:     "A URL that Seam sends events to. Verify deliveries as the guide [Verifying webhook deliveries](../guides/verifying-webhooks.md) describes; otherwise anyone can send events to it.",
	ListDoc: "Finds the webhooks of the workspace. Results do not include secrets; after an import, the state holds them.",
	API:     webhookAPI{seam.Webhooks},
	Attributes: map[string]schema.Attribute{
		"workspace_id": core.ComputedStable("Workspace whose events are sent."),
		"url":          core.RequiredReplace("URL that receives the events. Changing this replaces the webhook, and its secret."),
		"event_types": schema.SetAttribute{
			MarkdownDescription: "Event types to send, such as `access_code.removed_from_device`; all by default, or with `[\"*\"]`.",
			Optional:            true, ElementType: types.StringType,
			Validators: []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1))},
		},
		"secret": schema.StringAttribute{
			MarkdownDescription: "Secret that signs the deliveries. It is stored in the state.",
			Computed:            true, Sensitive: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
	},
	Filters: map[string]string{"url": "Exact URL that receives the events."},
	FromAPI: func(m *webhook, w seam.Webhook) { m.fromAPI(w, nil) },
	Label:   func(w seam.Webhook) string { return w.URL },
})

// webhookAPI adds the url filter, which Seam's list request does not have.
type webhookAPI struct {
	seam.Endpoint[seam.Webhook, seam.WebhookInput]
}

func (a webhookAPI) List(ctx context.Context, client *seam.Client, filter map[string]any) iter.Seq2[seam.Webhook, error] {
	return func(yield func(seam.Webhook, error) bool) {
		for w, err := range a.Endpoint.List(ctx, client, map[string]any{}) {
			wanted := err != nil || filter["url"] == nil || filter["url"] == w.URL
			if wanted && !yield(w, err) {
				return
			}
		}
	}
}

func (m *webhook) Create(ctx context.Context, op *core.Request[webhook]) error {
	made, err := seam.Webhooks.Create(ctx, op.Client, seam.WebhookInput{URL: m.URL.ValueString(), EventTypes: m.requestedEventTypes()})
	if err != nil {
		return err
	}
	if m.Secret = core.StringOrNull(made.Secret); made.Secret == "" {
		op.AddWarning("Webhook secret unknown", "Seam returns the secret of a webhook only when it is created, and that response was lost. To get a secret, run apply with -replace for this resource.")
	}
	err = m.SetID(ctx, op.Client, made.ID)
	op.SetPrivate(ctx, eventTypesKey, made.EventTypes)
	return err
}

// requestedEventTypes are the configured event types.
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

func (m *webhook) Read(ctx context.Context, op *core.Request[webhook]) error {
	now, err := seam.Webhooks.Refresh(ctx, op.Client, m.Ref())
	if err != nil {
		return m.ReadError(err)
	}
	err = m.SetID(ctx, op.Client, now.ID)
	m.fromAPI(now, core.GetPrivate[[]string](ctx, op, eventTypesKey))
	return err
}

// fromAPI sets the model from a response. A configured allEventTypes stays, even if Seam expands it;
// allThen is what it expanded to before.
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
	now, err := seam.Webhooks.Update(ctx, op.Client, op.Prior.Ref(), seam.WebhookInput{EventTypes: m.requestedEventTypes()})
	if err == nil {
		op.SetPrivate(ctx, eventTypesKey, now.EventTypes)
	}
	return err
}

func (m *webhook) Delete(ctx context.Context, op *core.Request[webhook]) error {
	return core.WithTimeout(ctx, op.Timeout, func(ctx context.Context) error {
		return seam.Webhooks.Delete(ctx, op.Client, m.Ref())
	})
}
