package provider

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// What is allowed must stay, whatever one answer of Seam says.

const grantsListPath = "/access_grants/list"

// grantOnLock is a grant with the PIN 1111 on the lock.
func (h *harness) grantOnLock() (id string) {
	h.t.Helper()
	person := h.newObject("seam_user_identity")
	person.requireNoDiagnostics(person.apply(values{"user_identity_key": "ana"}))
	grant := h.newObject("seam_access_grant")
	grant.requireNoDiagnostics(grant.apply(values{
		"user_identity_id": person.id(), "device_ids": []any{h.lock.ID}, "requested_access_methods": []any{values{"mode": "code", "code": "1111"}},
	}))
	advanceClock(time.Minute)
	return grant.id()
}

func (h *harness) encodeJSON(answer map[string]any) string {
	h.t.Helper()
	text, err := json.Marshal(answer)
	h.must(err)
	return string(text)
}

func TestExclusive_codesOfAllowedGrantsStay(t *testing.T) {
	withExclusive(t, func(h *harness) {
		grant := h.grantOnLock()
		config := values{"device_id": h.lock.ID, "access_grant_ids": []any{grant}}
		h.requireNoDiagnostics(h.apply(config))
		h.inNextRun().requireSettled(config)
		id := h.createOutside(values{"device_id": h.lock.ID, "code": "4821"})
		h.inNextRun().requireStrangers(id)
		h.requireNoDiagnostics(h.ApplyWithoutRefresh(config))
		h.requireOpens("4821", false)
		h.requireOpens("1111", true)
	})
}

// emptyFor is an empty list for requests with a filter, unless it is by the ID that nothing has.
func emptyFor(path, plural, filter string) seamtest.Fault {
	fault := emptyList(path, plural)
	fault.Times = 0
	fault.Match = func(body map[string]any) bool {
		return body[filter] != nil && !strings.HasPrefix(fmt.Sprint(body[filter]), "00000000")
	}
	return fault
}

func TestExclusive_oneWrongAnswerAboutAGrantRemovesNothing(t *testing.T) {
	forEachFor(t, exclusiveNoun, map[string]seamtest.Fault{
		"no codes":  emptyFor(listPath, "access_codes", "access_grant_id"),
		"no grant":  {Path: listPath, Status: 404, Type: "access_grant_not_found", Match: func(body map[string]any) bool { return body["access_grant_id"] != nil }},
		"no grants": emptyFor(grantsListPath, "access_grants", "access_code_id"),
	}, func(h *harness, fault seamtest.Fault) {
		grant := h.grantOnLock()
		config := values{"device_id": h.lock.ID, "access_grant_ids": []any{grant}}
		h.requireNoDiagnostics(h.apply(config))
		h.createOutside(values{"device_id": h.lock.ID, "code": "4821"}) // something to remove
		wrong := h.seam.InjectFault(fault)                              // from now on, for every request
		h.restart()
		_ = h.refresh()
		_ = h.ApplyWithoutRefresh(config)
		h.requireOpens("1111", true)
		if wrong.Hits() == 0 {
			h.t.Error("the fault was not applied")
		}
	})
}

func TestExclusive_ignoredGrantFilterIsAnError(t *testing.T) {
	withExclusive(t, func(h *harness) {
		grant := h.grantOnLock()
		h.requireNoDiagnostics(h.apply(values{"device_id": h.lock.ID, "access_grant_ids": []any{grant}}))
		h.createOutside(values{"device_id": h.lock.ID, "code": "4821"})
		all := h.encodeJSON(h.Call(listPath, values{"device_id": h.lock.ID}))
		h.seam.InjectFault(seamtest.Fault{Path: listPath, Status: 200, ContentType: "application/json", Body: all})
		h.restart()
		h.requireError(h.refresh(), "does not exist")
	})
}

func TestExclusive_backupCodesStay(t *testing.T) {
	withExclusive(t, func(h *harness) {
		stay := h.createOutside(values{"device_id": h.lock.ID, "code": "1111", "starts_at": timeFromNow(0), "ends_at": timeFromNow(48 * time.Hour)})
		config := values{"device_id": h.lock.ID, "access_code_ids": []any{stay}}
		h.requireNoDiagnostics(h.apply(config))
		advanceClock(time.Minute)
		backup, _ := h.seam.AccessCode(h.seam.PullBackupAccessCode(stay))
		h.createOutside(values{"device_id": h.lock.ID, "code": "4821"})
		h.inNextRun()
		h.requireNoDiagnostics(h.ApplyWithoutRefresh(config))
		h.requireOpens("4821", false)
		h.requireOpens("1111", true)
		advanceClock(time.Minute)
		h.requireOpens(backup.PIN, true)
	})
}

// A stranger that says an allowed code is its backup code must not take it along.
func TestExclusive_allowedCodeIsNotRemovedAsABackup(t *testing.T) {
	withExclusive(t, func(h *harness) {
		kept := h.createOutside(values{"device_id": h.lock.ID, "code": "1111"})
		other := h.createOutside(values{"device_id": h.lock.ID, "code": "4821", "starts_at": timeFromNow(0), "ends_at": timeFromNow(48 * time.Hour)})
		config := values{"device_id": h.lock.ID, "access_code_ids": []any{kept}}
		h.requireNoError(h.apply(config))
		h.inNextRun().requireStrangers(other)
		h.seam.InjectFault(seamtest.Fault{Replace: func(status int, body []byte) (int, []byte) {
			return status, []byte(strings.ReplaceAll(string(body), `"pulled_backup_access_code_id":null`, `"pulled_backup_access_code_id":"`+kept+`"`))
		}})
		h.requireNoError(h.ApplyWithoutRefresh(config))
		h.requireOpens("4821", false)
		h.requireOpens("1111", true)
	})
}

func TestExclusive_codeOnAnotherLockStays(t *testing.T) {
	withExclusive(t, func(h *harness) {
		config := values{"device_id": h.lock.ID, "access_code_ids": []any{}}
		back := h.seam.AddLock("Back Door")
		h.requireNoDiagnostics(h.apply(config))
		theirs := h.createOutside(values{"device_id": back.ID, "code": "1111"})
		listed := h.Call(listPath, values{"device_id": back.ID})
		wrong := strings.ReplaceAll(h.encodeJSON(listed), back.ID, h.lock.ID)
		h.seam.InjectFault(seamtest.Fault{Path: listPath, Status: 200, ContentType: "application/json", Body: wrong})
		h.inNextRun().requireStrangers(theirs)
		h.requireError(h.ApplyWithoutRefresh(config), theirs, "on another lock")
		if !back.Opens("1111") {
			t.Error("a code of another lock was removed")
		}
	})
}

// Either of the two facts by which Seam tells a backup code is enough.
func TestExclusive_backupCodesAreToldByEitherFact(t *testing.T) {
	forEachFor(t, exclusiveNoun, map[string][2]string{
		"without is_backup":            {`"is_backup":true`, `"is_backup":false`},
		"without the code it replaces": {`"pulled_backup_access_code_id":"`, `"ignored":"`},
	}, func(h *harness, lacks [2]string) {
		stay := h.createOutside(values{"device_id": h.lock.ID, "code": "1111", "starts_at": timeFromNow(0), "ends_at": timeFromNow(48 * time.Hour)})
		config := values{"device_id": h.lock.ID, "access_code_ids": []any{stay}}
		h.requireNoDiagnostics(h.apply(config))
		backup := h.seam.PullBackupAccessCode(stay)
		both := h.encodeJSON(h.Call(listPath, values{"access_code_ids": []any{stay, backup}}))
		h.seam.InjectFault(seamtest.Fault{Path: listPath, Status: 200, ContentType: "application/json", Body: strings.ReplaceAll(both, lacks[0], lacks[1])})
		h.inNextRun().requireStrangers()
	})
}

// The lists of the apply are out of date, too: they lack the code that is allowed by now.
func TestExclusive_whatIsAllowedStaysIfTheListLacksIt(t *testing.T) {
	withExclusive(t, func(h *harness) {
		config := values{"device_id": h.lock.ID}
		h.requireNoDiagnostics(h.apply(config))
		id := h.stranger("4821")
		h.inNextRun().requireStrangers(id)
		stale := emptyList(strayPath, "access_codes")
		stale.Times = 0
		h.seam.InjectFault(stale)
		h.requireNoDiagnostics(h.ApplyWithoutRefresh(config.with(values{"unmanaged_access_code_ids": []any{id}})))
		h.requireOpens("4821", true)
	})
}

// Two codes on the lock have the same PIN, and one of them is allowed. Is the other one removed?
func TestExclusive_strangerWithThePINOfAnAllowedCode(t *testing.T) {
	withExclusive(t, func(h *harness) {
		owner := h.stranger("4821")
		config := values{"device_id": h.lock.ID, "unmanaged_access_code_ids": []any{owner}}
		h.requireNoDiagnostics(h.apply(config))
		id := h.stranger("4821")
		h.inNextRun().requireStrangers(id)
		h.requireNoDiagnostics(h.ApplyWithoutRefresh(config))
		requireEqual(h.t, "codes on the lock", h.lock.UnmanagedAccessCodeIDs(), []string{owner})
		h.inNextRun().requireSettled(config)
	})
}
