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

// printable are the attributes that a CLI prints, with what is in them.
func printable(where string, of []*tfprotov6.SchemaAttribute, got map[string]any) map[string]string {
	all := map[string]string{}
	for _, a := range of {
		name := where + "." + a.Name
		switch items, nested := got[a.Name].([]any); {
		case a.Sensitive || got[a.Name] == nil:
		case nested && a.NestedType != nil:
			for i, item := range items {
				fields, _ := item.(map[string]any)
				maps.Copy(all, printable(fmt.Sprint(name, "[", i, "]"), a.NestedType.Attributes, fields))
			}
		default:
			all[name] = fmt.Sprint(got[a.Name])
		}
	}
	return all
}

// leaky fills the world with objects whose messages hold PINs, at a Seam that repeats them.
func (w *world) leaky() (managed string) {
	w.t.Helper()
	leak := []seamtest.Issue{{Code: "failed_to_set_on_device", Message: "PIN " + canary}, {Code: "pin_" + canary, Message: "PIN " + canary + ", not " + otherCanary}}
	w.seam.EchoSecrets(true)
	managed = w.createElsewhere(values{"device_id": w.lock.ID, "code": canary, "name": "Guest"})
	w.seam.ChangeAccessCode(managed, func(c *seamtest.AccessCode) {
		c.Errors, c.Warnings = leak, leak
		c.Mutations = []*seamtest.Mutation{{Code: "updating_code", From: map[string]any{"code": canary}, To: map[string]any{"code": otherCanary}}}
	})
	w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: otherCanary})
	w.lock.SetOnline(false)
	w.lock.Describe(func(device map[string]any) {
		device["warnings"] = []any{map[string]any{"warning_code": "w_" + canary, "message": "PIN " + canary}}
		device["errors"] = []any{map[string]any{"error_code": "e_" + canary, "message": "PIN " + canary}}
	})
	return managed
}

func TestDataSourcesShowPINsOnlyWhereTheyAreHidden(t *testing.T) {
	inWorld(t, func(w *world) {
		since := time.Now().UTC().Format(time.RFC3339)
		managed := w.leaky()
		w.lock.OnLockAction(seamtest.LockActionBehavior{Outcome: seamtest.Fails, ErrorType: "type_" + canary, ErrorMessage: "PIN " + canary})
		_, diags := w.invoke("seam_unlock_door", values{"device_id": w.lock.ID})
		attempt := strings.Fields(after(errorsIn(diags), "action attempt "))[0]
		shown := 0
		for _, c := range []struct {
			kind   string
			config values
		}{
			{"seam_access_code", values{"id": managed}},
			{"seam_access_code", values{"device_id": w.lock.ID, "code": canary}},
			{"seam_access_codes", values{"device_id": w.lock.ID}},
			{"seam_unmanaged_access_codes", values{"device_id": w.lock.ID}},
			{"seam_device", values{"id": w.lock.ID}},
			{"seam_device", values{"name": "Front Door"}},
			{"seam_devices", values{}},
			{"seam_device_providers", values{}},
			{"seam_workspace", values{}},
			{"seam_events", values{"since": since}},
			{"seam_action_attempt", values{"id": attempt}},
		} {
			got := w.reads(c.kind, c.config)
			if text := w.printed(got); strings.Contains(text, canary) {
				shown++
			}
			for where, value := range printable(c.kind, w.schemas().DataSourceSchemas[c.kind].Block.Attributes, got) {
				for _, secret := range []string{canary, otherCanary, w.seam.Workspace().APIKey} {
					if strings.Contains(value, secret) {
						t.Errorf("%s shows %q", where, value)
					}
				}
			}
		}
		if shown != 3 {
			t.Errorf("%d data sources show the PIN where it is hidden, want 3", shown)
		}
		w.discreet()
	})
}

func TestListsShowNoPINAtAll(t *testing.T) {
	inWorld(t, func(w *world) {
		w.leaky()
		hooks := w.other("seam_webhook")
		hooks.ok(hooks.apply(hook()))
		for _, kind := range []string{"seam_access_code", "seam_unmanaged_access_code", "seam_device", "seam_webhook"} {
			found, diags := w.list(kind, values{}, 100, true, 0)
			w.silent(diags)
			if len(found) == 0 {
				t.Errorf("no %s is found", kind)
			}
			for _, f := range found {
				text := f.name + w.printed(f.resource)
				for _, secret := range []string{canary, otherCanary, fmt.Sprint(hooks.has("secret"))} {
					if strings.Contains(text, secret) {
						t.Errorf("a list of %s shows %s", kind, text)
					}
				}
			}
		}
		w.discreet()
	})
}

func TestNoFailureOfARequestTellsASecret(t *testing.T) {
	for path, ask := range map[string]func(*world) []*tfprotov6.Diagnostic{
		getPath: func(w *world) []*tfprotov6.Diagnostic {
			_, diags := w.open("seam_access_code", values{"id": nobody})
			return diags
		},
		listPath: func(w *world) []*tfprotov6.Diagnostic {
			_, diags := w.read("seam_access_code", values{"device_id": w.lock.ID, "code": canary})
			return diags
		},
		"/devices/list": func(w *world) []*tfprotov6.Diagnostic {
			_, diags := w.list("seam_access_code", values{}, 10, true, 0)
			return diags
		},
		strayPath: func(w *world) []*tfprotov6.Diagnostic {
			_, diags := w.list("seam_unmanaged_access_code", values{"device_id": w.lock.ID}, 10, true, 0)
			return diags
		},
		"/locks/unlock_door": func(w *world) []*tfprotov6.Diagnostic {
			_, diags := w.invoke("seam_unlock_door", values{"device_id": w.lock.ID})
			return diags
		},
		"/access_codes/unmanaged/delete": func(w *world) []*tfprotov6.Diagnostic {
			_, diags := w.invoke("seam_delete_unmanaged_access_code", values{"access_code_id": w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: otherCanary})})
			return diags
		},
		"/access_codes/pull_backup_access_code": func(w *world) []*tfprotov6.Diagnostic {
			_, diags := w.invoke("seam_pull_backup_access_code", values{"access_code_id": w.createElsewhere(values{"device_id": w.lock.ID, "code": canary})})
			return diags
		},
	} {
		for kind, fault := range map[string]seamtest.Fault{
			"envelope": {Status: 400, Type: "bad_" + canary, Message: "PIN " + canary}, "server": {Status: 500, Type: "internal", Message: canary}, "raw": {Status: 400, ContentType: "text/plain", Body: canary},
			"html": {Status: 200, ContentType: "text/html", Body: canary}, "lost": {Drop: seamtest.DropAfter},
		} {
			t.Run(kind+" on "+path, func(t *testing.T) {
				inWorld(t, func(w *world) {
					w.seam.EchoSecrets(true)
					w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: canary})
					fault.Path = path
					injected := w.seam.InjectFault(fault)
					diags := ask(w)
					w.fails(diags, "Unable to", "\n\n")
					w.said = append(w.said, diags...)
					w.discreet()
					if injected.Hits() == 0 {
						t.Error("the fault did not strike")
					}
				})
			})
		}
	}
}
