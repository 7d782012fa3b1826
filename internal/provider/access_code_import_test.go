package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func writes(w *world) int {
	return w.seam.Count(createPath) + w.seam.Count(updatePath) + w.seam.Count(deletePath)
}

func TestImportedCodeThatIsConfiguredAsItIsNeedsNoChange(t *testing.T) {
	inWorld(t, func(w *world) {
		id := w.createElsewhere(values{"device_id": w.lock.ID, "code": "4821", "name": "Guest"})
		w.silent(w.importID(id))
		if p := w.plan(guest(w)); !p.empty() {
			t.Errorf("the plan changes %q", p.changes())
		}
		w.ok(w.destroy())
		w.opens("4821", false)
	})
}

// Seam never tells these, so an imported code has none of them.
func TestCreateOnlyArgumentsOfAnImportedCodeAreOnlyRecorded(t *testing.T) {
	for name, value := range map[string]any{
		"common_code_key": "family", "preferred_code_length": 6, "max_time_rounding": "1day", "prefer_native_scheduling": false, "use_backup_access_code_pool": true,
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				window := values{"starts_at": stamp(0), "ends_at": "2040-01-01T00:00:00Z"}
				config := window.with(values{"device_id": w.lock.ID, "name": "Guest", name: value})
				id := w.createElsewhere(window.with(values{"device_id": w.lock.ID, "code": "4821", "name": "Guest"}))
				w.silent(w.importID(id))
				before := writes(w)
				p := w.plan(config)
				if len(p.replaces) > 0 || len(p.changes()) != 1 || p.changes()[0] != name {
					t.Errorf("the plan changes %q and replaces because of %q, want an update of %s", p.changes(), p.replaces, name)
				}
				w.silent(w.apply(config))
				if writes(w) != before {
					t.Error("something was written to Seam")
				}
				w.restart()
				w.silent(w.refresh())
				if p := w.plan(config); !p.empty() {
					t.Errorf("the next plan changes %q", p.changes())
				}
				w.opens("4821", true)
			})
		})
	}
}

func TestCreateOnlyArgumentsInTheStateReplace(t *testing.T) {
	for name, change := range map[string][2]any{
		"common_code_key": {"family", "friends"}, "preferred_code_length": {6, 8}, "max_time_rounding": {"1hour", "1day"},
		"prefer_native_scheduling": {false, true}, "use_backup_access_code_pool": {true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				config := values{"device_id": w.lock.ID, "starts_at": stamp(0), "ends_at": "2040-01-01T00:00:00Z"}
				w.ok(w.apply(config.with(values{name: change[0]})))
				first := w.id()
				w.restart()
				if p := w.plan(config.with(values{name: change[1]})); len(p.replaces) != 1 || p.replaces[0] != name {
					t.Fatalf("replaces because of %q, want %s", p.replaces, name)
				}
				w.ok(w.apply(config.with(values{name: change[1]})))
				if w.id() == first || len(w.seam.AccessCodes()) != 1 {
					t.Error("the code was not replaced")
				}
			})
		})
	}
}

func TestImportOfWriteOnlyConfiguration(t *testing.T) {
	inWorld(t, func(w *world) {
		id := w.createElsewhere(values{"device_id": w.lock.ID, "code": "4821", "name": "Guest"})
		w.ok(w.importID(id))
		w.ok(w.apply(guest(w).with(forms["write-only"])))
		if w.has("code") != nil {
			t.Error("the PIN is still in the state")
		}
		w.opens("4821", true)
		if p := w.plan(guest(w).with(forms["write-only"])); !p.empty() {
			t.Errorf("the next plan changes %q", p.changes())
		}
	})
}

func TestImportOfWhatIsNotThere(t *testing.T) {
	inWorld(t, func(w *world) {
		w.fails(w.importID("b3b7d3f0-0000-4000-8000-000000000000"), "There is no access code b3b7d3f0-0000-4000-8000-000000000000", "Check the id")
	})
}

func TestImportOfAnUnmanagedCode(t *testing.T) {
	inWorld(t, func(w *world) {
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		w.fails(w.importID(id), "Access code "+id, "not managed", "adopt_access_code_id", "seam_unmanaged_access_code")
	})
}

func TestImportFromAnotherWorkspace(t *testing.T) {
	inWorld(t, func(w *world) {
		id := w.createElsewhere(values{"device_id": w.lock.ID, "code": "4821"})
		w.settings = values{"api_key": w.seam.AddWorkspace("Other").APIKey}
		w.restart()
		w.fails(w.importID(id), "There is no access code "+id, "in this workspace")
	})
}

func TestImportByIdentity(t *testing.T) {
	inWorld(t, func(w *world) {
		id := w.createElsewhere(values{"device_id": w.lock.ID, "code": "4821"})
		w.identity = w.identityOf(id)
		resp, err := w.server.ImportResourceState(w.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: w.noun, Identity: w.identity})
		w.must(err)
		w.ok(resp.Diagnostics)
		w.state = w.decode(resp.ImportedResources[0].State)
		w.ok(w.refresh())
		if w.has("code") != "4821" {
			t.Errorf("code is %v", w.has("code"))
		}
	})
}

func (w *world) identityType() tftypes.Object {
	return tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String}}
}

func (w *world) identityOf(id string) *tfprotov6.ResourceIdentityData {
	kind := w.identityType()
	return &tfprotov6.ResourceIdentityData{IdentityData: w.encode(tftypes.NewValue(kind, map[string]tftypes.Value{"id": tftypes.NewValue(tftypes.String, id)}))}
}

// identified fails the test unless the identity is this id.
func (w *world) identified(id string) {
	w.t.Helper()
	if w.identity == nil || w.identity.IdentityData == nil {
		w.t.Fatal("there is no identity")
	}
	value, err := w.identity.IdentityData.Unmarshal(w.identityType())
	w.must(err)
	if got := plain(attributes(value)["id"]); got != id {
		w.t.Errorf("the identity is %v, want %s", got, id)
	}
}

func TestIdentityIsSetOnEveryPath(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(guest(w)))
		id := w.id()
		w.identified(id)
		w.identity = nil // a state from before identities
		w.ok(w.refresh())
		w.identified(id)
		w.ok(w.apply(guest(w).with(values{"name": "Other"})))
		w.identified(id)
		w.ok(w.importID(id))
		w.identified(id)
		w.identity = nil
		w.seam.RemoveAccessCode(id)
		w.warns(w.refresh(), "removed outside Terraform")
		w.gone()
		w.identified(id)
	})
}
