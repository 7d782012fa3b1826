package accesssystem

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// accessGroupModel is an entry of seam_acs_access_groups.
type accessGroupModel struct {
	ID                 types.String         `tfsdk:"id"`
	Name               types.String         `tfsdk:"name"`
	ExternalType       types.String         `tfsdk:"external_type"`
	SystemID           types.String         `tfsdk:"acs_system_id"`
	ConnectedAccountID types.String         `tfsdk:"connected_account_id"`
	AccessSchedule     *accessScheduleModel `tfsdk:"access_schedule"`
	CreatedAt          types.String         `tfsdk:"created_at"`
	PendingMutations   []core.MutationModel `tfsdk:"pending_mutations"`
	Errors             []core.ErrorModel    `tfsdk:"errors"`
	Warnings           []core.WarningModel  `tfsdk:"warnings"`
}

type accessScheduleModel struct {
	StartsAt types.String `tfsdk:"starts_at"`
	EndsAt   types.String `tfsdk:"ends_at"`
}

func newAccessGroupsDataSource() datasource.DataSource {
	return core.NewListDataSource(core.ListDataSource[seam.AccessGroup, accessGroupModel]{
		Plural:  "acs_access_groups",
		Doc:     "The access groups of access systems that match all arguments. Members of a group may open the entrances that the access system gives it.",
		ListDoc: "The access groups, in Seam's order.",
		List:    seam.AccessGroups.List,
		Arguments: map[string]core.ListArgument[seam.AccessGroup]{
			"acs_system_id": {Doc: "Access system that they belong to.", Values: func(g seam.AccessGroup) []string { return []string{g.SystemID} }},
			"name":          {Doc: "Exact name.", Values: func(g seam.AccessGroup) []string { return []string{g.Name} }, Local: true},
		},
		Entry: map[string]schema.Attribute{
			"id":                   core.ComputedString("ID of the access group."),
			"name":                 core.ComputedString("Name."),
			"external_type":        core.ComputedString("Kind of access group, such as `brivo_group`."),
			"acs_system_id":        core.ComputedString("Access system that it belongs to."),
			"connected_account_id": core.ComputedString("Connected account that it belongs to."),
			"access_schedule": schema.SingleNestedAttribute{
				MarkdownDescription: "When its members have access; null if Seam reports no schedule.", Computed: true,
				Attributes: map[string]schema.Attribute{
					"starts_at": core.ComputedString("Start, in RFC 3339 format."),
					"ends_at":   core.ComputedString("End, in RFC 3339 format; null if there is none."),
				},
			},
			"created_at":        core.ComputedString("When Seam found it, in RFC 3339 format."),
			"pending_mutations": core.ComputedMutations("Changes that the access system has not confirmed yet."),
			"errors":            core.ComputedErrors(),
			"warnings":          core.ComputedWarnings(),
		},
		FromAPI: flattenAccessGroup,
	})
}

func flattenAccessGroup(g seam.AccessGroup) accessGroupModel {
	m := accessGroupModel{
		ID: types.StringValue(g.ID), Name: core.StringOrNull(g.Name), ExternalType: core.StringOrNull(g.ExternalType), SystemID: core.StringOrNull(g.SystemID),
		ConnectedAccountID: core.StringOrNull(g.ConnectedAccountID), CreatedAt: core.TimeValue(g.CreatedAt),
		PendingMutations: core.FlattenMutations(seam.PlainMutations(g.PendingMutations)), Errors: core.FlattenErrors(g.Errors), Warnings: core.FlattenWarnings(g.Warnings),
	}
	if schedule := g.AccessSchedule; schedule != nil {
		m.AccessSchedule = &accessScheduleModel{core.TimeValue(schedule.StartsAt), core.TimeValue(schedule.EndsAt)}
	}
	return m
}
