package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// Is a write-only PIN sent when its version changes, and kept out of the state?
func TestAcsCredential_writeOnlyPIN(t *testing.T) {
	withAcsCredential(t, "brivo_account", values{"code_wo": canary, "code_wo_version": 1}, func(f *systemFixture) {
		shows := func(pin string) { requireEqual(t, "PIN", f.seam.Object("acs_credential", f.pin).Text("code"), pin) }
		first, second := f.config, f.config.with(values{"code_wo": otherCanary, "code_wo_version": 2})
		shows(canary)
		f.requireSettled(first)
		f.requireSettled(first.with(values{"code_wo": otherCanary}))
		shows(canary)
		f.requireNoDiagnostics(f.apply(second))
		shows(otherCanary)
		f.requireSettled(second)
		requireEqual(t, "code in the state", f.attribute("code"), nil)
		f.requireNoSecrets()
	})
}

// Can a PIN move between code, code_wo and neither, in place?
func TestAcsCredential_betweenCodeAndWriteOnly(t *testing.T) {
	withAcsCredential(t, "brivo_account", values{"code": "48210"}, func(f *systemFixture) {
		f.requireNoDiagnostics(f.apply(f.config.with(values{"code": nil, "code_wo": "73190", "code_wo_version": 1})))
		requireEqual(t, "code in the state", f.attribute("code"), nil)
		for _, config := range []values{f.config.with(values{"code": nil}), f.config, f.config.with(values{"code": nil})} {
			f.requireNoDiagnostics(f.apply(config))
			f.requireSettled(config)
			requireEqual(t, "code in the state", f.attribute("code"), any(f.seam.Object("acs_credential", f.pin).Text("code")))
		}
		requireEqual(t, "id", f.id(), f.pin)
	})
}

func TestAcsCredential_refusedPINs(t *testing.T) {
	withHarnessFor(t, "seam_acs_credential", func(h *harness) {
		user := h.seam.AddObject("acs_user", map[string]any{"acs_system_id": h.seam.AddAccessSystem("brivo_account").ID, "full_name": "Ana"}).ID
		config := values{"acs_user_id": user, "access_method": "code"}
		for says, wrong := range map[string]values{
			"Invalid PIN":                 {"code": "48a"},
			"must be digits":              {"code_wo": "48a", "code_wo_version": 1},
			"code_wo_version":             {"code_wo": "48210"},
			"with the access method code": {"access_method": "card", "code_wo": "48210", "code_wo_version": 1},
		} {
			h.requireError(h.plan(config.with(wrong)).Diags, says)
		}
	})
}

// Does a credential open just the entrances that it was made for, and does another choice replace it?
func TestAcsCredential_allowedEntrances(t *testing.T) {
	withAcsCredential(t, "salto_ks_site", nil, func(f *systemFixture) {
		gate := f.seam.AddEntrance(f.system, nil).ID
		f.seam.SetMembership(f.staff, f.user, false)
		f.requireDoor(f.pin, false)
		allowed := f.config.with(values{"allowed_acs_entrance_ids": []any{f.door}})
		f.requireReplaces(allowed, "allowed_acs_entrance_ids")
		f.requireNoError(f.apply(allowed))
		f.requireDoor(f.id(), true)
		f.requireSettled(allowed)
		f.requireReplaces(f.config.with(values{"allowed_acs_entrance_ids": []any{f.door, gate}}), "allowed_acs_entrance_ids")
		f.requireReplaces(f.config, "allowed_acs_entrance_ids")
		made := f.id()
		f.requireNoError(f.destroy())
		f.requireDoor(made, false)
	})
}

// Is what the access system needs sent as it is configured, and never changed in place?
func TestAcsCredential_brandMetadata(t *testing.T) {
	for name, c := range map[string]struct{ config, other values }{
		"assa_abloy_vostio_metadata": {values{"auto_join": true, "override_guest_acs_entrance_ids": []any{"2a9f6e4d-8b3c-4da7-9f50-6c1e0b7d8f42"}}, values{"join_all_guest_acs_entrances": true, "override_all_guest_acs_entrances": false}},
		"salto_space_metadata":       {values{"assign_new_key": true}, values{"assign_new_key": false}},
		"visionline_metadata":        {values{"card_function_type": "staff", "override": true}, values{"card_format": "rfid48", "auto_join": false, "joiner_acs_credential_ids": []any{"2a9f6e4d-8b3c-4da7-9f50-6c1e0b7d8f42"}}},
	} {
		t.Run(name, func(t *testing.T) {
			withHarnessFor(t, "seam_acs_credential", func(h *harness) {
				user := h.seam.AddObject("acs_user", map[string]any{"acs_system_id": h.seam.AddAccessSystem("brivo_account").ID, "full_name": "Ana"}).ID
				var sent []any
				h.onRequest("/acs/credentials/create", func(body map[string]any) { sent = append(sent, body[name]) })
				for _, metadata := range []values{c.config, c.other} {
					config := values{"acs_user_id": user, "access_method": "card", name: metadata}
					h.requireNoError(h.apply(config))
					h.requireSettled(config)
					requireEqual(t, "sent", sent[len(sent)-1], map[string]any(metadata))
				}
				h.requireReplaces(values{"acs_user_id": user, "access_method": "card"}, name)
			})
		})
	}
}

// Is the end of a credential left as it is when the argument goes?
func TestAcsCredential_endThatIsNotConfiguredStays(t *testing.T) {
	withAcsCredential(t, "brivo_account", values{"ends_at": "2100-01-01T00:00:00Z"}, func(f *systemFixture) {
		f.requireSettled(f.config.with(values{"ends_at": nil}))
		f.requireAttributes(values{"ends_at": "2100-01-01T00:00:00Z"})
	})
}

// Is a PIN that the access system has not confirmed sent again?
func TestAcsCredential_writeOnlyPINThatIsNotConfirmed(t *testing.T) {
	withAcsCredential(t, "brivo_account", values{"code_wo": "48210", "code_wo_version": 1}, func(f *systemFixture) {
		f.seam.SetAccessSystemDelays(seamtest.AccessSystemDelays{Credential: 10 * time.Minute})
		second := f.config.with(values{"code_wo": "73190", "code_wo_version": 2})
		f.requireError(f.apply(second), "has not confirmed")
		f.restart()
		f.requireNoError(f.refresh())
		f.requireUpdate(second)
	})
}
