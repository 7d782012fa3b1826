package accesssystem

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// acsCredential is the model of seam_acs_credential.
type acsCredential struct {
	core.Managed
	UserID       types.String `tfsdk:"acs_user_id"`
	SystemID     types.String `tfsdk:"acs_system_id"`
	AccessMethod types.String `tfsdk:"access_method"`
	Code         types.String `tfsdk:"code"`
	StartsAt     types.String `tfsdk:"starts_at"`
	EndsAt       types.String `tfsdk:"ends_at"`
	Removal      types.String `tfsdk:"removal"`
	CreatedAt    types.String `tfsdk:"created_at"`
}

var acsCredentials = core.DeclareModel[acsCredential](core.Noun[acsCredential, seam.Credential, seam.CredentialInput]{
	Name: "acs_credential", Plural: "acs_credentials",
	Doc: "A PIN, card or phone key of a user of an access system. It opens what the access groups of the user open.",
	ResourceDoc: "Seam recommends access grants; use this for access systems whose users and groups you manage yourself. A card works once it is written, which create does not wait for.\n\n" +
		"Destroy finishes only when Seam answers that neither the credential nor any that was made from it exists any more. It fails if a card or phone key was issued that a door may accept without asking the access system: such a revocation is not provable. The PIN is stored in the state.",
	ListDoc: "Finds the credentials of access systems.",
	API:     seam.Credentials,
	Attributes: map[string]schema.Attribute{
		"acs_user_id":   core.RequiredReplace("User of the access system to whom it belongs."),
		"acs_system_id": core.ComputedStable("Access system that it belongs to."),
		"access_method": accessMethod(),
		"code": schema.StringAttribute{
			MarkdownDescription: "The PIN, for the access method `code`; chosen by the access system by default. Changing it removes the old PIN: the update waits until the access system has confirmed it.",
			Optional:            true, Computed: true, Sensitive: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			Validators: []validator.String{stringvalidator.RegexMatches(digits, "must be digits")},
		},
		"starts_at":  optionalTime("Start, in RFC 3339 format; now by default. Changing this replaces the credential.", stringplanmodifier.RequiresReplaceIfConfigured()),
		"ends_at":    optionalTime("End, in RFC 3339 format; none by default. Seam cannot clear it."),
		"removal":    core.RemovalAttribute("credential", "the credential is deleted"),
		"created_at": core.ComputedStable("When the credential was created, in RFC 3339 format."),
	},
	ResourceOnly: []string{"removal"},
	Filters:      map[string]string{"acs_system_id": "Access system that they belong to.", "acs_user_id": "User to whom they belong."},
	FromAPI:      func(m *acsCredential, c seam.Credential) { m.fromAPI(c) },
	Label:        func(c seam.Credential) string { return c.DisplayName },
})

func accessMethod() schema.StringAttribute {
	a := core.RequiredReplace("`code`, `card`, `mobile_key` or `cloud_key`.")
	a.Validators = []validator.String{stringvalidator.OneOf("code", "card", "mobile_key", "cloud_key")}
	return a
}

func optionalTime(description string, more ...planmodifier.String) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description, Optional: true, Computed: true, Validators: []validator.String{core.RFC3339},
		PlanModifiers: append([]planmodifier.String{stringplanmodifier.UseStateForUnknown(), core.RFC3339}, more...),
	}
}

// fromAPI sets what the object shows. While the access system has an earlier state of it, what is in the
// state stays, so that the next plan shows the change again.
func (m *acsCredential) fromAPI(c seam.Credential) {
	m.UserID, m.SystemID, m.AccessMethod = core.StringOrNull(c.UserID), core.StringOrNull(c.SystemID), core.StringOrNull(c.AccessMethod)
	if !c.Has("schedule_modified") || m.StartsAt.IsNull() {
		m.StartsAt = core.PreserveSpelling(c.StartsAt, m.StartsAt)
	}
	if !c.Settling() || m.CreatedAt.IsNull() {
		m.Code, m.EndsAt = core.StringOrNull(c.Code), core.PreserveSpelling(c.EndsAt, m.EndsAt)
	}
	m.CreatedAt = core.PreserveSpelling(c.CreatedAt, m.CreatedAt)
}

func (m *acsCredential) target() removal.AcsCredential {
	created, _ := time.Parse(time.RFC3339, m.CreatedAt.ValueString())
	ends, _ := seam.ParseTime(m.EndsAt.ValueString())
	return removal.AcsCredential{
		ID: m.ID.ValueString(), UserID: m.UserID.ValueString(), SystemID: m.SystemID.ValueString(), AccessMethod: m.AccessMethod.ValueString(),
		CreatedAt: created, EndsAt: ends,
	}
}

// Plan says beforehand that a revocation will not be provable, and refuses what Seam cannot do.
func (m *acsCredential) Plan(ctx context.Context, p *core.PlanRequest[acsCredential]) {
	method := m.AccessMethod.ValueString()
	if !p.Config.Code.IsNull() && !m.AccessMethod.IsUnknown() && method != "code" {
		p.AddAttributeError("code", "Only a credential with the access method code has a PIN.", "Remove it.")
		return
	}
	if p.Prior != nil || method != "card" && method != "mobile_key" || m.UserID.IsUnknown() || !p.CheckReachable(ctx) {
		return
	}
	user, err := seam.AcsUsers.Refresh(ctx, p.Client, seam.Ref{ID: m.UserID.ValueString()})
	if err != nil {
		return // create says what is wrong
	}
	if offline, err := p.Client.SystemReadsCards(ctx, user.SystemID); err == nil && offline {
		p.AddAttributeWarning("access_method", "Revocation will not be provable", "Doors of this access system read the rights from the card or phone. Once it is issued, destroy fails as unconfirmed until its end, unless removal is \"requested\".")
	}
}
