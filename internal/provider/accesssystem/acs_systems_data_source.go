package accesssystem

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// systemModel is an entry of seam_acs_systems.
type systemModel struct {
	ID                 types.String        `tfsdk:"id"`
	Name               types.String        `tfsdk:"name"`
	ExternalType       types.String        `tfsdk:"external_type"`
	ConnectedAccountID types.String        `tfsdk:"connected_account_id"`
	TimeZone           types.String        `tfsdk:"time_zone"`
	CreatedAt          types.String        `tfsdk:"created_at"`
	Errors             []core.ErrorModel   `tfsdk:"errors"`
	Warnings           []core.WarningModel `tfsdk:"warnings"`
}

func newSystemsDataSource() datasource.DataSource {
	return core.NewListDataSource(core.ListDataSource[seam.AccessSystem, systemModel]{
		Plural:  "acs_systems",
		Doc:     "The access systems that match all arguments. Seam reads them from the manufacturer.",
		ListDoc: "The access systems, in Seam's order.",
		List:    seam.AccessSystems.List,
		Arguments: map[string]core.ListArgument[seam.AccessSystem]{
			"connected_account_id": {Doc: "Connected account that they belong to.", Values: func(s seam.AccessSystem) []string { return []string{s.ConnectedAccountID} }},
			"name":                 {Doc: "Exact name.", Values: func(s seam.AccessSystem) []string { return []string{s.Name} }, Local: true},
		},
		Entry: map[string]schema.Attribute{
			"id":                   core.ComputedString("ID of the access system."),
			"name":                 core.ComputedString("Name."),
			"external_type":        core.ComputedString("Kind of access system, such as `brivo_account`."),
			"connected_account_id": core.ComputedString("Connected account that it belongs to."),
			"time_zone":            core.ComputedString("Time zone of its location, such as `Europe/Lisbon`; null if unknown."),
			"created_at":           core.ComputedString("When Seam found it, in RFC 3339 format."),
			"errors":               core.ComputedErrors(),
			"warnings":             core.ComputedWarnings(),
		},
		FromAPI: func(s seam.AccessSystem) systemModel {
			return systemModel{
				ID: types.StringValue(s.ID), Name: core.StringOrNull(s.Name), ExternalType: core.StringOrNull(s.ExternalType),
				ConnectedAccountID: core.StringOrNull(s.ConnectedAccountID), TimeZone: core.StringOrNull(s.Location.TimeZone), CreatedAt: core.TimeValue(s.CreatedAt),
				Errors: core.FlattenErrors(s.Errors), Warnings: core.FlattenWarnings(s.Warnings),
			}
		},
	})
}
