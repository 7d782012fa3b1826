package connection

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// accountModel is the model of the data source seam_connected_account, and an entry of
// seam_connected_accounts.
type accountModel struct {
	ID                   types.String        `tfsdk:"id"`
	Email                types.String        `tfsdk:"email"`
	DisplayName          types.String        `tfsdk:"display_name"`
	AccountType          types.String        `tfsdk:"account_type"`
	AccountTypeName      types.String        `tfsdk:"account_type_display_name"`
	CustomerKey          types.String        `tfsdk:"customer_key"`
	ManageNewDevices     types.Bool          `tfsdk:"automatically_manage_new_devices"`
	AcceptedCapabilities []string            `tfsdk:"accepted_capabilities"`
	CustomMetadata       map[string]string   `tfsdk:"custom_metadata"`
	TimeZone             types.String        `tfsdk:"time_zone"`
	CreatedAt            types.String        `tfsdk:"created_at"`
	Errors               []core.ErrorModel   `tfsdk:"errors"`
	Warnings             []core.WarningModel `tfsdk:"warnings"`
}

func accountAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                               core.ComputedString("ID of the account."),
		"email":                            core.ComputedString("Email address with which it was connected; null if Seam does not say."),
		"display_name":                     core.ComputedString("Name in Seam."),
		"account_type":                     core.ComputedString("Kind of account, such as `yale_access`."),
		"account_type_display_name":        core.ComputedString("Kind of account, for people."),
		"customer_key":                     core.ComputedString("Customer to whom it belongs."),
		"automatically_manage_new_devices": core.ComputedBool("Whether Seam manages devices that are added to it later."),
		"accepted_capabilities":            core.ComputedStringList("Capabilities of devices that Seam takes from it."),
		"custom_metadata":                  schema.MapAttribute{MarkdownDescription: "Metadata on the account; booleans are written as `true` and `false`.", Computed: true, ElementType: types.StringType},
		"time_zone":                        core.ComputedString("Its time zone, such as `Europe/Paris`; null if unknown."),
		"created_at":                       core.ComputedString("When it was connected, in RFC 3339 format."),
		"errors":                           core.ComputedErrors(),
		"warnings":                         core.ComputedWarnings(),
	}
}

func flattenAccount(a seam.ConnectedAccount) accountModel {
	return accountModel{
		ID: types.StringValue(a.ID), Email: core.StringOrNull(a.UserIdentifier.Email), DisplayName: core.StringOrNull(a.DisplayName),
		AccountType: core.StringOrNull(a.Type), AccountTypeName: core.StringOrNull(a.TypeName), CustomerKey: core.StringOrNull(a.CustomerKey),
		ManageNewDevices: types.BoolValue(a.ManageNewDevices), AcceptedCapabilities: append([]string{}, a.AcceptedCapabilities...), CustomMetadata: a.Metadata(),
		TimeZone: core.StringOrNull(a.TimeZone), CreatedAt: core.TimeValue(a.CreatedAt), Errors: core.FlattenErrors(a.Errors), Warnings: core.FlattenWarnings(a.Warnings),
	}
}

func newAccountDataSource() datasource.DataSource {
	return core.NewLookupDataSource(core.LookupDataSource[seam.ConnectedAccount, accountModel]{
		Name: "connected_account", Doc: "The account of a manufacturer that a person has connected to Seam, with errors and suggested fixes.",
		By: "email", ByDoc: "Email address with which the account was connected.",
		Attributes: accountAttributes(), Get: (*seam.Client).ConnectedAccount, GetBy: (*seam.Client).ConnectedAccountByEmail, FromAPI: flattenAccount,
	})
}

func newAccountsDataSource() datasource.DataSource {
	return core.NewListDataSource(core.ListDataSource[seam.ConnectedAccount, accountModel]{
		Plural:  "connected_accounts",
		Doc:     "The connected accounts that match all arguments.",
		ListDoc: "The connected accounts, in Seam's order.",
		List:    seam.ConnectedAccounts.List,
		Arguments: map[string]core.ListArgument[seam.ConnectedAccount]{
			"customer_key": {Doc: "Customer to whom they belong.", Values: func(a seam.ConnectedAccount) []string { return []string{a.CustomerKey} }},
			"account_type": {Doc: "Kind of account, such as `yale_access`.", Values: func(a seam.ConnectedAccount) []string { return []string{a.Type} }, Local: true},
		},
		Entry:   accountAttributes(),
		FromAPI: flattenAccount,
	})
}
