package access

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// accessMethodsDataSourceModel is the model of seam_access_methods.
type accessMethodsDataSourceModel struct {
	AccessGrantID  types.String        `tfsdk:"access_grant_id"`
	AccessGrantKey types.String        `tfsdk:"access_grant_key"`
	AccessMethods  []accessMethodModel `tfsdk:"access_methods"`
}

type accessMethodModel struct {
	ID                   types.String         `tfsdk:"id"`
	Mode                 types.String         `tfsdk:"mode"`
	IsIssued             types.Bool           `tfsdk:"is_issued"`
	IssuedAt             types.String         `tfsdk:"issued_at"`
	IsEncodingRequired   types.Bool           `tfsdk:"is_encoding_required"`
	IsReadyForEncoding   types.Bool           `tfsdk:"is_ready_for_encoding"`
	IsAssignmentRequired types.Bool           `tfsdk:"is_assignment_required"`
	Code                 types.String         `tfsdk:"code"`
	InstantKeyURL        types.String         `tfsdk:"instant_key_url"`
	PendingMutations     []core.MutationModel `tfsdk:"pending_mutations"`
	Errors               []core.ErrorModel    `tfsdk:"errors"`
	Warnings             []core.WarningModel  `tfsdk:"warnings"`
}

func newAccessMethodsDataSource() datasource.DataSource {
	return core.NewDataSource[accessMethodsDataSourceModel]("access_methods", schema.Schema{
		MarkdownDescription: "The access methods of an access grant, with what the person needs: PINs, links and cards to encode, and errors with suggested fixes. PINs and links are stored in the state; the ephemeral resource `seam_access_grant_codes` does not store PINs.",
		Attributes: map[string]schema.Attribute{
			"access_grant_id": schema.StringAttribute{
				MarkdownDescription: "ID of the access grant. Either this or `access_grant_key`.", Optional: true, Computed: true,
				Validators: []validator.String{stringvalidator.LengthAtLeast(1), stringvalidator.ExactlyOneOf(path.MatchRoot("access_grant_key"))},
			},
			"access_grant_key": core.FilterString("Your own key for the access grant."),
			"access_methods": core.ComputedObjectList("The access methods, in Seam's order.", map[string]schema.Attribute{
				"id":                     core.ComputedString("ID of the access method."),
				"mode":                   core.ComputedString("`code` (a PIN), `card`, `mobile_key` or `cloud_key`."),
				"is_issued":              core.ComputedBool("Whether it is issued. Of a PIN this does not say that it is on each lock; see `data.seam_access_codes`."),
				"issued_at":              core.ComputedString("When it was issued, in RFC 3339 format."),
				"is_encoding_required":   core.ComputedBool("Whether a card has to be encoded."),
				"is_ready_for_encoding":  core.ComputedBool("Whether the card can be encoded now."),
				"is_assignment_required": core.ComputedBool("Whether a card number has to be assigned."),
				"code":                   schema.StringAttribute{MarkdownDescription: "The PIN; null for other modes, and until one is assigned. A lock on which it is taken has another one: see `data.seam_access_codes`.", Computed: true, Sensitive: true},
				"instant_key_url":        schema.StringAttribute{MarkdownDescription: "Link that puts the mobile key on a phone; null if there is none.", Computed: true, Sensitive: true},
				"pending_mutations":      core.ComputedMutations("Changes that are not confirmed yet."),
				"errors":                 core.ComputedErrors(),
				"warnings":               core.ComputedWarnings(),
			}),
		},
	})
}

// Read reads the grant first, so that a missing grant is an error rather than an empty list.
func (v *accessMethodsDataSourceModel) Read(ctx context.Context, client *seam.Client) (err error) {
	var grant seam.AccessGrant
	if v.AccessGrantID.IsNull() {
		grant, err = seam.AccessGrants.GetBy(ctx, client, "access_grant_key", v.AccessGrantKey.ValueString())
	} else {
		grant, err = seam.AccessGrants.Get(ctx, client, seam.Ref{ID: v.AccessGrantID.ValueString()})
	}
	if err != nil {
		return err
	}
	v.AccessGrantID, v.AccessMethods = types.StringValue(grant.ID), []accessMethodModel{}
	for method, err := range seam.AccessMethods.List(ctx, client, map[string]any{"access_grant_id": grant.ID}) {
		if err != nil {
			return err
		}
		v.AccessMethods = append(v.AccessMethods, flattenAccessMethod(method))
	}
	return nil
}

func flattenAccessMethod(m seam.AccessMethod) accessMethodModel {
	return accessMethodModel{
		ID: types.StringValue(m.ID), Mode: core.StringOrNull(m.Mode), IsIssued: types.BoolValue(m.IsIssued), IssuedAt: core.TimeValue(m.IssuedAt),
		IsEncodingRequired: types.BoolValue(m.IsEncodingRequired), IsReadyForEncoding: types.BoolValue(m.IsReadyForEncoding),
		IsAssignmentRequired: types.BoolValue(m.IsAssignmentRequired), Code: core.StringOrNull(m.Code), InstantKeyURL: core.StringOrNull(m.InstantKeyURL),
		PendingMutations: core.FlattenMutations(m.PendingMutations), Errors: core.FlattenErrors(m.Errors), Warnings: core.FlattenWarnings(m.Warnings),
	}
}
