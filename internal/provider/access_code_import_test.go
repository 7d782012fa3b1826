package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func writeCount(h *harness) int {
	return h.seam.Count(createPath) + h.seam.Count(updatePath) + h.seam.Count(deletePath)
}

func TestAccessCode_importedCodePlansNothing(t *testing.T) {
	withHarness(t, func(h *harness) {
		id := h.createOutside(values{"device_id": h.lock.ID, "code": "4821", "name": "Guest"})
		h.requireNoDiagnostics(h.importID(id))
		if p := h.plan(guestConfig(h)); !p.empty() {
			t.Errorf("the plan changes %q", p.changes())
		}
		h.requireNoError(h.destroy())
		h.requireOpens("4821", false)
	})
}

// Seam never tells these, so an imported code has none of them.
func TestAccessCode_createOnlyArgumentsAreRecordedAfterImport(t *testing.T) {
	for name, value := range map[string]any{
		"common_code_key": "family", "preferred_code_length": 6, "max_time_rounding": "1day", "prefer_native_scheduling": false, "use_backup_access_code_pool": true,
	} {
		t.Run(name, func(t *testing.T) {
			withHarness(t, func(h *harness) {
				window := values{"starts_at": timeFromNow(0), "ends_at": "2040-01-01T00:00:00Z"}
				config := window.with(values{"device_id": h.lock.ID, "name": "Guest", name: value})
				id := h.createOutside(window.with(values{"device_id": h.lock.ID, "code": "4821", "name": "Guest"}))
				h.requireNoDiagnostics(h.importID(id))
				before := writeCount(h)
				p := h.plan(config)
				if len(p.replaces) > 0 || len(p.changes()) != 1 || p.changes()[0] != name {
					t.Errorf("the plan changes %q and replaces because of %q, want an update of %s", p.changes(), p.replaces, name)
				}
				h.requireNoDiagnostics(h.apply(config))
				if writeCount(h) != before {
					t.Error("something was written to Seam")
				}
				h.restart()
				h.requireNoDiagnostics(h.refresh())
				if p := h.plan(config); !p.empty() {
					t.Errorf("the next plan changes %q", p.changes())
				}
				h.requireOpens("4821", true)
			})
		})
	}
}

func TestAccessCode_createOnlyArgumentsInTheStateReplace(t *testing.T) {
	for name, change := range map[string][2]any{
		"common_code_key": {"family", "friends"}, "preferred_code_length": {6, 8}, "max_time_rounding": {"1hour", "1day"},
		"prefer_native_scheduling": {false, true}, "use_backup_access_code_pool": {true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			withHarness(t, func(h *harness) {
				config := values{"device_id": h.lock.ID, "starts_at": timeFromNow(0), "ends_at": "2040-01-01T00:00:00Z"}
				h.requireNoError(h.apply(config.with(values{name: change[0]})))
				first := h.id()
				h.restart()
				if p := h.plan(config.with(values{name: change[1]})); len(p.replaces) != 1 || p.replaces[0] != name {
					t.Fatalf("replaces because of %q, want %s", p.replaces, name)
				}
				h.requireNoError(h.apply(config.with(values{name: change[1]})))
				if h.id() == first || len(h.seam.AccessCodes()) != 1 {
					t.Error("the code was not replaced")
				}
			})
		})
	}
}

func TestAccessCode_importWithAWriteOnlyPIN(t *testing.T) {
	withHarness(t, func(h *harness) {
		id := h.createOutside(values{"device_id": h.lock.ID, "code": "4821", "name": "Guest"})
		h.requireNoError(h.importID(id))
		h.requireNoError(h.apply(guestConfig(h).with(pinForms["write-only"])))
		if h.attribute("code") != nil {
			t.Error("the PIN is still in the state")
		}
		h.requireOpens("4821", true)
		if p := h.plan(guestConfig(h).with(pinForms["write-only"])); !p.empty() {
			t.Errorf("the next plan changes %q", p.changes())
		}
	})
}

func TestAccessCode_importOfAMissingCode(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireError(h.importID("b3b7d3f0-0000-4000-8000-000000000000"), "There is no access code b3b7d3f0-0000-4000-8000-000000000000", "Check the id")
	})
}

func TestAccessCode_importOfAnUnmanagedCode(t *testing.T) {
	withHarness(t, func(h *harness) {
		id := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.requireError(h.importID(id), "Access code "+id, "not managed", "adopt_access_code_id", "seam_unmanaged_access_code")
	})
}

func TestAccessCode_importFromAnotherWorkspace(t *testing.T) {
	withHarness(t, func(h *harness) {
		id := h.createOutside(values{"device_id": h.lock.ID, "code": "4821"})
		h.providerConfig = values{"api_key": h.seam.AddWorkspace("Other").APIKey}
		h.restart()
		h.requireError(h.importID(id), "There is no access code "+id, "in this workspace")
	})
}

func TestAccessCode_importByIdentity(t *testing.T) {
	withHarness(t, func(h *harness) {
		id := h.createOutside(values{"device_id": h.lock.ID, "code": "4821"})
		h.identity = h.identityOf(id)
		resp, err := h.server.ImportResourceState(h.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: h.typeName, Identity: h.identity})
		h.must(err)
		h.requireNoError(resp.Diagnostics)
		h.state = h.decode(resp.ImportedResources[0].State)
		h.requireNoError(h.refresh())
		if h.attribute("code") != "4821" {
			t.Errorf("code is %v", h.attribute("code"))
		}
	})
}

func (h *harness) identityType() tftypes.Object {
	return tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String}}
}

func (h *harness) identityOf(id string) *tfprotov6.ResourceIdentityData {
	kind := h.identityType()
	return &tfprotov6.ResourceIdentityData{IdentityData: h.encode(tftypes.NewValue(kind, map[string]tftypes.Value{"id": tftypes.NewValue(tftypes.String, id)}))}
}

// requireIdentity fails the test unless the identity is this id.
func (h *harness) requireIdentity(id string) {
	h.t.Helper()
	if h.identity == nil || h.identity.IdentityData == nil {
		h.t.Fatal("there is no identity")
	}
	value, err := h.identity.IdentityData.Unmarshal(h.identityType())
	h.must(err)
	if got := goValue(attributes(value)["id"]); got != id {
		h.t.Errorf("the identity is %v, want %s", got, id)
	}
}

func TestAccessCode_identityIsSetOnEveryPath(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		id := h.id()
		h.requireIdentity(id)
		h.identity = nil // a state from before identities
		h.requireNoError(h.refresh())
		h.requireIdentity(id)
		h.requireNoError(h.apply(guestConfig(h).with(values{"name": "Other"})))
		h.requireIdentity(id)
		h.requireNoError(h.importID(id))
		h.requireIdentity(id)
		h.identity = nil
		h.seam.RemoveAccessCode(id)
		h.requireWarning(h.refresh(), "removed outside Terraform")
		h.requireNoState()
		h.requireIdentity(id)
	})
}
