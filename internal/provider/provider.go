// Package provider is the Terraform side: the configuration, the process around it, and the
// list of what it offers. The nouns are in packages of their own, on top of the generic core.
package provider

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// New makes a provider of the given version.
func New(version string) provider.Provider { return &seamProvider{version: version} }

var (
	_ provider.ProviderWithActions            = (*seamProvider)(nil)
	_ provider.ProviderWithEphemeralResources = (*seamProvider)(nil)
	_ provider.ProviderWithFunctions          = (*seamProvider)(nil)
	_ provider.ProviderWithListResources      = (*seamProvider)(nil)
)

type seamProvider struct {
	version        string
	overrideConfig func(*seam.Config) // tests only: another way to Seam
}

// providerModel is the provider's arguments.
type providerModel struct {
	APIKey              types.String `tfsdk:"api_key"`
	PersonalAccessToken types.String `tfsdk:"personal_access_token"`
	WorkspaceID         types.String `tfsdk:"workspace_id"`
	Endpoint            types.String `tfsdk:"endpoint"`
	MaxRetries          types.Int64  `tfsdk:"max_retries"`
	RequestTimeout      types.String `tfsdk:"request_timeout"`
	BulkRead            types.Bool   `tfsdk:"bulk_read"`
	RemovalReceipts     types.String `tfsdk:"removal_receipts"`
}

func (p *seamProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName, resp.Version = "seam", p.version
}

func (p *seamProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	notEmpty := []validator.String{stringvalidator.LengthAtLeast(1)}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Keep access to smart locks in a repository: PINs are put on locks through [Seam](https://www.seam.co), and a PIN counts as removed only when that is proven.",
		Attributes: map[string]schema.Attribute{
			"api_key": schema.StringAttribute{
				MarkdownDescription: "API key of one workspace. Environment: `SEAM_API_KEY`, read if no credential is set here.",
				Optional:            true, Sensitive: true, Validators: notEmpty,
			},
			"personal_access_token": schema.StringAttribute{
				MarkdownDescription: "Personal access token, used together with `workspace_id` instead of an API key. Environment: `SEAM_PERSONAL_ACCESS_TOKEN`, read if no credential is set here.",
				Optional:            true, Sensitive: true, Validators: notEmpty,
			},
			"workspace_id": schema.StringAttribute{
				MarkdownDescription: "Workspace to work in. Needed with a personal access token; beside an API key it is an assertion: a key of another workspace is refused. Environment: `SEAM_WORKSPACE_ID`, not read if `api_key` is set here.",
				Optional:            true, Validators: notEmpty,
			},
			"endpoint": schema.StringAttribute{
				MarkdownDescription: "Address of the Seam API, `" + seam.DefaultEndpoint + "` by default. Plain `http` is accepted only for this machine. Environment: `SEAM_ENDPOINT`.",
				Optional:            true, Validators: notEmpty,
			},
			"max_retries": schema.Int64Attribute{
				MarkdownDescription: fmt.Sprintf("How often a call that failed for a passing reason (no connection, HTTP 429 or 5xx) is repeated, with growing pauses; %d by default. A create that may have arrived is looked for on the lock before anything else.", seam.DefaultMaxRetries),
				Optional:            true, Validators: []validator.Int64{int64validator.Between(0, 100)},
			},
			"request_timeout": schema.StringAttribute{
				MarkdownDescription: fmt.Sprintf("How long one exchange with Seam may take, such as `10s`; %v by default.", seam.DefaultRequestTimeout),
				Optional:            true, Validators: []validator.String{core.CheckString("A positive duration such as 10s or 2m.", "Invalid duration", describeInvalidDuration)},
			},
			"bulk_read": schema.BoolAttribute{
				MarkdownDescription: "Whether one list answers for all codes on a lock, and one for all pending action attempts; true by default. A list serves for a minute, or until this run writes to the lock, and that something is absent from it never counts as a proof. With false, each is asked for by itself: more requests, and nothing else changes.",
				Optional:            true,
			},
			"removal_receipts": schema.StringAttribute{
				MarkdownDescription: "File to which each removal that ended appends one line of JSON: what was removed from which lock, by id and by name, in which mode, and the answers that prove it. It has to be a regular file. Holds no PIN. None by default.",
				Optional:            true, Validators: notEmpty,
			},
		},
	}
}

// Configure makes no request: what the credentials are good for shows with the first
// object.
func (p *seamProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var s providerModel
	if !core.Decode(ctx, &resp.Diagnostics, req.Config, &s) || s.hasUnknown() {
		return
	}
	config := s.clientConfig(os.Getenv)
	config.UserAgent = fmt.Sprintf("terraform-provider-seam/%s (+terraform/%s)", p.version, req.TerraformVersion)
	config.Log = func(ctx context.Context, message string, fields map[string]any) { tflog.Debug(ctx, message, fields) }
	if p.overrideConfig != nil {
		p.overrideConfig(&config)
	}
	client, err := seam.New(config)
	if err != nil {
		resp.Diagnostics.AddError("Unable to configure the Seam provider", err.Error()+"\n\n"+core.Advice(err, ""))
		return
	}
	resp.ResourceData, resp.DataSourceData, resp.ListResourceData, resp.EphemeralResourceData, resp.ActionData = client, client, client, client, client
}

// hasUnknown reports whether an argument is known only after apply. There is no client
// then, and the plan goes on without one.
func (s providerModel) hasUnknown() bool {
	return s.APIKey.IsUnknown() || s.PersonalAccessToken.IsUnknown() || s.WorkspaceID.IsUnknown() || s.Endpoint.IsUnknown() ||
		s.MaxRetries.IsUnknown() || s.RequestTimeout.IsUnknown() || s.BulkRead.IsUnknown() || s.RemovalReceipts.IsUnknown()
}

// clientConfig merges the arguments with the environment. Credentials come from one place
// only, so that a leftover variable never mixes with an argument.
func (s providerModel) clientConfig(env func(string) string) seam.Config {
	config := seam.Config{
		APIKey:              s.APIKey.ValueString(),
		PersonalAccessToken: s.PersonalAccessToken.ValueString(),
		WorkspaceID:         s.WorkspaceID.ValueString(),
		Endpoint:            s.Endpoint.ValueString(),
		MaxRetries:          seam.DefaultMaxRetries,
		DisableBulkReads:    !s.BulkRead.IsNull() && !s.BulkRead.ValueBool(),
		ReceiptsFile:        s.RemovalReceipts.ValueString(),
	}
	if s.APIKey.IsNull() && s.PersonalAccessToken.IsNull() {
		config.APIKey, config.PersonalAccessToken = env("SEAM_API_KEY"), env("SEAM_PERSONAL_ACCESS_TOKEN")
	}
	if s.APIKey.IsNull() && s.WorkspaceID.IsNull() {
		config.WorkspaceID = env("SEAM_WORKSPACE_ID")
	}
	if s.Endpoint.IsNull() {
		config.Endpoint = env("SEAM_ENDPOINT")
	}
	if !s.MaxRetries.IsNull() {
		config.MaxRetries = int(s.MaxRetries.ValueInt64())
	}
	if timeout, err := time.ParseDuration(s.RequestTimeout.ValueString()); err == nil {
		config.RequestTimeout = timeout
	}
	return config
}

// describeInvalidDuration says what is wrong with a duration; nothing if it is valid.
func describeInvalidDuration(text string) string {
	if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return ""
	}
	return "Write a number above zero and a unit, such as 10s or 2m."
}
