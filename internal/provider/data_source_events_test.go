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

func TestEvents_showHowARemovalEnded(t *testing.T) {
	withHarness(t, func(h *harness) {
		start := time.Now().UTC().Format(time.RFC3339)
		h.requireNoError(h.apply(values{"device_id": h.lock.ID, "code": "4821"}))
		id := h.id()
		advanceClock(time.Hour)
		middle := time.Now().UTC().Format(time.RFC3339)
		advanceClock(time.Hour)
		h.requireNoError(h.destroy())
		other := h.createOutside(values{"device_id": h.seam.AddLock("Back Door").ID})
		kinds := func(config values) []string {
			return attributeValues(h.mustReadDataSource("seam_events", config)["events"], "event_type")
		}
		removal := []string{"access_code.deleted", "access_code.removed_from_device", "access_code.failed_to_remove_from_device"}
		requireEqual(t, "removal", kinds(values{"since": start, "event_types": removal}), "[access_code.deleted access_code.removed_from_device]")
		requireEqual(t, "of the code", kinds(values{"since": start, "access_code_ids": []string{id}}), "[access_code.created access_code.deleted access_code.removed_from_device access_code.set_on_device]")
		requireEqual(t, "before", kinds(values{"since": start, "until": middle, "access_code_ids": []string{id, other}}), "[access_code.created access_code.set_on_device]")
		requireEqual(t, "after", kinds(values{"since": middle, "device_ids": []string{h.lock.ID}}), "[access_code.deleted access_code.removed_from_device]")
		requireEqual(t, "limited", len(kinds(values{"since": start, "limit": 1})), 1)
		requireAbsent(t, h.PrintedText(h.mustReadDataSource("seam_events", values{"since": start})), "4821")
		h.requireReadError("seam_events", values{"since": "yesterday"}, "RFC 3339")
		h.requireReadError("seam_events", values{"since": start, "limit": 501}, "limit")
		h.requireReadError("seam_events", values{"since": start, "event_types": []string{"access_code.eaten"}}, "Unable to read events")
	})
}

func TestEvents_truncatedListIsAnError(t *testing.T) {
	withHarness(t, func(h *harness) {
		for range 260 {
			h.seam.RemoveUnmanagedAccessCode(h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"}))
		}
		h.requireReadError("seam_events", values{"since": "1999-01-01T00:00:00Z"}, "500 events or more", "Narrow since")
		requireEqual(t, "limited", len(attributeValues(h.mustReadDataSource("seam_events", values{"since": "1999-01-01T00:00:00Z", "limit": 500})["events"], "event_id")), 500)
	})
}

func TestWorkspace_isThatOfTheCredentials(t *testing.T) {
	withHarness(t, func(h *harness) {
		got := h.mustReadDataSource("seam_workspace", values{})
		requireEqual(t, "workspace", []any{got["id"], got["name"]}, []any{h.seam.Workspace().ID, "Workspace"})
		h.configure(values{"workspace_id": missingID})
		h.restart()
		h.requireReadError("seam_workspace", values{}, "belong to workspace", "configured for workspace")
		h.configure(values{"workspace_id": nil, "api_key": "seam_wrong"})
		h.restart()
		h.requireReadError("seam_workspace", values{}, "401", "Check the API key")
	})
}

func TestProvider_nothingRunsInAnotherWorkspace(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.configure(values{"workspace_id": missingID})
		h.restart()
		h.requireReadError("seam_device", values{"name": "Front Door"}, "belong to workspace", "configured for workspace")
		h.requireListError("seam_device", values{}, "belong to workspace")
		h.requireInvokeError("seam_unlock_door", values{"device_id": h.lock.ID}, "belong to workspace")
		h.requireOpenError("seam_client_session", values{}, "belong to workspace")
		for _, path := range []string{"/devices/list", "/locks/unlock_door", "/client_sessions/create"} {
			h.requireRequests(path, 0)
		}
	})
}

func TestActionAttempt_showsHowItEnded(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.OnLockAction(seamtest.LockActionBehavior{Outcome: seamtest.Fails, ErrorType: "hub_disconnected", ErrorMessage: "No hub, PIN 4821"})
		_, diags := h.InvokeAction("seam_unlock_door", values{"device_id": h.lock.ID})
		id := strings.Fields(textAfter(diagnosticText(diags, tfprotov6.DiagnosticSeverityError), "action attempt "))[0]
		got := h.mustReadDataSource("seam_action_attempt", values{"id": id})
		requireEqual(t, "attempt", []any{got["action_type"], got["status"], got["error_type"], got["error_message"]}, []any{"UNLOCK_DOOR", "error", "hub_disconnected", "No hub, PIN ****"})
		if got["remedy"] == nil {
			t.Error("there is no remedy")
		}
		h.requireReadError("seam_action_attempt", values{"id": missingID}, "knows no action attempt", "may have succeeded or failed")
	})
}

func textAfter(text, mark string) string {
	_, rest, _ := strings.Cut(text, mark)
	return rest
}

func TestDeviceProviders_areListed(t *testing.T) {
	withHarness(t, func(h *harness) {
		all := attributeValues(h.mustReadDataSource("seam_device_providers", values{})["device_providers"], "device_provider_name")
		some := attributeValues(h.mustReadDataSource("seam_device_providers", values{"provider_category": "consumer_smartlocks"})["device_providers"], "device_provider_name")
		if len(some) == 0 || len(some) >= len(all) {
			t.Errorf("%v of %v", some, all)
		}
		h.requireReadError("seam_device_providers", values{"provider_category": "cheese"}, "Unable to read device providers", "provider_category")
	})
}

func TestDataSource_failuresAreReported(t *testing.T) {
	for kind, c := range map[string]struct {
		path   string
		config values
	}{
		"seam_access_code":            {getPath, values{"id": missingID}},
		"seam_access_codes":           {listPath, values{"access_code_ids": []string{missingID}}},
		"seam_unmanaged_access_codes": {"/access_codes/unmanaged/list", values{"device_id": missingID}},
		"seam_device":                 {"/devices/get", values{"id": missingID}},
		"seam_devices":                {"/devices/list", values{}},
		"seam_device_providers":       {"/devices/list_device_providers", values{}},
		"seam_workspace":              {"/workspaces/get", values{}},
		"seam_events":                 {"/events/list", values{"since": "2000-01-01T00:00:00Z"}},
		"seam_action_attempt":         {"/action_attempts/get", values{"id": missingID}},
		"seam_access_methods":         {"/access_grants/get", values{"access_grant_id": missingID}},
		"seam_acs_systems":            {"/acs/systems/list", values{}},
		"seam_acs_entrances":          {"/acs/entrances/list", values{}},
		"seam_acs_access_groups":      {"/acs/access_groups/list", values{}},
	} {
		for name, f := range map[string]seamtest.Fault{"down": {Status: 500}, "denied": {Status: 401, Type: "unauthorized"}, "truncated": {Truncate: true}, "nonsense": {Status: 200, ContentType: "text/html", Body: "hello"}} {
			subtest(t, fmt.Sprint(kind, " ", name), func(h *harness) {
				h.seam.EchoSecrets(true)
				f.Path = c.path
				h.seam.InjectFault(f)
				_, diags := h.ReadDataSource(kind, c.config)
				h.requireError(diags, "Unable to read "+strings.ReplaceAll(strings.TrimPrefix(kind, "seam_"), "_", " "), "\n\n")
				requireAbsent(h.t, diagnosticText(diags, tfprotov6.DiagnosticSeverityError), h.seam.Workspace().APIKey)
			})
		}
	}
}

func TestDataSource_unconfiguredProviderIsExplained(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.configure(values{"api_key": unknownValue{}})
		h.restart()
		h.requireReadError("seam_workspace", values{}, "not configured", "-target")
		h.requireListError("seam_device", values{}, "not configured")
		h.requireInvokeError("seam_lock_door", values{"device_id": h.lock.ID}, "not configured")
		h.requireOpenError("seam_client_session", values{}, "not configured")
	})
}

func TestProvider_secretsAreSensitiveInEverySchema(t *testing.T) {
	withHarness(t, func(h *harness) {
		schemas, secrets := h.Schemas(), 0
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
				if slices.Contains([]string{"code", "codes", "secret", "token", "instant_key_url", "code_wo", "api_key", "personal_access_token"}, a.Name) {
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
		if secrets != 21 {
			t.Errorf("%d secrets found", secrets)
		}
	})
}
