package connection

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// connectedAccount is the model of seam_connected_account. A person connects the account, so create
// only starts managing an existing one.
type connectedAccount struct {
	core.Managed
	ConnectedAccountID   types.String `tfsdk:"connected_account_id"`
	Email                types.String `tfsdk:"email"`
	DisplayName          types.String `tfsdk:"display_name"`
	ManageNewDevices     types.Bool   `tfsdk:"automatically_manage_new_devices"`
	AcceptedCapabilities types.Set    `tfsdk:"accepted_capabilities"`
	CustomMetadata       types.Map    `tfsdk:"custom_metadata"`
	CustomerKey          types.String `tfsdk:"customer_key"`
	AccountType          types.String `tfsdk:"account_type"`
	OnDestroy            types.String `tfsdk:"on_destroy"`
	CreatedAt            types.String `tfsdk:"created_at"`
}

var connectedAccounts = core.Declare(core.Noun[connectedAccount, seam.ConnectedAccount, seam.ConnectedAccountInput]{
	Name: "connected_account", Plural: "connected_accounts",
	Doc: "The account of a manufacturer that a person has connected to Seam, with its devices.",
	ResourceDoc: "Create starts managing an existing account, by its ID or email address; destroy stops managing it (see `on_destroy`). Arguments that are not set are left unchanged on the account.\n\n" +
		"Deleting an account is the opposite of revoking access: **its PINs stay on the locks**, and Seam can no longer remove them. So it fails while access codes or backup codes are managed on its locks, or credentials in its access systems.",
	ListDoc:    "Finds the connected accounts of the workspace.",
	API:        seam.ConnectedAccounts,
	Attributes: connectedAccountAttributes(),
	Filters:    map[string]string{"customer_key": "Customer that they belong to.", "search": "Search text."},
	FromAPI:    func(m *connectedAccount, a seam.ConnectedAccount) { m.fromAPI(a) },
	ToAPI:      func(m, prior *connectedAccount) seam.ConnectedAccountInput { return m.input(prior) },
	Label:      func(a seam.ConnectedAccount) string { return a.DisplayName },
})

func connectedAccountAttributes() map[string]schema.Attribute {
	id := core.ReplacingIfConfigured(core.OptionalComputedString("ID of the account. Either this or `email`. Changing this replaces the resource."))
	id.Validators = append([]validator.String{stringvalidator.ExactlyOneOf(path.MatchRoot("email"))}, core.NonEmpty...)
	name := core.OptionalComputedString("Name of the account in Seam. Removing the argument keeps the last name.")
	name.Validators = []validator.String{stringvalidator.LengthBetween(1, 255)}
	return map[string]schema.Attribute{
		"id":                               core.ComputedStable("Same as `connected_account_id`."),
		"connected_account_id":             id,
		"email":                            core.OptionalString("Email address with which the account was connected. Changing this replaces the resource; adding or removing it does not."),
		"display_name":                     name,
		"automatically_manage_new_devices": core.OptionalComputedBool("Whether Seam manages devices that are added to the account later. Seam bills for managed devices."),
		"accepted_capabilities":            core.OptionalComputedSet("Capabilities of devices that Seam takes from the account, such as `lock` or `access_control`."),
		"custom_metadata":                  core.MetadataAttribute("account", core.OthersStay("account")+" If the account is connected again, the metadata of the Connect Webview replaces them."),
		"customer_key":                     core.OptionalComputedString("Key of the customer to whom the account belongs. Seam sets it once, and cannot change or clear it."),
		"account_type":                     core.ComputedStable("Kind of account, such as `yale_access`."),
		"on_destroy": schema.StringAttribute{
			MarkdownDescription: "What destroy does: `keep` (default) leaves the account connected; `delete` deletes it with its devices, which fails while their PINs are managed. Destroy uses the value in the state, so apply a change before destroy.",
			Optional:            true, Validators: []validator.String{stringvalidator.OneOf("keep", "delete")},
		},
		"created_at": core.ComputedStable("When the account was connected, in RFC 3339 format."),
	}
}

// Plan replaces the resource if another account is meant, and refuses another customer key for the same one.
func (m *connectedAccount) Plan(_ context.Context, p *core.PlanRequest[connectedAccount]) {
	if p.Prior == nil || !m.ConnectedAccountID.Equal(p.Prior.ConnectedAccountID) {
		return
	}
	if !p.Prior.Email.IsNull() && !m.Email.IsNull() && !m.Email.Equal(p.Prior.Email) {
		p.RequireReplace("email")
		return
	}
	key := p.Prior.CustomerKey
	if !key.IsNull() && !m.CustomerKey.IsUnknown() && !m.CustomerKey.Equal(key) {
		p.AddAttributeError("customer_key", "Seam sets the customer key of an account once. It is "+key.ValueString()+".", "Set it to that, or remove it.")
	}
}

func (m *connectedAccount) input(prior *connectedAccount) seam.ConnectedAccountInput {
	return seam.ConnectedAccountInput{
		ID: m.ConnectedAccountID.ValueString(), Email: m.Email.ValueString(),
		DisplayName:          core.KnownString(m.DisplayName),
		CustomerKey:          core.KnownString(m.CustomerKey),
		ManageNewDevices:     core.KnownBool(m.ManageNewDevices),
		AcceptedCapabilities: core.StringsOrNil(m.AcceptedCapabilities),
		ChangedMetadata:      core.ChangedMetadata(m.CustomMetadata, prior.CustomMetadata),
	}
}

// fromAPI sets what the account shows. Of the metadata it takes only entries in the configuration.
func (m *connectedAccount) fromAPI(a seam.ConnectedAccount) {
	m.ConnectedAccountID, m.DisplayName, m.AccountType = types.StringValue(a.ID), core.StringOrNull(a.DisplayName), core.StringOrNull(a.Type)
	m.ManageNewDevices, m.AcceptedCapabilities = types.BoolValue(a.ManageNewDevices), core.SetOrEmpty(a.AcceptedCapabilities)
	m.CustomMetadata, m.CustomerKey = core.ConfiguredMetadata(m.CustomMetadata, a.Metadata()), core.StringOrNull(a.CustomerKey)
	m.CreatedAt = core.PreserveSpelling(a.CreatedAt, m.CreatedAt)
}

func (m *connectedAccount) Delete(ctx context.Context, op *core.Request[connectedAccount]) error {
	if m.OnDestroy.ValueString() != "delete" {
		return nil
	}
	return core.WithTimeout(ctx, op.Timeout, func(ctx context.Context) error {
		return op.Client.DeleteConnectedAccount(ctx, m.Ref())
	})
}
