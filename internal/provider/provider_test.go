package provider

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// clearEnvironment empties what the developer's shell may have set.
func clearEnvironment(t *testing.T) {
	t.Helper()
	for _, name := range []string{"SEAM_API_KEY", "SEAM_PERSONAL_ACCESS_TOKEN", "SEAM_WORKSPACE_ID", "SEAM_ENDPOINT"} {
		t.Setenv(name, "")
	}
}

func TestProvider_invalidConfigurationIsExplained(t *testing.T) {
	clearEnvironment(t)
	const key, token = "seam_test1_key", "seam_at1_token"
	type testCase struct {
		settings values
		says     []string
	}
	forEach(t, map[string]testCase{
		"nothing":                    {values{}, []string{"no Seam credentials", "SEAM_API_KEY"}},
		"both":                       {values{"api_key": key, "personal_access_token": token, "workspace_id": "w"}, []string{"Both an API key and a personal access token are given", "Keep one of the two"}},
		"token without a workspace":  {values{"personal_access_token": token}, []string{"is valid for many workspaces, and none is named", "Set SEAM_WORKSPACE_ID (or workspace_id)"}},
		"token as a key":             {values{"api_key": token}, []string{"The API key is a personal access token", "SEAM_PERSONAL_ACCESS_TOKEN"}},
		"key with a line break":      {values{"api_key": key + "\n"}, []string{"line break", "Copy"}},
		"plain http":                 {values{"api_key": key, "endpoint": "http://seam.example"}, []string{"http://seam.example", "would carry credentials and PINs unencrypted", "Use https"}},
		"endpoint that is no URL":    {values{"api_key": key, "endpoint": "seam.example"}, []string{"endpoint", "https://host"}},
		"endpoint with credentials":  {values{"api_key": key, "endpoint": "https://a:b@seam.example"}, []string{"endpoint", "https://host"}},
		"endpoint of another scheme": {values{"api_key": key, "endpoint": "ftp://seam.example"}, []string{"https"}},
		"loopback in name only":      {values{"api_key": key, "endpoint": "http://localhost.seam.example"}, []string{"unencrypted"}},
	}, func(h *harness, test testCase) {
		h.ProviderConfig = test.settings
		h.restart()
		h.requireError(h.Diags, append(test.says, "Unable to configure the Seam provider")...)
		requireAbsent(h.t, errorText(h.Diags), key, token)
		requireEqual(h.t, "requests", len(h.seam.Requests()), 0)
	})
}

func TestProvider_plainHTTPToLocalhost(t *testing.T) {
	for _, endpoint := range []string{"http://localhost:8080", "http://127.0.0.1:8080/", "http://[::1]:8080"} {
		withHarness(t, func(h *harness) {
			h.configure(values{"endpoint": endpoint})
			h.restart()
			h.requireNoDiagnostics(h.Diags)
			h.requireNoError(h.apply(guestConfig(h)))
		})
	}
}

func TestProvider_unknownConfigurationStillPlans(t *testing.T) {
	arguments := named("api_key", "endpoint", "workspace_id", "max_retries", "request_timeout", "removal_receipts")
	forEach(t, arguments, func(h *harness, argument string) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.configure(values{argument: unknownValue{}})
		h.restart()
		h.requireNoDiagnostics(h.Diags)
		before := len(h.seam.Requests())
		h.requireStateUnchanged(func() {
			h.requireWarningOnly(h.refresh(), "Not refreshed", "not known yet")
		})
		h.requireCleanPlan(guestConfig(h).with(values{"name": "Other"}), "name")
		h.requireStateUnchanged(func() {
			h.requireError(h.ApplyWithoutRefresh(guestConfig(h).with(values{"name": "Other"})), "not configured")
		})
		h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), "not configured") })
		state := h.State
		h.State = h.NullState()
		h.requireNoError(h.plan(guestConfig(h)).Diags)
		h.requireError(h.ApplyWithoutRefresh(guestConfig(h)), "not configured")
		h.State = state
		requireEqual(h.t, "requests", len(h.seam.Requests()), before)
	})
}

func TestProvider_configurationFromTheEnvironment(t *testing.T) {
	text := types.StringValue
	everything := map[string]string{"SEAM_API_KEY": "env-key", "SEAM_PERSONAL_ACCESS_TOKEN": "env-token", "SEAM_WORKSPACE_ID": "env-workspace", "SEAM_ENDPOINT": "https://env"}
	for name, test := range map[string]struct {
		settings providerModel
		env      map[string]string
		want     seam.Config
	}{
		"key from the environment":       {providerModel{}, map[string]string{"SEAM_API_KEY": "env-key"}, seam.Config{APIKey: "env-key"}},
		"token from the environment":     {providerModel{}, map[string]string{"SEAM_PERSONAL_ACCESS_TOKEN": "env-token", "SEAM_WORKSPACE_ID": "env-workspace"}, seam.Config{PersonalAccessToken: "env-token", WorkspaceID: "env-workspace"}},
		"key and assertion":              {providerModel{}, map[string]string{"SEAM_API_KEY": "env-key", "SEAM_WORKSPACE_ID": "env-workspace"}, seam.Config{APIKey: "env-key", WorkspaceID: "env-workspace"}},
		"both in the environment":        {providerModel{}, everything, seam.Config{APIKey: "env-key", PersonalAccessToken: "env-token", WorkspaceID: "env-workspace", Endpoint: "https://env"}},
		"a key wins over everything":     {providerModel{APIKey: text("key")}, everything, seam.Config{APIKey: "key", Endpoint: "https://env"}},
		"key and workspace as arguments": {providerModel{APIKey: text("key"), WorkspaceID: text("workspace")}, everything, seam.Config{APIKey: "key", WorkspaceID: "workspace", Endpoint: "https://env"}},
		"a token, its workspace outside": {providerModel{PersonalAccessToken: text("token")}, everything, seam.Config{PersonalAccessToken: "token", WorkspaceID: "env-workspace", Endpoint: "https://env"}},
		"workspace only as an argument":  {providerModel{WorkspaceID: text("workspace")}, map[string]string{"SEAM_API_KEY": "env-key", "SEAM_WORKSPACE_ID": "env-workspace"}, seam.Config{APIKey: "env-key", WorkspaceID: "workspace"}},
		"endpoint as an argument":        {providerModel{Endpoint: text("https://argument")}, map[string]string{"SEAM_ENDPOINT": "https://env"}, seam.Config{Endpoint: "https://argument"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := test.settings.clientConfig(func(name string) string { return test.env[name] })
			test.want.MaxRetries = seam.DefaultMaxRetries
			if got.APIKey != test.want.APIKey || got.PersonalAccessToken != test.want.PersonalAccessToken || got.WorkspaceID != test.want.WorkspaceID || got.Endpoint != test.want.Endpoint || got.MaxRetries != test.want.MaxRetries {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestProvider_environmentIsUsed(t *testing.T) {
	clearEnvironment(t)
	withHarness(t, func(h *harness) {
		t.Setenv("SEAM_PERSONAL_ACCESS_TOKEN", h.seam.Workspace().PersonalAccessToken)
		t.Setenv("SEAM_WORKSPACE_ID", h.seam.Workspace().ID)
		h.ProviderConfig = values{}
		h.restart()
		h.requireNoError(h.apply(guestConfig(h)))
		for _, r := range h.seam.Requests() {
			if r.Header.Get("Seam-Workspace") != h.seam.Workspace().ID {
				t.Errorf("%s without the workspace", r.Path)
			}
		}
	})
}

func TestProvider_userAgentNamesProviderAndCLI(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		for _, r := range h.seam.Requests() {
			if got := r.Header.Get("User-Agent"); got != "terraform-provider-seam/test (+terraform/1.11.4)" {
				t.Errorf("%s as %q", r.Path, got)
			}
		}
	})
}

func TestProvider_retriesAndTimeoutsAreConfigurable(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.configure(values{"max_retries": 0, "request_timeout": "2s"})
		h.disableBulkRead()
		h.requireNoError(h.apply(guestConfig(h)))
		h.seam.ResetRequests()
		fault := h.seam.InjectFault(status500Fault(getPath))
		h.requireError(h.refresh(), "HTTP 500")
		h.requireRequests(getPath, 1)
		fault.Remove()
		h.seam.InjectFault(slowFault(getPath))
		h.requireWithin(2*time.Second, 2100*time.Millisecond, func() { h.requireError(h.refresh(), "no answer from Seam") })
	})
	for argument, value := range map[string]any{"max_retries": -1, "request_timeout": "soon", "endpoint": "", "api_key": ""} {
		if diags := validateProviderConfig(t, values{argument: value}); !hasError(diags) {
			t.Errorf("%s = %v is accepted", argument, value)
		}
	}
}
