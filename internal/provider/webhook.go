package provider

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

// everything is how Seam spells all event types, also those to come.
const everything = "*"

// everythingKey keeps in private state what Seam made of everything, if it spelled it out.
const everythingKey = "everything"

func newWebhook() resource.Resource {
	return &managed[webhook, *webhook]{noun: "webhook", schema: webhookSchema}
}

func webhookSchema(ctx context.Context) schema.Schema {
	kept := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	return schema.Schema{
		MarkdownDescription: "An address to which Seam sends events. See the guide on verifying deliveries: without that, anybody can post to it.",
		Attributes: map[string]schema.Attribute{
			"id":           lasting("Seam's id of the webhook."),
			"workspace_id": lasting("Workspace whose events it gets."),
			"url":          decisive("Address that gets the events. Another address means another webhook, with another secret."),
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

func (m *webhook) id() types.String        { return m.ID }
func (m *webhook) timeout() timeouts.Value { return m.Timeouts }

func (m *webhook) plan(context.Context, *planning[webhook]) {}

func (m *webhook) create(ctx context.Context, op *operation[webhook]) error {
	made, err := op.seam.CreateWebhook(ctx, m.URL.ValueString(), m.wanted())
	if err != nil {
		return err
	}
	m.ID = types.StringValue(made.ID)
	m.Secret = textOrNull(made.Secret)
	workspace, err := op.seam.Workspace(ctx)
	m.WorkspaceID = textOrNull(workspace)
	m.remember(ctx, op, made)
	return err
}

// wanted are the event types to ask for.
func (m *webhook) wanted() []string {
	if m.EventTypes.IsNull() {
		return []string{everything}
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

func (m *webhook) wantsEverything() bool { return slices.Contains(m.wanted(), everything) }

// remember keeps what Seam made of everything, to tell it from a change later.
func (m *webhook) remember(ctx context.Context, op *operation[webhook], now seam.Webhook) {
	if m.wantsEverything() {
		op.keep(ctx, everythingKey, now.EventTypes)
	} else {
		op.keep(ctx, everythingKey, nil)
	}
}

func (m *webhook) read(ctx context.Context, op *operation[webhook]) error {
	now, err := op.seam.GetWebhook(ctx, m.ID.ValueString(), m.WorkspaceID.ValueString())
	if gone, ok := errors.AsType[*seam.WebhookNotFoundError](err); ok && !m.URL.IsNull() {
		return removedOutside{gone}
	}
	if err != nil {
		return err
	}
	workspace, err := op.seam.Workspace(ctx)
	m.WorkspaceID = textOrNull(workspace)
	m.show(now, recall[[]string](ctx, op.private, op.diags, everythingKey))
	return err
}

// show takes over what Seam says. All event types stay in the user's spelling, whether
// Seam spells them out or not; allThen are those it knew when it was asked for all.
func (m *webhook) show(now seam.Webhook, allThen []string) {
	m.URL = types.StringValue(now.URL)
	if now.Secret != "" {
		m.Secret = types.StringValue(now.Secret)
	}
	all := slices.Contains(now.EventTypes, everything) ||
		len(allThen) > 0 && !slices.ContainsFunc(allThen, func(kind string) bool { return !slices.Contains(now.EventTypes, kind) })
	if all && m.wantsEverything() {
		return
	}
	kinds := make([]attr.Value, len(now.EventTypes))
	for i, kind := range now.EventTypes {
		kinds[i] = types.StringValue(kind)
	}
	m.EventTypes = types.SetValueMust(types.StringType, kinds)
}

func (m *webhook) update(ctx context.Context, op *operation[webhook]) error {
	if m.EventTypes.Equal(op.prior.EventTypes) || m.wantsEverything() && op.prior.wantsEverything() {
		return nil
	}
	now, err := op.seam.SubscribeWebhook(ctx, m.ID.ValueString(), op.prior.WorkspaceID.ValueString(), m.wanted())
	if err == nil {
		m.remember(ctx, op, now)
	}
	return err
}

func (m *webhook) delete(ctx context.Context, op *operation[webhook]) error {
	return op.within(ctx, func(ctx context.Context, op *operation[webhook]) error {
		return op.seam.DeleteWebhook(ctx, m.ID.ValueString(), m.WorkspaceID.ValueString())
	})
}

// webhookFilter is the model of the list resource.
type webhookFilter struct {
	URL types.String `tfsdk:"url"`
}

func newWebhookList() list.ListResource {
	return &listing[webhookFilter, webhook]{noun: "webhook", find: findWebhooks, schema: listschema.Schema{
		MarkdownDescription: "Finds the webhooks of the workspace. Secrets are left out of the results; after an import, the state holds them.",
		Attributes: map[string]listschema.Attribute{
			"url": listschema.StringAttribute{MarkdownDescription: "Address that gets the events, exact to the letter.", Optional: true},
		},
	}}
}

func findWebhooks(ctx context.Context, client *seam.Client, f webhookFilter) iter.Seq2[finding[webhook], error] {
	return func(yield func(finding[webhook], error) bool) {
		webhooks, err := client.Webhooks(ctx)
		if err != nil {
			yield(finding[webhook]{}, err)
			return
		}
		for _, w := range webhooks {
			if !f.URL.IsNull() && f.URL.ValueString() != w.URL {
				continue
			}
			w.Secret = ""
			if !yield(finding[webhook]{w.ID, w.URL, func(m *webhook) { m.show(w, nil) }}, nil) {
				return
			}
		}
	}
}
