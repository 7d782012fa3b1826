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
		MarkdownDescription: "Events from Seam's event log. They show that a PIN was removed from its lock, without a webhook server. For a removal, look for `access_code.removed_from_device`, which is sent only if the PIN was on the lock, `access_code.deleted`, and `access_code.failed_to_remove_from_device`. Events can be late or missing, so destroying an access code never relies on them alone. PINs in events are not read.",
		Attributes: map[string]schema.Attribute{
			"since":           schema.StringAttribute{MarkdownDescription: "Only events after this time, in RFC 3339 format.", Required: true, Validators: times},
			"until":           schema.StringAttribute{MarkdownDescription: "Only events before this time, in RFC 3339 format; now by default.", Optional: true, Validators: times},
			"event_types":     core.FilterStringList("Event types, such as `access_code.deleted`."),
			"device_ids":      core.FilterStringList("IDs of the devices."),
			"access_code_ids": core.FilterStringList("IDs of the access codes."),
			"limit": schema.Int64Attribute{
				MarkdownDescription: "Maximum number of events. Without it, all events are returned; it is an error if there are more than 500, the most that Seam lists at once.", Optional: true,
				Validators: []validator.Int64{int64validator.Between(1, 500)},
			},
			"events": core.ComputedObjectList("The events, in Seam's order.", map[string]schema.Attribute{
				"event_id":       core.ComputedString("ID of the event."),
				"event_type":     core.ComputedString("Event type."),
				"occurred_at":    core.ComputedString("When it happened, in RFC 3339 format."),
				"created_at":     core.ComputedString("When Seam recorded it, in RFC 3339 format."),
				"access_code_id": core.ComputedString("Access code that the event is about; null if none."),
				"device_id":      core.ComputedString("Device that the event is about; null if none."),
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
