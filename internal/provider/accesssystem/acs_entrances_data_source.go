package accesssystem

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// entranceModel is an entry of seam_acs_entrances.
type entranceModel struct {
	ID                     types.String        `tfsdk:"id"`
	DisplayName            types.String        `tfsdk:"display_name"`
	SystemID               types.String        `tfsdk:"acs_system_id"`
	ConnectedAccountID     types.String        `tfsdk:"connected_account_id"`
	SpaceIDs               []string            `tfsdk:"space_ids"`
	CanBelongToReservation types.Bool          `tfsdk:"can_belong_to_reservation"`
	CanUnlockWithCode      types.Bool          `tfsdk:"can_unlock_with_code"`
	CanUnlockWithCard      types.Bool          `tfsdk:"can_unlock_with_card"`
	CanUnlockWithMobileKey types.Bool          `tfsdk:"can_unlock_with_mobile_key"`
	CanUnlockWithCloudKey  types.Bool          `tfsdk:"can_unlock_with_cloud_key"`
	IsRevocationProvable   types.Bool          `tfsdk:"is_revocation_provable"`
	CreatedAt              types.String        `tfsdk:"created_at"`
	Errors                 []core.ErrorModel   `tfsdk:"errors"`
	Warnings               []core.WarningModel `tfsdk:"warnings"`
}

// entrance is an entrance with what its access system says about it.
type entrance struct {
	seam.Entrance
	isOffline bool
}

func listEntrances(ctx context.Context, client *seam.Client, filter map[string]any) iter.Seq2[entrance, error] {
	return func(yield func(entrance, error) bool) {
		for listed, err := range seam.Entrances.List(ctx, client, filter) {
			var offline []string
			if err == nil {
				offline, err = removal.OfflineDoors(ctx, client, []seam.Entrance{listed})
			}
			if !yield(entrance{listed, len(offline) > 0}, err) || err != nil {
				return
			}
		}
	}
}

func newEntrancesDataSource() datasource.DataSource {
	return core.NewListDataSource(core.ListDataSource[entrance, entranceModel]{
		Plural:  "acs_entrances",
		Doc:     "The entrances of access systems that match all arguments. Their IDs are for the `acs_entrance_ids` of an access grant.",
		ListDoc: "The entrances, in Seam's order.",
		List:    listEntrances,
		Arguments: map[string]core.ListArgument[entrance]{
			"acs_system_id": {Doc: "Access system that they belong to.", Values: func(e entrance) []string { return []string{e.SystemID} }},
			"space_id":      {Doc: "Space that they are in.", Values: func(e entrance) []string { return e.SpaceIDs }},
			"name":          {Doc: "Exact `display_name`.", Values: func(e entrance) []string { return []string{e.DisplayName} }, Local: true},
		},
		Entry: map[string]schema.Attribute{
			"id":                         core.ComputedString("ID of the entrance."),
			"display_name":               core.ComputedString("Name."),
			"acs_system_id":              core.ComputedString("Access system that it belongs to."),
			"connected_account_id":       core.ComputedString("Connected account that it belongs to."),
			"space_ids":                  core.ComputedStringList("Spaces that it is in."),
			"can_belong_to_reservation":  core.ComputedBool("Whether an access grant with a `reservation_key` can include it."),
			"can_unlock_with_code":       core.ComputedBool("Whether a PIN opens it; null if unknown."),
			"can_unlock_with_card":       core.ComputedBool("Whether a card opens it; null if unknown."),
			"can_unlock_with_mobile_key": core.ComputedBool("Whether a key on a phone opens it; null if unknown."),
			"can_unlock_with_cloud_key":  core.ComputedBool("Whether a cloud key opens it; null if unknown."),
			"is_revocation_provable":     core.ComputedBool("False if the door reads the rights from the card or phone. Seam cannot tell whether such a door still accepts an issued card or phone key, so destroying an access grant fails until the grant's end."),
			"created_at":                 core.ComputedString("When Seam found it, in RFC 3339 format."),
			"errors":                     core.ComputedErrors(),
			"warnings":                   core.ComputedWarnings(),
		},
		FromAPI: flattenEntrance,
	})
}

func flattenEntrance(e entrance) entranceModel {
	return entranceModel{
		ID: types.StringValue(e.ID), DisplayName: core.StringOrNull(e.DisplayName), SystemID: core.StringOrNull(e.SystemID),
		ConnectedAccountID: core.StringOrNull(e.ConnectedAccountID), SpaceIDs: append([]string{}, e.SpaceIDs...),
		CanBelongToReservation: types.BoolValue(e.CanBelongToReservation), CanUnlockWithCode: types.BoolPointerValue(e.CanUnlockWithCode),
		CanUnlockWithCard: types.BoolPointerValue(e.CanUnlockWithCard), CanUnlockWithMobileKey: types.BoolPointerValue(e.CanUnlockWithMobileKey),
		CanUnlockWithCloudKey: types.BoolPointerValue(e.CanUnlockWithCloudKey), IsRevocationProvable: types.BoolValue(!e.isOffline),
		CreatedAt: core.TimeValue(e.CreatedAt), Errors: core.FlattenErrors(e.Errors), Warnings: core.FlattenWarnings(e.Warnings),
	}
}
