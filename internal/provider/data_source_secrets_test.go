package provider

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// printableText are the attributes that a CLI prints, with what is in them.
func printableText(where string, of []*tfprotov6.SchemaAttribute, got map[string]any) map[string]string {
	all := map[string]string{}
	for _, a := range of {
		name := where + "." + a.Name
		switch items, nested := got[a.Name].([]any); {
		case a.Sensitive || got[a.Name] == nil:
		case nested && a.NestedType != nil:
			for i, item := range items {
				fields, _ := item.(map[string]any)
				maps.Copy(all, printableText(fmt.Sprint(name, "[", i, "]"), a.NestedType.Attributes, fields))
			}
		default:
			all[name] = fmt.Sprint(got[a.Name])
		}
	}
	return all
}

// addLeakyObjects makes objects whose messages hold PINs, at a Seam that repeats them.
func (h *harness) addLeakyObjects() (managed string) {
	h.t.Helper()
	leak := []seamtest.Issue{{Code: "failed_to_set_on_device", Message: "PIN " + canary}, {Code: "pin_" + canary, Message: "PIN " + canary + ", not " + otherCanary}}
	h.seam.EchoSecrets(true)
	managed = h.createOutside(values{"device_id": h.lock.ID, "code": canary, "name": "Guest"})
	h.seam.ChangeAccessCode(managed, func(c *seamtest.AccessCode) {
		c.Errors, c.Warnings = leak, leak
		c.Mutations = []*seamtest.Mutation{{Code: "updating_code", From: map[string]any{"code": canary}, To: map[string]any{"code": otherCanary}}}
	})
	h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: otherCanary})
	h.lock.SetOnline(false)
	h.lock.Describe(func(device map[string]any) {
		device["warnings"] = []any{map[string]any{"warning_code": "w_" + canary, "message": "PIN " + canary}}
		device["errors"] = []any{map[string]any{"error_code": "e_" + canary, "message": "PIN " + canary}}
	})
	return managed
}

func TestDataSource_pinsAreInSensitiveAttributesOnly(t *testing.T) {
	withHarness(t, func(h *harness) {
		since := time.Now().UTC().Format(time.RFC3339)
		managed := h.addLeakyObjects()
		h.lock.OnLockAction(seamtest.LockActionBehavior{Outcome: seamtest.Fails, ErrorType: "type_" + canary, ErrorMessage: "PIN " + canary})
		_, diags := h.InvokeAction("seam_unlock_door", values{"device_id": h.lock.ID})
		attempt := strings.Fields(textAfter(errorText(diags), "action attempt "))[0]
		shown := 0
		for _, c := range []struct {
			kind   string
			config values
		}{
			{"seam_access_code", values{"id": managed}},
			{"seam_access_code", values{"device_id": h.lock.ID, "code": canary}},
			{"seam_access_codes", values{"device_id": h.lock.ID}},
			{"seam_unmanaged_access_codes", values{"device_id": h.lock.ID}},
			{"seam_device", values{"id": h.lock.ID}},
			{"seam_device", values{"name": "Front Door"}},
			{"seam_devices", values{}},
			{"seam_device_providers", values{}},
			{"seam_workspace", values{}},
			{"seam_events", values{"since": since}},
			{"seam_action_attempt", values{"id": attempt}},
		} {
			got := h.mustReadDataSource(c.kind, c.config)
			if text := h.PrintedText(got); strings.Contains(text, canary) {
				shown++
			}
			for where, value := range printableText(c.kind, h.Schemas().DataSourceSchemas[c.kind].Block.Attributes, got) {
				requireAbsent(t, where+": "+value, canary, otherCanary, h.seam.Workspace().APIKey)
			}
		}
		if shown != 3 {
			t.Errorf("%d data sources show the PIN where it is hidden, want 3", shown)
		}
		h.requireNoSecrets()
	})
}

func TestDataSource_noFailureShowsASecret(t *testing.T) {
	for path, ask := range map[string]func(*harness) []*tfprotov6.Diagnostic{
		getPath: func(h *harness) []*tfprotov6.Diagnostic {
			_, diags := h.OpenEphemeral("seam_access_code", values{"id": missingID})
			return diags
		},
		listPath: func(h *harness) []*tfprotov6.Diagnostic {
			_, diags := h.ReadDataSource("seam_access_code", values{"device_id": h.lock.ID, "code": canary})
			return diags
		},
		"/locks/unlock_door": func(h *harness) []*tfprotov6.Diagnostic {
			_, diags := h.InvokeAction("seam_unlock_door", values{"device_id": h.lock.ID})
			return diags
		},
		"/access_codes/unmanaged/delete": func(h *harness) []*tfprotov6.Diagnostic {
			_, diags := h.InvokeAction("seam_delete_unmanaged_access_code", values{"access_code_id": h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: otherCanary})})
			return diags
		},
		"/access_codes/pull_backup_access_code": func(h *harness) []*tfprotov6.Diagnostic {
			_, diags := h.InvokeAction("seam_pull_backup_access_code", values{"access_code_id": h.createOutside(values{"device_id": h.lock.ID, "code": canary})})
			return diags
		},
	} {
		for kind, fault := range map[string]seamtest.Fault{
			"envelope": {Status: 400, Type: "bad_" + canary, Message: "PIN " + canary}, "server": {Status: 500, Type: "internal", Message: canary}, "raw": {Status: 400, ContentType: "text/plain", Body: canary},
			"html": {Status: 200, ContentType: "text/html", Body: canary}, "lost": {Drop: seamtest.DropAfter},
		} {
			subtest(t, kind+" on "+path, func(h *harness) {
				h.seam.EchoSecrets(true)
				h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: canary})
				fault.Path = path
				injected := h.seam.InjectFault(fault)
				diags := ask(h)
				h.requireError(diags, "Unable to", "\n\n")
				h.Diags = append(h.Diags, diags...)
				h.requireNoSecrets()
				if injected.Hits() == 0 {
					h.t.Error("the fault did not strike")
				}
			})
		}
	}
}
