// Package provider is the Terraform provider: its configuration, its server, and the list of
// families. Nouns are in the family packages, built on core.
package provider

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
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
	overrideConfig func(*seam.Config) // tests only
	client         atomic.Pointer[seam.Client]
}

// providerModel is the provider configuration.
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
		MarkdownDescription: "Manage access to smart locks as code through [Seam](https://www.seam.co). A PIN counts as removed only when there is proof that it is off the lock.",
		Attributes: map[string]schema.Attribute{
			"api_key": schema.StringAttribute{
				MarkdownDescription: "API key of one workspace. Defaults to `SEAM_API_KEY` if no credential is configured.",
				Optional:            true, Sensitive: true, Validators: notEmpty,
			},
			"personal_access_token": schema.StringAttribute{
				MarkdownDescription: "Personal access token, used together with `workspace_id` instead of an API key. Defaults to `SEAM_PERSONAL_ACCESS_TOKEN` if no credential is configured.",
				Optional:            true, Sensitive: true, Validators: notEmpty,
			},
			"workspace_id": schema.StringAttribute{
				MarkdownDescription: "Workspace to use. Required with a personal access token. With an API key it is a check: a key for another workspace is refused. Defaults to `SEAM_WORKSPACE_ID`, unless `api_key` is configured.",
				Optional:            true, Validators: notEmpty,
			},
			"endpoint": schema.StringAttribute{
				MarkdownDescription: "URL of the Seam API; `" + seam.DefaultEndpoint + "` by default. Plain `http` is accepted only for localhost. Defaults to `SEAM_ENDPOINT` if that is set.",
				Optional:            true, Validators: notEmpty,
			},
			"max_retries": schema.Int64Attribute{
				MarkdownDescription: fmt.Sprintf("How many times to retry a request after a temporary failure (no connection, HTTP 429 or 5xx), with exponential backoff; %d by default. If a create's outcome is unknown, the provider searches the lock before retrying.", seam.DefaultMaxRetries),
				Optional:            true, Validators: []validator.Int64{int64validator.Between(0, 100)},
			},
			"request_timeout": schema.StringAttribute{
				MarkdownDescription: fmt.Sprintf("Timeout of a single request, such as `10s`; %v by default.", seam.DefaultRequestTimeout),
				Optional:            true, Validators: []validator.String{core.CheckString("A positive duration such as 10s or 2m.", "Invalid duration", describeInvalidDuration)},
			},
			"bulk_read": schema.BoolAttribute{
				MarkdownDescription: "Whether to read all codes on a lock, and all pending action attempts, with one list request each; true by default. A list is reused for a minute, or until this run writes to the lock. Absence from it is never treated as proof of removal. If false, each object is read separately, which only takes more requests.",
				Optional:            true,
			},
			"removal_receipts": schema.StringAttribute{
				MarkdownDescription: "File to which each completed removal appends one line of JSON: what was removed, by ID (with the name and the lock of an access code), the removal mode, the grade of the proof, and the responses that prove it. Must be a regular file, or a directory: an existing one, or a path that ends in `/`, which is created. In a directory, each run that removes something writes a new file `removals-*.jsonl`; use this where a CI runner collects artifacts. Contains no PINs. By default no receipts are written.",
				Optional:            true, Validators: notEmpty,
			},
		},
	}
}

// Configure makes no request. Credentials are checked when the first object is used.
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
	p.client.Store(client)
	resp.ResourceData, resp.DataSourceData, resp.ListResourceData, resp.EphemeralResourceData, resp.ActionData = client, client, client, client, client
}

// hasUnknown reports whether an argument is known only after apply. In that case there is no
// client, and the plan continues without one.
func (s providerModel) hasUnknown() bool {
	return s.APIKey.IsUnknown() || s.PersonalAccessToken.IsUnknown() || s.WorkspaceID.IsUnknown() || s.Endpoint.IsUnknown() ||
		s.MaxRetries.IsUnknown() || s.RequestTimeout.IsUnknown() || s.BulkRead.IsUnknown() || s.RemovalReceipts.IsUnknown()
}

// clientConfig merges the arguments with the environment. Credentials come from one place
// only, so that a stray environment variable never mixes with an argument.
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
	return "Use a positive number with a unit, such as 10s or 2m."
}
