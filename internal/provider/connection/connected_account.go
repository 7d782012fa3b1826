package connection

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
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

var connectedAccounts = core.DeclareModel[connectedAccount](core.Noun[connectedAccount, seam.ConnectedAccount, seam.ConnectedAccountInput]{
	Name: "connected_account", Plural: "connected_accounts",
	Doc: "The account of a manufacturer that a person has connected to Seam, with its devices.",
	ResourceDoc: "Create starts managing an existing account, by its ID or email address; destroy stops managing it (see `on_destroy`). Arguments that are not set are left unchanged on the account.\n\n" +
		"Deleting an account is the opposite of revoking access: **its PINs stay on the locks**, and Seam can no longer remove them. So it fails while access codes or backup codes are managed on its locks, or credentials in its access systems.",
	ListDoc:    "Finds the connected accounts of the workspace.",
	API:        seam.ConnectedAccounts,
	Attributes: connectedAccountAttributes(),
	Filters:    map[string]string{"customer_key": "Customer that they belong to.", "search": "Search text."},
	FromAPI:    func(m *connectedAccount, a seam.ConnectedAccount) { m.fromAPI(a) },
	Label:      func(a seam.ConnectedAccount) string { return a.DisplayName },
})

func connectedAccountAttributes() map[string]schema.Attribute {
	kept := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	return map[string]schema.Attribute{
		"id": core.ComputedStable("Same as `connected_account_id`."),
		"connected_account_id": schema.StringAttribute{
			MarkdownDescription: "ID of the account. Either this or `email`. Changing this replaces the resource.", Optional: true, Computed: true,
			PlanModifiers: append(kept, stringplanmodifier.RequiresReplaceIfConfigured()),
			Validators:    []validator.String{stringvalidator.LengthAtLeast(1), stringvalidator.ExactlyOneOf(path.MatchRoot("email"))},
		},
		"email": schema.StringAttribute{
			MarkdownDescription: "Email address with which the account was connected. Changing this replaces the resource; adding or removing it does not.", Optional: true, Validators: core.NonEmpty,
		},
		"display_name": schema.StringAttribute{
			MarkdownDescription: "Name of the account in Seam. Removing the argument keeps the last name.", Optional: true, Computed: true,
			PlanModifiers: kept, Validators: []validator.String{stringvalidator.LengthBetween(1, 255)},
		},
		"automatically_manage_new_devices": schema.BoolAttribute{
			MarkdownDescription: "Whether Seam manages devices that are added to the account later. Seam bills for managed devices.", Optional: true, Computed: true,
			PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
		},
		"accepted_capabilities": schema.SetAttribute{
			MarkdownDescription: "Capabilities of devices that Seam takes from the account, such as `lock` or `access_control`.", Optional: true, Computed: true, ElementType: types.StringType,
			Validators: noEmptyText, PlanModifiers: []planmodifier.Set{setplanmodifier.UseStateForUnknown()},
		},
		"custom_metadata": core.MetadataAttribute("account", core.OthersStay("account")+" If the account is connected again, the metadata of the Connect Webview replaces them."),
		"customer_key": schema.StringAttribute{
			MarkdownDescription: "Key of the customer to whom the account belongs. Seam sets it once, and cannot change or clear it.", Optional: true, Computed: true,
			PlanModifiers: kept, Validators: core.NonEmpty,
		},
		"account_type": core.ComputedStable("Kind of account, such as `yale_access`."),
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

func (m *connectedAccount) Create(ctx context.Context, op *core.Request[connectedAccount]) error {
	var found seam.ConnectedAccount
	workspace, err := op.Client.Workspace(ctx)
	switch {
	case err != nil:
	case m.Email.IsNull():
		found, err = seam.ConnectedAccounts.Get(ctx, op.Client, seam.Ref{ID: m.ConnectedAccountID.ValueString(), WorkspaceID: workspace})
	default:
		found, err = op.Client.ConnectedAccountByEmail(ctx, m.Email.ValueString())
	}
	if err != nil {
		return err
	}
	return m.apply(ctx, op.Client, seam.Ref{ID: found.ID, WorkspaceID: workspace}, found, nil)
}

func (m *connectedAccount) Update(ctx context.Context, op *core.Request[connectedAccount]) error {
	found, err := seam.ConnectedAccounts.Get(ctx, op.Client, op.Prior.Ref())
	if err != nil {
		return err
	}
	return m.apply(ctx, op.Client, op.Prior.Ref(), found, core.TextsOf(op.Prior.CustomMetadata))
}

// apply changes what differs from the account as it is. The model gets its ID last: an account that
// could not be changed must not get into the state, where a later apply would replace it.
func (m *connectedAccount) apply(ctx context.Context, client *seam.Client, ref seam.Ref, found seam.ConnectedAccount, managed map[string]string) (err error) {
	if err := m.check(found); err != nil {
		return err
	}
	if in := m.changes(found, managed); !reflect.ValueOf(in).IsZero() {
		if found, err = seam.ConnectedAccounts.Update(ctx, client, ref, in); err != nil {
			return err
		}
	}
	m.Identify(ref.WorkspaceID, ref.ID)
	m.fromAPI(found)
	return nil
}

func (m *connectedAccount) check(found seam.ConnectedAccount) error {
	if key := m.CustomerKey.ValueString(); key != "" && found.CustomerKey != "" && key != found.CustomerKey {
		return core.WithAdvice(fmt.Errorf("connected account %s has the customer key %s, and Seam sets it only once", found.ID, found.CustomerKey), "Set customer_key to that, or remove it.")
	}
	if email := m.Email.ValueString(); email != "" && !found.IsOf(email) {
		return core.WithAdvice(errors.New("connected account "+found.ID+" has another email address than the configured one"), "Correct email, or use connected_account_id.")
	}
	return nil
}

// changes are the arguments that differ from the account. Metadata that Terraform does not manage stays.
func (m *connectedAccount) changes(found seam.ConnectedAccount, managed map[string]string) seam.ConnectedAccountInput {
	in := seam.ConnectedAccountInput{DisplayName: changed(m.DisplayName, found.DisplayName), CustomerKey: changed(m.CustomerKey, found.CustomerKey)}
	if !m.ManageNewDevices.IsNull() && !m.ManageNewDevices.IsUnknown() && m.ManageNewDevices.ValueBool() != found.ManageNewDevices {
		in.ManageNewDevices = m.ManageNewDevices.ValueBoolPointer()
	}
	if !m.AcceptedCapabilities.IsNull() && !m.AcceptedCapabilities.IsUnknown() && !m.AcceptedCapabilities.Equal(core.SetOrEmpty(found.AcceptedCapabilities)) {
		in.AcceptedCapabilities = core.StringsOrNil(m.AcceptedCapabilities)
	}
	wanted, shown := core.TextsOf(m.CustomMetadata), found.Metadata()
	metadata := maps.Clone(found.CustomMetadata)
	if metadata == nil {
		metadata = map[string]any{}
	}
	different := false
	for key := range managed {
		if _, there := shown[key]; there && wanted[key] == "" {
			metadata[key], different = nil, true
		}
	}
	for key, text := range wanted {
		if shown[key] != text {
			metadata[key], different = text, true
		}
	}
	if different {
		in.CustomMetadata = metadata
	}
	return in
}

func changed(planned types.String, held string) *string {
	if planned.IsNull() || planned.IsUnknown() || planned.ValueString() == held {
		return nil
	}
	return planned.ValueStringPointer()
}

func (m *connectedAccount) Read(ctx context.Context, op *core.Request[connectedAccount]) error {
	found, err := seam.ConnectedAccounts.Refresh(ctx, op.Client, m.Ref())
	if err != nil {
		return m.ReadError(err)
	}
	workspace, err := op.Client.Workspace(ctx)
	m.Identify(workspace, found.ID)
	m.fromAPI(found)
	return err
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
