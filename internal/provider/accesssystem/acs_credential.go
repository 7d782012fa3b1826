package accesssystem

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// acsCredential is the model of seam_acs_credential.
type acsCredential struct {
	core.Managed
	UserID             types.String `tfsdk:"acs_user_id"`
	SystemID           types.String `tfsdk:"acs_system_id"`
	AccessMethod       types.String `tfsdk:"access_method"`
	Code               types.String `tfsdk:"code"`
	CodeWO             types.String `tfsdk:"code_wo"`
	CodeWOVersion      types.Int64  `tfsdk:"code_wo_version"`
	StartsAt           types.String `tfsdk:"starts_at"`
	EndsAt             types.String `tfsdk:"ends_at"`
	AllowedEntranceIDs types.Set    `tfsdk:"allowed_acs_entrance_ids"`
	Vostio             types.Object `tfsdk:"assa_abloy_vostio_metadata"`
	SaltoSpace         types.Object `tfsdk:"salto_space_metadata"`
	Visionline         types.Object `tfsdk:"visionline_metadata"`
	Removal            types.String `tfsdk:"removal"`
	CreatedAt          types.String `tfsdk:"created_at"`
}

var acsCredentials = core.DeclareModel[acsCredential](core.Noun[acsCredential, seam.Credential, seam.CredentialInput]{
	Name: "acs_credential", Plural: "acs_credentials",
	Doc: "A PIN, card or phone key of a user of an access system. It opens what the access groups of the user open.",
	ResourceDoc: "Seam recommends access grants; use this for access systems whose users and groups you manage yourself. A card works once it is written, which create does not wait for.\n\n" +
		"Destroy finishes only when Seam answers that neither the credential nor any that was made from it exists any more. It fails if a card or phone key was issued that a door may accept without asking the access system: such a revocation is not provable. `code` is stored in the state; `code_wo` is not.",
	ListDoc:      "Finds the credentials of access systems.",
	API:          seam.Credentials,
	Attributes:   acsCredentialAttributes(),
	ResourceOnly: []string{"code_wo", "code_wo_version", "allowed_acs_entrance_ids", "assa_abloy_vostio_metadata", "salto_space_metadata", "visionline_metadata", "removal"},
	Filters:      map[string]string{"acs_system_id": "Access system that they belong to.", "acs_user_id": "User to whom they belong."},
	FromAPI:      func(m *acsCredential, c seam.Credential) { m.fromAPI(c) },
	Label:        func(c seam.Credential) string { return c.DisplayName },
})

// fromAPI sets what the object shows. While the access system has an earlier state of it, what is in the
// state stays, so that the next plan shows the change again.
func (m *acsCredential) fromAPI(c seam.Credential) {
	m.UserID, m.SystemID, m.AccessMethod = core.StringOrNull(c.UserID), core.StringOrNull(c.SystemID), core.StringOrNull(c.AccessMethod)
	if !c.Has("schedule_modified") || m.StartsAt.IsNull() {
		m.StartsAt = core.PreserveSpelling(c.StartsAt, m.StartsAt)
	}
	if !c.Settling() || m.CreatedAt.IsNull() {
		m.Code, m.EndsAt = m.codeInState(c), core.PreserveSpelling(c.EndsAt, m.EndsAt)
	}
	m.CreatedAt = core.PreserveSpelling(c.CreatedAt, m.CreatedAt)
}

// codeInState is the PIN, unless it was set by code_wo.
func (m *acsCredential) codeInState(c seam.Credential) types.String {
	if !m.CodeWOVersion.IsNull() {
		return types.StringNull()
	}
	return core.StringOrNull(c.Code)
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
	if hasPIN := !p.Config.Code.IsNull() || !p.Config.CodeWO.IsNull(); hasPIN && !m.AccessMethod.IsUnknown() && method != "code" {
		p.AddAttributeError("access_method", "Only a credential with the access method code has a PIN.", "Remove code and code_wo.")
		return
	}
	replaced := p.Prior == nil || !m.UserID.Equal(p.Prior.UserID) || !m.AccessMethod.Equal(p.Prior.AccessMethod)
	if !replaced || method != "card" && method != "mobile_key" || m.UserID.IsUnknown() || !p.CheckReachable(ctx) {
		return
	}
	user, err := seam.AcsUsers.Refresh(ctx, p.Client, seam.Ref{ID: m.UserID.ValueString()})
	if err != nil {
		return // create says what is wrong
	}
	if offline, err := p.Client.SystemReadsCards(ctx, user.SystemID); err == nil && offline {
		p.AddAttributeWarning("access_method", "Revocation will not be provable", "Doors of this access system read the rights from the card or phone. Once it is issued, destroy fails until ends_at has passed, unless removal is \"requested\".\n\nSet ends_at, so that the card or phone key ends by itself.")
	}
}
