package workspace

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// eventsDataSourceModel is the model of seam_events.
type eventsDataSourceModel struct {
	Since         types.String   `tfsdk:"since"`
	Until         types.String   `tfsdk:"until"`
	EventTypes    []types.String `tfsdk:"event_types"`
	DeviceIDs     []types.String `tfsdk:"device_ids"`
	AccessCodeIDs []types.String `tfsdk:"access_code_ids"`
	Limit         types.Int64    `tfsdk:"limit"`
	Events        []eventModel   `tfsdk:"events"`
}

type eventModel struct {
	EventID      types.String `tfsdk:"event_id"`
	EventType    types.String `tfsdk:"event_type"`
	OccurredAt   types.String `tfsdk:"occurred_at"`
	CreatedAt    types.String `tfsdk:"created_at"`
	AccessCodeID types.String `tfsdk:"access_code_id"`
	DeviceID     types.String `tfsdk:"device_id"`
}

func newEventsDataSource() datasource.DataSource {
	times := []validator.String{core.RFC3339}
	return core.NewDataSource[eventsDataSourceModel]("events", schema.Schema{
		MarkdownDescription: "What happened, by Seam's log: the second way to see that a PIN left its lock, without a server for webhooks. Of a removal, look for `access_code.removed_from_device`, which comes only if the lock ever had the PIN, and `access_code.deleted`; and for `access_code.failed_to_remove_from_device`. Events can be late or missing, so destroying an access code never relies on them alone. The PINs in them are not read.",
		Attributes: map[string]schema.Attribute{
			"since":           schema.StringAttribute{MarkdownDescription: "Time, in RFC 3339 format, after which they happened.", Required: true, Validators: times},
			"until":           schema.StringAttribute{MarkdownDescription: "Time, in RFC 3339 format, before which they happened; now by default.", Optional: true, Validators: times},
			"event_types":     core.FilterStringList("Kinds of event, such as `access_code.deleted`."),
			"device_ids":      core.FilterStringList("Devices at which they happened."),
			"access_code_ids": core.FilterStringList("Access codes to which they happened."),
			"limit": schema.Int64Attribute{
				MarkdownDescription: "How many are enough. Without it all are wanted, and more than Seam lists at once (500) is an error.", Optional: true,
				Validators: []validator.Int64{int64validator.Between(1, 500)},
			},
			"events": core.ComputedObjectList("The events, in Seam's order.", map[string]schema.Attribute{
				"event_id":       core.ComputedString("Seam's id of the event."),
				"event_type":     core.ComputedString("What happened."),
				"occurred_at":    core.ComputedString("When it happened, in RFC 3339 format."),
				"created_at":     core.ComputedString("When Seam noted it, in RFC 3339 format."),
				"access_code_id": core.ComputedString("Access code to which it happened; null if to none."),
				"device_id":      core.ComputedString("Device at which it happened; null if at none."),
			}),
		},
	})
}

func (v *eventsDataSourceModel) Read(ctx context.Context, client *seam.Client) error {
	if v.Events = []eventModel{}; core.AnyEmptyFilter(v.EventTypes, v.DeviceIDs, v.AccessCodeIDs) {
		return nil
	}
	filter := seam.EventFilter{Types: core.StringValues(v.EventTypes), DeviceIDs: core.StringValues(v.DeviceIDs), AccessCodeIDs: core.StringValues(v.AccessCodeIDs), Limit: v.Limit.ValueInt64()}
	filter.Since, _ = seam.ParseTime(v.Since.ValueString())
	filter.Until, _ = seam.ParseTime(v.Until.ValueString())
	events, err := client.Events(ctx, filter)
	v.Events = make([]eventModel, len(events))
	for i, e := range events {
		v.Events[i] = eventModel{core.StringOrNull(e.ID), core.StringOrNull(e.Type), core.TimeValue(e.OccurredAt), core.TimeValue(e.CreatedAt), core.StringOrNull(e.AccessCodeID), core.StringOrNull(e.DeviceID)}
	}
	return err
}
