package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestEventsTellHowARemovalEnded(t *testing.T) {
	inWorld(t, func(w *world) {
		start := time.Now().UTC().Format(time.RFC3339)
		w.ok(w.apply(values{"device_id": w.lock.ID, "code": "4821"}))
		id := w.id()
		later(time.Hour)
		middle := time.Now().UTC().Format(time.RFC3339)
		later(time.Hour)
		w.ok(w.destroy())
		other := w.createElsewhere(values{"device_id": w.seam.AddLock("Back Door").ID})
		kinds := func(config values) []string {
			return picked(w.reads("seam_events", config)["events"], "event_type")
		}
		removal := []string{"access_code.deleted", "access_code.removed_from_device", "access_code.failed_to_remove_from_device"}
		same(t, "removal", kinds(values{"since": start, "event_types": removal}), "[access_code.deleted access_code.removed_from_device]")
		same(t, "of the code", kinds(values{"since": start, "access_code_ids": []string{id}}), "[access_code.created access_code.deleted access_code.removed_from_device access_code.set_on_device]")
		same(t, "before", kinds(values{"since": start, "until": middle, "access_code_ids": []string{id, other}}), "[access_code.created access_code.set_on_device]")
		same(t, "after", kinds(values{"since": middle, "device_ids": []string{w.lock.ID}}), "[access_code.deleted access_code.removed_from_device]")
		same(t, "limited", len(kinds(values{"since": start, "limit": 1})), 1)
		if out := w.printed(w.reads("seam_events", values{"since": start})); strings.Contains(out, "4821") {
			t.Errorf("a PIN is in the events: %s", out)
		}
		w.cannotRead("seam_events", values{"since": "yesterday"}, "RFC 3339")
		w.cannotRead("seam_events", values{"since": start, "limit": 501}, "limit")
		w.cannotRead("seam_events", values{"since": start, "event_types": []string{"access_code.eaten"}}, "Unable to read events")
	})
}

func TestEventsAreNeverCutShortSilently(t *testing.T) {
	inWorld(t, func(w *world) {
		for range 260 {
			w.seam.RemoveUnmanagedAccessCode(w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"}))
		}
		w.cannotRead("seam_events", values{"since": "1999-01-01T00:00:00Z"}, "500 events or more", "Narrow since")
		same(t, "limited", len(picked(w.reads("seam_events", values{"since": "1999-01-01T00:00:00Z", "limit": 500})["events"], "event_id")), 500)
	})
}

func TestWorkspaceIsTheOneBehindTheCredentials(t *testing.T) {
	inWorld(t, func(w *world) {
		got := w.reads("seam_workspace", values{})
		same(t, "workspace", []any{got["id"], got["name"]}, []any{w.seam.Workspace().ID, "Workspace"})
		w.settings = w.settings.with(values{"workspace_id": nobody})
		w.restart()
		w.cannotRead("seam_workspace", values{}, "belong to workspace", "configured for workspace")
		w.settings = w.settings.with(values{"workspace_id": nil, "api_key": "seam_wrong"})
		w.restart()
		w.cannotRead("seam_workspace", values{}, "401", "Check the API key")
	})
}

func TestNothingIsReadOrDoneInAnotherWorkspaceThanTheConfigured(t *testing.T) {
	inWorld(t, func(w *world) {
		w.settings = w.settings.with(values{"workspace_id": nobody})
		w.restart()
		w.cannotRead("seam_device", values{"name": "Front Door"}, "belong to workspace", "configured for workspace")
		_, diags := w.list("seam_device", values{}, 10, false, 0)
		w.fails(diags, "belong to workspace")
		w.cannot("seam_unlock_door", values{"device_id": w.lock.ID}, "belong to workspace")
		_, diags = w.open("seam_client_session", values{})
		w.fails(diags, "belong to workspace")
		for _, path := range []string{"/devices/list", "/locks/unlock_door", "/client_sessions/create"} {
			w.asked(path, 0)
		}
	})
}

func TestActionAttemptTellsHowItEnded(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.OnLockAction(seamtest.LockActionBehavior{Outcome: seamtest.Fails, ErrorType: "hub_disconnected", ErrorMessage: "No hub, PIN 4821"})
		_, diags := w.invoke("seam_unlock_door", values{"device_id": w.lock.ID})
		id := strings.Fields(after(text(diags, tfprotov6.DiagnosticSeverityError), "action attempt "))[0]
		got := w.reads("seam_action_attempt", values{"id": id})
		same(t, "attempt", []any{got["action_type"], got["status"], got["error_type"], got["error_message"]}, []any{"UNLOCK_DOOR", "error", "hub_disconnected", "No hub, PIN ****"})
		if got["remedy"] == nil {
			t.Error("there is no remedy")
		}
		w.cannotRead("seam_action_attempt", values{"id": nobody}, "knows no action attempt", "says nothing about how it ended")
	})
}

func after(text, mark string) string {
	_, rest, _ := strings.Cut(text, mark)
	return rest
}

func TestDeviceProvidersAreShown(t *testing.T) {
	inWorld(t, func(w *world) {
		all := picked(w.reads("seam_device_providers", values{})["device_providers"], "device_provider_name")
		some := picked(w.reads("seam_device_providers", values{"provider_category": "consumer_smartlocks"})["device_providers"], "device_provider_name")
		if len(some) == 0 || len(some) >= len(all) {
			t.Errorf("%v of %v", some, all)
		}
		w.cannotRead("seam_device_providers", values{"provider_category": "cheese"}, "Unable to read device providers", "provider_category")
	})
}

func TestDataSourcesReportASeamThatFails(t *testing.T) {
	for kind, c := range map[string]struct {
		path   string
		config values
	}{
		"seam_access_code":            {getPath, values{"id": nobody}},
		"seam_access_codes":           {listPath, values{"access_code_ids": []string{nobody}}},
		"seam_unmanaged_access_codes": {"/access_codes/unmanaged/list", values{"device_id": nobody}},
		"seam_device":                 {"/devices/get", values{"id": nobody}},
		"seam_devices":                {"/devices/list", values{}},
		"seam_device_providers":       {"/devices/list_device_providers", values{}},
		"seam_workspace":              {"/workspaces/get", values{}},
		"seam_events":                 {"/events/list", values{"since": "2000-01-01T00:00:00Z"}},
		"seam_action_attempt":         {"/action_attempts/get", values{"id": nobody}},
	} {
		for name, f := range map[string]seamtest.Fault{"down": {Status: 500}, "denied": {Status: 401, Type: "unauthorized"}, "truncated": {Truncate: true}, "nonsense": {Status: 200, ContentType: "text/html", Body: "hello"}} {
			t.Run(fmt.Sprint(kind, " ", name), func(t *testing.T) {
				inWorld(t, func(w *world) {
					w.seam.EchoSecrets(true)
					f.Path = c.path
					w.seam.InjectFault(f)
					_, diags := w.read(kind, c.config)
					w.fails(diags, "Unable to read "+strings.ReplaceAll(strings.TrimPrefix(kind, "seam_"), "_", " "), "\n\n")
					if strings.Contains(text(diags, tfprotov6.DiagnosticSeverityError), w.seam.Workspace().APIKey) {
						t.Error("the API key is in the error")
					}
				})
			})
		}
	}
}

func TestWithoutAConfigurationTheErrorSaysWhatToDo(t *testing.T) {
	inWorld(t, func(w *world) {
		w.settings = w.settings.with(values{"api_key": unknown{}})
		w.restart()
		w.cannotRead("seam_workspace", values{}, "not configured", "-target")
		_, diags := w.list("seam_device", values{}, 10, false, 0)
		w.fails(diags, "not configured")
		_, diags = w.invoke("seam_lock_door", values{"device_id": w.lock.ID})
		w.fails(diags, "not configured")
		_, diags = w.open("seam_client_session", values{})
		w.fails(diags, "not configured")
	})
}

func TestSecretsAreSensitiveInEverySchema(t *testing.T) {
	inWorld(t, func(w *world) {
		schemas, secrets := w.schemas(), 0
		blocks := map[string]*tfprotov6.SchemaBlock{"provider": schemas.Provider.Block}
		for name, action := range schemas.ActionSchemas {
			blocks["action "+name] = action.Schema.Block
		}
		for kind, all := range map[string]map[string]*tfprotov6.Schema{"resource": schemas.ResourceSchemas, "data": schemas.DataSourceSchemas, "ephemeral": schemas.EphemeralResourceSchemas, "list": schemas.ListResourceSchemas} {
			for name, schema := range all {
				blocks[kind+" "+name] = schema.Block
			}
		}
		var walk func(where string, all []*tfprotov6.SchemaAttribute)
		walk = func(where string, all []*tfprotov6.SchemaAttribute) {
			for _, a := range all {
				if a.Description == "" && a.Name != "timeouts" {
					t.Errorf("%s.%s has no description", where, a.Name)
				}
				if slices.Contains([]string{"code", "secret", "token", "code_wo", "api_key", "personal_access_token"}, a.Name) {
					if secrets++; !a.Sensitive && !a.WriteOnly {
						t.Errorf("%s.%s is not sensitive", where, a.Name)
					}
				}
				if a.NestedType != nil {
					walk(where+"."+a.Name, a.NestedType.Attributes)
				}
			}
		}
		for where, block := range blocks {
			walk(where, block.Attributes)
		}
		if secrets != 11 {
			t.Errorf("only %d secrets found", secrets)
		}
	})
}
