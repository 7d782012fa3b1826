package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// environment empties what the developer's shell may have set.
func environment(t *testing.T) {
	t.Helper()
	for _, name := range []string{"SEAM_API_KEY", "SEAM_PERSONAL_ACCESS_TOKEN", "SEAM_WORKSPACE_ID", "SEAM_ENDPOINT"} {
		t.Setenv(name, "")
	}
}

func TestProviderSaysWhatIsWrongWithItsConfiguration(t *testing.T) {
	environment(t)
	const key, token = "seam_test1_key", "seam_at1_token"
	for name, test := range map[string]struct {
		settings values
		says     []string
	}{
		"nothing":                    {values{}, []string{"no Seam credentials", "SEAM_API_KEY"}},
		"both":                       {values{"api_key": key, "personal_access_token": token, "workspace_id": "w"}, []string{"Both", "Keep one"}},
		"token without a workspace":  {values{"personal_access_token": token}, []string{"SEAM_WORKSPACE_ID", "workspace_id"}},
		"token as a key":             {values{"api_key": token}, []string{"is a personal access token", "SEAM_PERSONAL_ACCESS_TOKEN"}},
		"key with a line break":      {values{"api_key": key + "\n"}, []string{"line break", "Copy"}},
		"plain http":                 {values{"api_key": key, "endpoint": "http://seam.example"}, []string{"http://seam.example", "unencrypted", "https"}},
		"endpoint that is no URL":    {values{"api_key": key, "endpoint": "seam.example"}, []string{"endpoint", "https://host"}},
		"endpoint with credentials":  {values{"api_key": key, "endpoint": "https://a:b@seam.example"}, []string{"endpoint", "https://host"}},
		"endpoint of another scheme": {values{"api_key": key, "endpoint": "ftp://seam.example"}, []string{"https"}},
		"loopback in name only":      {values{"api_key": key, "endpoint": "http://localhost.seam.example"}, []string{"unencrypted"}},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.settings = test.settings
				w.restart()
				w.fails(w.said, append(test.says, "Unable to configure the Seam provider")...)
				if said := text(w.said, 1); strings.Contains(said, key) || strings.Contains(said, token) {
					t.Errorf("a credential is in the error: %s", said)
				}
				if len(w.seam.Requests()) > 0 {
					t.Error("Seam was called")
				}
			})
		})
	}
}

func TestPlainHTTPToThisMachine(t *testing.T) {
	for _, endpoint := range []string{"http://localhost:8080", "http://127.0.0.1:8080/", "http://[::1]:8080"} {
		inWorld(t, func(w *world) {
			w.settings = w.settings.with(values{"endpoint": endpoint})
			w.restart()
			w.silent(w.said)
			w.ok(w.apply(guest(w)))
		})
	}
}

func TestUnknownProviderConfigurationStillPlans(t *testing.T) {
	for argument := range map[string]bool{"api_key": true, "endpoint": true, "workspace_id": true, "max_retries": true, "request_timeout": true, "removal_receipts": true} {
		t.Run(argument, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.ok(w.apply(guest(w)))
				w.settings = w.settings.with(values{argument: unknown{}})
				w.restart()
				w.silent(w.said)
				before := len(w.seam.Requests())
				w.keeps(func() {
					diags := w.refresh()
					w.ok(diags)
					w.warns(diags, "Not refreshed", "not known yet")
				})
				if p := w.plan(guest(w).with(values{"name": "Other"})); p.errors() != "" || len(p.changes()) != 1 {
					t.Errorf("the plan changes %q: %s", p.changes(), p.errors())
				}
				w.keeps(func() { w.fails(w.put(guest(w).with(values{"name": "Other"})), "not configured") })
				w.keeps(func() { w.fails(w.delete(), "not configured") })
				state := w.state
				w.state = w.none()
				if p := w.plan(guest(w)); p.errors() != "" {
					t.Errorf("the plan of a new code: %s", p.errors())
				}
				w.fails(w.put(guest(w)), "not configured")
				w.state = state
				if len(w.seam.Requests()) != before {
					t.Error("Seam was called")
				}
			})
		})
	}
}

func TestSettingsFromTheEnvironment(t *testing.T) {
	text := types.StringValue
	everything := map[string]string{"SEAM_API_KEY": "env-key", "SEAM_PERSONAL_ACCESS_TOKEN": "env-token", "SEAM_WORKSPACE_ID": "env-workspace", "SEAM_ENDPOINT": "https://env"}
	for name, test := range map[string]struct {
		settings settings
		env      map[string]string
		want     seam.Config
	}{
		"key from the environment":       {settings{}, map[string]string{"SEAM_API_KEY": "env-key"}, seam.Config{APIKey: "env-key"}},
		"token from the environment":     {settings{}, map[string]string{"SEAM_PERSONAL_ACCESS_TOKEN": "env-token", "SEAM_WORKSPACE_ID": "env-workspace"}, seam.Config{PersonalAccessToken: "env-token", WorkspaceID: "env-workspace"}},
		"key and assertion":              {settings{}, map[string]string{"SEAM_API_KEY": "env-key", "SEAM_WORKSPACE_ID": "env-workspace"}, seam.Config{APIKey: "env-key", WorkspaceID: "env-workspace"}},
		"both in the environment":        {settings{}, everything, seam.Config{APIKey: "env-key", PersonalAccessToken: "env-token", WorkspaceID: "env-workspace", Endpoint: "https://env"}},
		"a key wins over everything":     {settings{APIKey: text("key")}, everything, seam.Config{APIKey: "key", Endpoint: "https://env"}},
		"key and workspace as arguments": {settings{APIKey: text("key"), WorkspaceID: text("workspace")}, everything, seam.Config{APIKey: "key", WorkspaceID: "workspace", Endpoint: "https://env"}},
		"a token, its workspace outside": {settings{PersonalAccessToken: text("token")}, everything, seam.Config{PersonalAccessToken: "token", WorkspaceID: "env-workspace", Endpoint: "https://env"}},
		"workspace only as an argument":  {settings{WorkspaceID: text("workspace")}, map[string]string{"SEAM_API_KEY": "env-key", "SEAM_WORKSPACE_ID": "env-workspace"}, seam.Config{APIKey: "env-key", WorkspaceID: "workspace"}},
		"endpoint as an argument":        {settings{Endpoint: text("https://argument")}, map[string]string{"SEAM_ENDPOINT": "https://env"}, seam.Config{Endpoint: "https://argument"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := test.settings.client(func(name string) string { return test.env[name] })
			test.want.MaxRetries = seam.DefaultMaxRetries
			if got.APIKey != test.want.APIKey || got.PersonalAccessToken != test.want.PersonalAccessToken || got.WorkspaceID != test.want.WorkspaceID || got.Endpoint != test.want.Endpoint || got.MaxRetries != test.want.MaxRetries {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestEnvironmentIsUsed(t *testing.T) {
	environment(t)
	inWorld(t, func(w *world) {
		t.Setenv("SEAM_PERSONAL_ACCESS_TOKEN", w.seam.Workspace().PersonalAccessToken)
		t.Setenv("SEAM_WORKSPACE_ID", w.seam.Workspace().ID)
		w.settings = values{}
		w.restart()
		w.ok(w.apply(guest(w)))
		for _, r := range w.seam.Requests() {
			if r.Header.Get("Seam-Workspace") != w.seam.Workspace().ID {
				t.Errorf("%s without the workspace", r.Path)
			}
		}
	})
}

func TestUserAgentNamesProviderAndCLI(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(guest(w)))
		for _, r := range w.seam.Requests() {
			if got := r.Header.Get("User-Agent"); got != "terraform-provider-seam/test (+terraform/1.11.4)" {
				t.Errorf("%s as %q", r.Path, got)
			}
		}
	})
}

func TestRetriesAndTimeoutsAreConfigurable(t *testing.T) {
	inWorld(t, func(w *world) {
		w.settings = w.settings.with(values{"max_retries": 0, "request_timeout": "2s"})
		w.oneByOne()
		w.ok(w.apply(guest(w)))
		w.seam.ResetRequests()
		fault := w.seam.InjectFault(faulty500(getPath))
		w.fails(w.refresh(), "HTTP 500")
		w.asked(getPath, 1)
		fault.Remove()
		w.seam.InjectFault(slow(getPath))
		took := took(func() { w.fails(w.refresh(), "no answer from Seam") })
		if took.Seconds() < 2 || took.Seconds() > 2.1 {
			t.Errorf("took %v, want request_timeout = 2s", took)
		}
	})
	for argument, value := range map[string]any{"max_retries": -1, "request_timeout": "soon", "endpoint": "", "api_key": ""} {
		if diags := validateSettings(t, values{argument: value}); !failed(diags) {
			t.Errorf("%s = %v is accepted", argument, value)
		}
	}
}
