package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// eventsView is the model of seam_events.
type eventsView struct {
	Since         types.String   `tfsdk:"since"`
	Until         types.String   `tfsdk:"until"`
	EventTypes    []types.String `tfsdk:"event_types"`
	DeviceIDs     []types.String `tfsdk:"device_ids"`
	AccessCodeIDs []types.String `tfsdk:"access_code_ids"`
	Limit         types.Int64    `tfsdk:"limit"`
	Events        []eventView    `tfsdk:"events"`
}

type eventView struct {
	EventID      types.String `tfsdk:"event_id"`
	EventType    types.String `tfsdk:"event_type"`
	OccurredAt   types.String `tfsdk:"occurred_at"`
	CreatedAt    types.String `tfsdk:"created_at"`
	AccessCodeID types.String `tfsdk:"access_code_id"`
	DeviceID     types.String `tfsdk:"device_id"`
}

func newEventsData() datasource.DataSource {
	times := []validator.String{anInstant}
	return &data[eventsView, *eventsView]{noun: "events", schema: schema.Schema{
		MarkdownDescription: "What happened, by Seam's log: the second way to see that a PIN left its lock, without a server for webhooks. Of a removal, look for `access_code.removed_from_device`, which comes only if the lock ever had the PIN, and `access_code.deleted`; and for `access_code.failed_to_remove_from_device`. Events can be late or missing, so destroying an access code never relies on them alone. The PINs in them are not read.",
		Attributes: map[string]schema.Attribute{
			"since":           schema.StringAttribute{MarkdownDescription: "Time, in RFC 3339 format, after which they happened.", Required: true, Validators: times},
			"until":           schema.StringAttribute{MarkdownDescription: "Time, in RFC 3339 format, before which they happened; now by default.", Optional: true, Validators: times},
			"event_types":     filterTexts("Kinds of event, such as `access_code.deleted`."),
			"device_ids":      filterTexts("Devices at which they happened."),
			"access_code_ids": filterTexts("Access codes to which they happened."),
			"limit": schema.Int64Attribute{
				MarkdownDescription: "How many are enough. Without it all are wanted, and more than Seam lists at once (500) is an error.", Optional: true,
				Validators: []validator.Int64{int64validator.Between(1, 500)},
			},
			"events": shownObjects("The events, in Seam's order.", map[string]schema.Attribute{
				"event_id":       shown("Seam's id of the event."),
				"event_type":     shown("What happened."),
				"occurred_at":    shown("When it happened, in RFC 3339 format."),
				"created_at":     shown("When Seam noted it, in RFC 3339 format."),
				"access_code_id": shown("Access code to which it happened; null if to none."),
				"device_id":      shown("Device at which it happened; null if at none."),
			}),
		},
	}}
}

func (v *eventsView) look(ctx context.Context, client *seam.Client) error {
	if v.Events = []eventView{}; none(v.EventTypes, v.DeviceIDs, v.AccessCodeIDs) {
		return nil
	}
	filter := seam.EventFilter{Types: texts(v.EventTypes), DeviceIDs: texts(v.DeviceIDs), AccessCodeIDs: texts(v.AccessCodeIDs), Limit: v.Limit.ValueInt64()}
	filter.Since, _ = seam.ParseTime(v.Since.ValueString())
	filter.Until, _ = seam.ParseTime(v.Until.ValueString())
	events, err := client.Events(ctx, filter)
	v.Events = make([]eventView, len(events))
	for i, e := range events {
		v.Events[i] = eventView{textOrNull(e.ID), textOrNull(e.Type), when(e.OccurredAt), when(e.CreatedAt), textOrNull(e.AccessCodeID), textOrNull(e.DeviceID)}
	}
	return err
}
