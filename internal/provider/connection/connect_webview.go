package connection

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// connectWebview is the model of seam_connect_webview.
type connectWebview struct {
	core.Managed
	AcceptedProviders    types.Set    `tfsdk:"accepted_providers"`
	ExcludedProviders    types.Set    `tfsdk:"excluded_providers"`
	ProviderCategory     types.String `tfsdk:"provider_category"`
	AcceptedCapabilities types.Set    `tfsdk:"accepted_capabilities"`
	ManageNewDevices     types.Bool   `tfsdk:"automatically_manage_new_devices"`
	WaitForDevices       types.Bool   `tfsdk:"wait_for_device_creation"`
	CustomMetadata       types.Map    `tfsdk:"custom_metadata"`
	RedirectURL          types.String `tfsdk:"custom_redirect_url"`
	RedirectFailureURL   types.String `tfsdk:"custom_redirect_failure_url"`
	CustomerKey          types.String `tfsdk:"customer_key"`
	URL                  types.String `tfsdk:"url"`
	Status               types.String `tfsdk:"status"`
	ConnectedAccountID   types.String `tfsdk:"connected_account_id"`
	SelectedProvider     types.String `tfsdk:"selected_provider"`
	AuthorizedAt         types.String `tfsdk:"authorized_at"`
	CreatedAt            types.String `tfsdk:"created_at"`
}

var connectWebviews = core.Declare(core.Noun[connectWebview, seam.ConnectWebview, seam.ConnectWebviewInput]{
	Name: "connect_webview", Plural: "connect_webviews",
	Doc: "A web page on which a person connects the account of a manufacturer to Seam.",
	ResourceDoc: "Give `url` to the person. Once the person has finished, a refresh sets `connected_account_id`, and the resource never needs a change again, even if Seam deletes the page. " +
		"Destroy deletes the page; the account stays connected.\n\n**`url` is a secret**: whoever has it can connect an account to the workspace. It is stored in the state.",
	ListDoc:      "Finds the Connect Webviews of the workspace. Results do not include URLs; after an import, the state holds them.",
	API:          seam.ConnectWebviews,
	Attributes:   connectWebviewAttributes(),
	ResourceOnly: []string{"excluded_providers", "provider_category"},
	Filters:      map[string]string{"customer_key": "Customer that they belong to.", "search": "Search text."},
	FromAPI:      func(m *connectWebview, w seam.ConnectWebview) { m.fromAPI(w) },
	ToAPI:        func(m, prior *connectWebview) seam.ConnectWebviewInput { return m.input(prior) },
	Label:        func(w seam.ConnectWebview) string { return w.Status },
})

func connectWebviewAttributes() map[string]schema.Attribute {
	metadata := core.MetadataAttribute("page", "Seam copies them to the connected account. Changing this replaces the page.")
	metadata.Validators = append(metadata.Validators, mapvalidator.SizeAtLeast(1))
	metadata.PlanModifiers = []planmodifier.Map{mapplanmodifier.RequiresReplace()}
	return map[string]schema.Attribute{
		"accepted_providers":               replacingSet("Providers that the page offers, such as `yale`; the data source `seam_device_providers` lists them. All stable ones by default."),
		"excluded_providers":               core.OptionalSet("Providers that the page does not offer. " + core.CreateOnlyDescription),
		"provider_category":                core.OptionalString("Category of providers that the page offers, such as `stable` or `consumer_smartlocks`, instead of `accepted_providers`. " + core.CreateOnlyDescription),
		"accepted_capabilities":            replacingSet("Capabilities of devices that the page accepts, such as `lock` or `access_control`."),
		"automatically_manage_new_devices": replacingFlag("Whether Seam manages devices that are added to the account later. Seam bills for managed devices."),
		"wait_for_device_creation":         replacingFlag("Whether the page waits until Seam has found the devices."),
		"custom_metadata":                  metadata,
		"custom_redirect_url":              core.Replacing(core.OptionalString("URL that the page opens after a login. Changing this replaces the page.")),
		"custom_redirect_failure_url":      core.Replacing(core.OptionalString("URL that the page opens after a failed login. Changing this replaces the page.")),
		"customer_key":                     core.Replacing(core.OptionalString("Key of the customer to whom the page and the account belong. Changing this replaces the page.")),
		"url":                              schema.StringAttribute{MarkdownDescription: "URL of the page.", Computed: true, Sensitive: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}},
		"status":                           core.ComputedStable("`pending`, `authorized` or `failed`."),
		"connected_account_id":             core.ComputedStable("ID of the account that the person has connected; null until then."),
		"selected_provider":                core.ComputedStable("Provider that the person has chosen; null until then."),
		"authorized_at":                    core.ComputedStable("When the person finished, in RFC 3339 format; null until then."),
		"created_at":                       core.ComputedStable("When the page was created, in RFC 3339 format."),
	}
}

func replacingSet(description string) schema.SetAttribute {
	a := core.OptionalComputedSet(description + " Changing this replaces the page.")
	a.PlanModifiers = append(a.PlanModifiers, setplanmodifier.RequiresReplaceIfConfigured())
	return a
}

func replacingFlag(description string) schema.BoolAttribute {
	a := core.OptionalComputedBool(description + " Changing this replaces the page.")
	a.PlanModifiers = append(a.PlanModifiers, boolplanmodifier.RequiresReplaceIfConfigured())
	return a
}

// Plan replaces the page if an argument changes that Seam does not return. After an import the state
// has no value for it.
func (m *connectWebview) Plan(_ context.Context, p *core.PlanRequest[connectWebview]) {
	if p.Prior == nil {
		return
	}
	for name, values := range map[string][2]attr.Value{"excluded_providers": {p.Prior.ExcludedProviders, m.ExcludedProviders}, "provider_category": {p.Prior.ProviderCategory, m.ProviderCategory}} {
		if !values[0].IsNull() && !values[0].Equal(values[1]) {
			p.RequireReplace(name)
		}
	}
}

// input has nothing for a page that exists: only arguments that Seam does not return, and the timeouts,
// can change.
func (m *connectWebview) input(prior *connectWebview) seam.ConnectWebviewInput {
	if !prior.ID.IsNull() {
		return seam.ConnectWebviewInput{}
	}
	return seam.ConnectWebviewInput{
		AcceptedProviders: core.StringsOrNil(m.AcceptedProviders), ExcludedProviders: core.StringsOrNil(m.ExcludedProviders), ProviderCategory: m.ProviderCategory.ValueString(),
		AcceptedCapabilities: core.StringsOrNil(m.AcceptedCapabilities),
		ManageNewDevices:     core.KnownBool(m.ManageNewDevices),
		WaitForDevices:       core.KnownBool(m.WaitForDevices),
		CustomMetadata:       core.TextsOf(m.CustomMetadata), RedirectURL: m.RedirectURL.ValueString(), RedirectFailureURL: m.RedirectFailureURL.ValueString(),
		CustomerKey: m.CustomerKey.ValueString(),
	}
}

// Read keeps a page that Seam has deleted after an account was connected: a new one has no use.
func (m *connectWebview) Read(ctx context.Context, op *core.Request[connectWebview]) error {
	now, err := seam.ConnectWebviews.Refresh(ctx, op.Client, m.Ref())
	if _, gone := errors.AsType[*seam.NotFoundError](err); gone && m.Status.ValueString() == seam.WebviewAuthorized {
		return nil
	}
	if err != nil {
		return m.ReadError(err)
	}
	err = m.SetID(ctx, op.Client, now.ID)
	m.fromAPI(now)
	return err
}

func (m *connectWebview) fromAPI(w seam.ConnectWebview) {
	m.AcceptedProviders, m.AcceptedCapabilities = core.SetOrEmpty(w.AcceptedProviders), core.SetOrEmpty(w.AcceptedCapabilities)
	m.ManageNewDevices, m.WaitForDevices = types.BoolValue(w.ManageNewDevices), types.BoolValue(w.WaitForDevices)
	m.CustomMetadata, m.CustomerKey = core.MapOf(w.CustomMetadata), core.StringOrNull(w.CustomerKey)
	m.RedirectURL, m.RedirectFailureURL = core.StringOrNull(w.RedirectURL), core.StringOrNull(w.RedirectFailureURL)
	m.URL, m.Status, m.ConnectedAccountID = core.StringOrNull(w.URL), core.StringOrNull(w.Status), core.StringOrNull(w.ConnectedAccountID)
	m.SelectedProvider, m.AuthorizedAt = core.StringOrNull(w.SelectedProvider), core.PreserveSpelling(w.AuthorizedAt, m.AuthorizedAt)
	m.CreatedAt = core.PreserveSpelling(w.CreatedAt, m.CreatedAt)
}
