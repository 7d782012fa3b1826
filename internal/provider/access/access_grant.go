package access

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// accessGrant is the model of seam_access_grant.
type accessGrant struct {
	core.Managed
	UserIdentityID         types.String `tfsdk:"user_identity_id"`
	AccessGrantKey         types.String `tfsdk:"access_grant_key"`
	Name                   types.String `tfsdk:"name"`
	DeviceIDs              types.Set    `tfsdk:"device_ids"`
	EntranceIDs            types.Set    `tfsdk:"acs_entrance_ids"`
	SpaceIDs               types.Set    `tfsdk:"space_ids"`
	ReservationKey         types.String `tfsdk:"reservation_key"`
	CustomizationProfileID types.String `tfsdk:"customization_profile_id"`
	StartsAt               types.String `tfsdk:"starts_at"`
	EndsAt                 types.String `tfsdk:"ends_at"`
	RequestedMethods       types.List   `tfsdk:"requested_access_methods"`
	CodeWO                 types.String `tfsdk:"code_wo"`
	CodeWOVersion          types.Int64  `tfsdk:"code_wo_version"`
	Removal                types.String `tfsdk:"removal"`
	AccessMethodIDs        types.List   `tfsdk:"access_method_ids"`
	AccessCodes            types.List   `tfsdk:"access_codes"`
	CreatedAt              types.String `tfsdk:"created_at"`
}

var accessGrants = core.DeclareModel[accessGrant](core.Noun[accessGrant, seam.AccessGrant, seam.AccessGrantInput]{
	Name:   "access_grant",
	Plural: "access_grants",
	Doc:    "The access of a person to doors, by PIN, card or phone, always or for a time.",
	ResourceDoc: "Destroy returns only when it is proven that the grant opens no door any more: each PIN is off its lock, and each card and phone key is deleted at Seam (see `removal`). It cannot be proven that a card or phone key is revoked if it was issued for a door that reads the rights from the card or phone; the plan that creates such a grant warns of it. The guide [Stays and staff with access grants](../guides/stays-and-staff.md) has examples.\n\n" +
		"Set `access_grant_key`: it lets the provider recover a create whose response was lost.\n\n" +
		"The name, the times and `requested_access_methods` change in place. If `ends_at` moves earlier, or an entry of `requested_access_methods` is removed, the update fails unless it is proven that the access ends in time. Other changes replace the grant: it is removed, with proof, and created again, and may get another PIN.\n\n" +
		"The preferred PIN in `code` is stored in the state; `code_wo` and a PIN that Seam chooses are not. Apply warns if Seam chose another PIN for a lock than the preferred one. If `code` is removed from the configuration, the PIN stays as it is.",
	ListDoc:      "Finds the access grants of the workspace.",
	API:          seam.AccessGrantsWithDoors,
	Attributes:   accessGrantAttributes(),
	ResourceOnly: []string{"code_wo", "code_wo_version", "removal"},
	Filters: map[string]string{
		"user_identity_id": "Grants of this user identity.", "space_id": "Grants to this space.",
		"device_id": "Grants to this device.", "acs_entrance_id": "Grants to this entrance.", "reservation_key": "Grants of this reservation.",
	},
	FromAPI: func(m *accessGrant, g seam.AccessGrant) { m.fromAPI(g) },
	Label:   func(g seam.AccessGrant) string { return g.Name },
})

func accessGrantAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"user_identity_id":         core.RequiredReplace("ID of the user identity to which access is granted."),
		"access_grant_key":         core.Replacing(core.OptionalString("Your own key for the grant, unique within the workspace.")),
		"name":                     core.OptionalString("Name of the grant."),
		"device_ids":               doors("IDs of the devices to open."),
		"acs_entrance_ids":         doors("IDs of the entrances to open."),
		"space_ids":                doors("IDs of the spaces whose doors to open. The doors of a space can change later."),
		"reservation_key":          core.Replacing(core.OptionalString("Key of the reservation, for access systems that need one for guests. Needs an entrance that can belong to a reservation.")),
		"customization_profile_id": core.Replacing(core.OptionalString("Customization profile of the instant key.")),
		"starts_at":                core.OptionalComputed(core.OptionalTime("Start of the access, in RFC 3339 format such as `2026-01-02T15:00:00Z`; by default now.")),
		"ends_at":                  core.OptionalTime("End of the access, in RFC 3339 format; by default there is none."),
		"requested_access_methods": requestedMethodsAttribute(),
		"code_wo": schema.StringAttribute{
			MarkdownDescription: "Preferred PIN of the one access method with mode `code`, as a write-only argument (Terraform 1.11, OpenTofu 1.11). It is stored neither in the state nor in the plan.",
			Optional:            true, WriteOnly: true, Validators: []validator.String{validGrantPIN, core.Requires("code_wo_version")},
		},
		"code_wo_version": schema.Int64Attribute{
			MarkdownDescription: "Change this when `code_wo` changes. An access method with the new PIN is then added first, and the one with the old PIN is removed afterwards, with proof.",
			Optional:            true, Validators: []validator.Int64{core.Requires("code_wo")},
		},
		"removal": core.RemovalAttribute("grant", "nothing that the grant gave opens a door any more"),
		"access_method_ids": schema.ListAttribute{
			MarkdownDescription: "IDs of the access methods that Seam created.", Computed: true, ElementType: types.StringType, PlanModifiers: []planmodifier.List{listplanmodifier.UseStateForUnknown()},
		},
		"access_codes": grantedCodesAttribute(),
		"created_at":   core.ComputedStable("When the grant was created, in RFC 3339 format."),
	}
}

// doors is a set of IDs whose change replaces the grant.
func doors(description string) schema.SetAttribute {
	return schema.SetAttribute{
		MarkdownDescription: description, Optional: true, ElementType: types.StringType,
		PlanModifiers: []planmodifier.Set{setplanmodifier.RequiresReplace()},
		Validators: []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1)),
			setvalidator.AtLeastOneOf(path.MatchRoot("device_ids"), path.MatchRoot("acs_entrance_ids"), path.MatchRoot("space_ids"))},
	}
}
