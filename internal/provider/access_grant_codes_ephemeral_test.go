package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func (f *grantFixture) openCodes(config values) map[string]any {
	f.t.Helper()
	o, diags := f.OpenEphemeral("seam_access_grant_codes", config)
	f.requireNoDiagnostics(diags)
	f.requireNoDiagnostics(f.CloseEphemeral(o))
	pins, _ := o.Values["codes"].(map[string]any)
	return pins
}

// Which PIN opens which door?
func TestAccessGrantCodes_openTheDoors(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.seam.PageSize(1)
		f.createOutside(values{"device_id": f.back.ID, "code": "4821"}) // so that the grant gets another PIN there
		pins := f.openCodes(values{"access_grant_id": f.grantOutside(nil)})
		requireEqual(t, "front", pins[f.lock.ID], "4821")
		if other := fmt.Sprint(pins[f.back.ID]); len(pins) != 2 || other == "4821" || !f.back.Opens(other) {
			t.Errorf("the PINs are %v", pins)
		}
	})
}

func TestAccessGrantCodes_lockWithoutPINsIsLeftOut(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.back.Describe(func(device map[string]any) { device["can_program_online_access_codes"] = false })
		requireEqual(t, "PINs", f.openCodes(values{"access_grant_id": f.grantOutside(nil)}), map[string]any{f.lock.ID: "4821"})
		card := f.grantOutside(values{"requested_access_methods": []any{values{"mode": "card"}}})
		requireEqual(t, "of a card", len(f.openCodes(values{"access_grant_id": card})), 0)
	})
}

func TestAccessGrantCodes_waitForThePIN(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		grant := func(after time.Duration) string {
			f.lock.OnCreate(seamtest.CreateBehavior{AssignAfter: after})
			return f.grantOutside(values{"device_ids": []any{f.lock.ID}, "requested_access_methods": []any{values{"mode": "code"}}})
		}
		pin := fmt.Sprint(f.openCodes(values{"access_grant_id": grant(30 * time.Second)})[f.lock.ID])
		if !f.lock.Opens(pin) {
			t.Errorf("%s does not open the door", pin)
		}
		if pins := f.openCodes(values{"access_grant_id": grant(20 * time.Minute), "timeouts": values{"open": "30m"}}); len(pins) != 1 {
			t.Errorf("the PINs are %v", pins)
		}
	})
}

func TestAccessGrantCodes_missingPINSaysWhatToDo(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.back.OnCreate(seamtest.CreateBehavior{AssignAfter: time.Hour, Errors: []seamtest.Issue{{Code: "device_offline", Message: "Offline with " + canary}}})
		id := f.grantOutside(values{"requested_access_methods": []any{values{"mode": "code"}}})
		for limit, want := range map[any]time.Duration{nil: time.Minute, "5s": 5 * time.Second} {
			config := values{"access_grant_id": id}
			if limit != nil {
				config["timeouts"] = values{"open": limit}
			}
			f.requireDuration(want, func() {
				_, diags := f.OpenEphemeral("seam_access_grant_codes", config)
				f.requireError(diags, "Unable to open access grant codes", "has no PIN yet for lock "+f.back.ID, "Seam reports device_offline: Offline with ****", "Remedy: bring the lock back online", "timeouts.open")
				if strings.Contains(errorText(diags), f.lock.ID) {
					t.Error("it names a lock that has a PIN")
				}
			})
		}
		f.requireNoSecrets()
	})
}

// The PIN to hand out is that of the backup code, and after a rotation the new one.
func TestAccessGrantCodes_showThePINThatCounts(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		ends := time.Now().Add(48 * time.Hour).UTC().Format(time.RFC3339)
		id := f.grantOutside(values{"device_ids": []any{f.lock.ID}, "ends_at": ends})
		more := values{"access_grant_id": id, "requested_access_methods": []any{values{"mode": "code", "code": "5678"}}}
		advanceClock(time.Second)
		f.Call("/access_grants/request_access_methods", more)
		requireEqual(t, "newest", f.openCodes(values{"access_grant_id": id}), map[string]any{f.lock.ID: "5678"})
		stay := f.grantOutside(values{"device_ids": []any{f.back.ID}, "ends_at": ends})
		id = f.seam.PullBackupAccessCode(f.codeOf(stay))
		f.seam.ChangeAccessCode(id, func(c *seamtest.AccessCode) { c.CreatedAt = c.CreatedAt.Add(-time.Hour) }) // it was in the pool before
		backup, _ := f.seam.AccessCode(id)
		requireEqual(t, "backup", f.openCodes(values{"access_grant_id": stay}), map[string]any{f.back.ID: backup.PIN})
	})
}

// codeOf is the id of the one access code of a grant.
func (f *grantFixture) codeOf(grant string) string {
	f.t.Helper()
	codes, _ := f.Call(listPath, values{"access_grant_id": grant})["access_codes"].([]any)
	return attributeValues(codes, "access_code_id")[0]
}

func TestAccessGrantCodes_needALiveGrant(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		_, diags := f.OpenEphemeral("seam_access_grant_codes", values{"access_grant_id": missingID})
		f.requireError(diags, "Unable to open access grant codes", "no access grant "+missingID, "Check the id")
		_, diags = f.OpenEphemeral("seam_access_grant_codes", values{"access_grant_id": ""})
		f.requireError(diags, "length must be at least 1")
		id := f.grantOutside(nil)
		f.seam.SetGrantDelete(seamtest.GrantDelete{GoneAfter: time.Hour, MethodsGoneAfter: time.Hour})
		f.Call("/access_grants/delete", values{"access_grant_id": id})
		f.requireDuration(0, func() {
			_, diags = f.OpenEphemeral("seam_access_grant_codes", values{"access_grant_id": id})
			f.requireError(diags, "is being removed", "Use another access grant")
		})
		f.seam.InjectFault(status500Fault("/access_grants/get"))
		_, diags = f.OpenEphemeral("seam_access_grant_codes", values{"access_grant_id": id})
		f.requireError(diags, "HTTP 500", "Run again later")
	})
}

func TestAccessGrantCodes_areInTheResultOnly(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.seam.EchoSecrets(true)
		id := f.grantOutside(values{"requested_access_methods": []any{values{"mode": "code", "code": canary}}})
		o, diags := f.OpenEphemeral("seam_access_grant_codes", values{"access_grant_id": id})
		f.requireNoDiagnostics(diags)
		requireEqual(t, "PIN", o.Values["codes"], map[string]any{f.lock.ID: canary, f.back.ID: canary})
		f.seam.InjectFault(seamtest.Fault{Path: listPath, Status: 400, Type: "invalid_input", Message: "PIN " + canary})
		_, diags = f.OpenEphemeral("seam_access_grant_codes", values{"access_grant_id": id})
		f.requireError(diags, "PIN ****")
		f.Diags = append(f.Diags, diags...)
		f.requireNoSecrets()
		if strings.Contains(string(o.Private), canary) {
			t.Error("the PIN is kept")
		}
	})
}
