package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// pinForms are the forms of the PIN in a configuration.
var pinForms = map[string]values{
	"plain":      {"code": "4821"},
	"write-only": {"code": nil, "code_wo": "4821", "code_wo_version": 1},
}

// unmanagedCodeID is the id of the only unmanaged code that the provider can see.
func (h *harness) unmanagedCodeID(diags string) string {
	h.t.Helper()
	_, rest, found := strings.Cut(diags, "unmanaged access code ")
	if !found {
		h.t.Fatalf("no unmanaged access code is named in: %s", diags)
	}
	return rest[:36]
}

func TestAccessCode_pinLeftOnTheLockKeepsTheState(t *testing.T) {
	forEachPair(t, pinForms, map[string]seamtest.UnmanagedAccessCode{
		"another id": {CannotBeDeleted: true}, "the same id": {SameID: true, CannotBeDeleted: true},
	}, func(h *harness, config values, leftover seamtest.UnmanagedAccessCode) {
		h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "1111"})
		h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "2222"})
		advanceClock(time.Minute)
		h.seam.PageSize(1)
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Leftover: &leftover})
		h.requireNoError(h.apply(guestConfig(h).with(config)))
		h.restart()
		var left string
		h.requireStateUnchanged(func() {
			left = h.requireLeftover(h.destroy(), "not confirmed", "still lists the PIN", "still opens the door", "manufacturer's app")
		})
		requireAbsent(h.t, errorText(h.Diags), "4821")
		for range 2 {
			advanceClock(30 * time.Minute)
			h.requireNoError(h.refreshInNextRun())
			h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), "opens the door", left) })
		}
		h.requireOpens("4821", true)
		h.seam.RemoveUnmanagedAccessCode(left)
		h.requireOpens("4821", false)
		h.mustDestroyInNextRun()
	})
}

func TestAccessCode_pinThatComesBackAfterARemovalOutside(t *testing.T) {
	forEach(t, pinForms, func(h *harness, config values) {
		h.requireNoError(h.apply(guestConfig(h).with(config)))
		h.seam.RemoveAccessCode(h.id())
		left := h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		h.requireWarning(h.refreshInNextRun(), "Removal not proven", left, "destroy")
		h.requireStateUnchanged(func() { h.requireError(h.destroy(), left) })
		h.requireRequests("/access_codes/unmanaged/delete", 0)
		h.requireOpens("4821", true)
		h.seam.RemoveUnmanagedAccessCode(left)
		h.requireWarning(h.refreshInNextRun(), "Removed outside Terraform", "no longer lists its PIN")
		h.requireNoState()
	})
}

func TestAccessCode_unmanagedCodesWithAnotherPINAreIgnored(t *testing.T) {
	forEach(t, pinForms, func(h *harness, config values) {
		h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Masked: true, PIN: "1111"})
		advanceClock(time.Minute)
		h.requireNoError(h.apply(guestConfig(h).with(config)))
		advanceClock(time.Minute)
		h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Masked: true, PIN: "2222"})
		h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{DisplayedAs: "****", PIN: "3333"})
		advanceClock(time.Minute)
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Leftover: &seamtest.UnmanagedAccessCode{PIN: "4444"}})
		h.mustDestroyInNextRun()
	})
}

func TestAccessCode_newUnmanagedCodeWithAHiddenPINIsNoProof(t *testing.T) {
	forEachPair(t, map[string]seamtest.UnmanagedAccessCode{
		"null": {Masked: true}, "masked": {DisplayedAs: "****"}, "partly masked": {DisplayedAs: "**21"},
	}, pinForms, func(h *harness, leftover seamtest.UnmanagedAccessCode, config values) {
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Leftover: &leftover})
		h.requireNoError(h.apply(guestConfig(h).with(config)))
		left := h.requireLeftover(h.destroyInNextRun(), "appeared since", "cannot be compared", "not confirmed")
		h.requireStateUnchanged(func() { h.requireError(h.destroyInNextRun(), left) })
		h.seam.RemoveUnmanagedAccessCode(left)
		h.mustDestroyInNextRun()
	})
}

func TestAccessCode_goneCodeOfUnknownPINIsDoneWithAWarning(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "1111"})
		advanceClock(time.Minute)
		h.requireNoError(h.apply(guestConfig(h).with(pinForms["write-only"])))
		h.seam.RemoveAccessCode(h.id())
		receipts := h.recordReceipts()
		h.restart()
		h.requireWarningOnly(h.destroyWithoutRefresh(), "without comparing PINs")
		requireEqual(t, "compared", h.requireReceipt(receipts).PINCompared, false)
	})
}

func TestAccessCode_failingLockCheckIsNoProof(t *testing.T) {
	forEachPair(t, named(strayPath, "/devices/get"), map[string]seamtest.Fault{
		"500": {Status: 500}, "401": {Status: 401, Type: "unauthorized"}, "another object": {Status: 200, ContentType: "application/json", Body: `{"device":{"device_id":"other"},"access_codes":{}}`},
		"no JSON": {Status: 200, ContentType: "text/html", Body: "<html>"}, "breaks off": {Truncate: true},
	}, func(h *harness, path string, fault seamtest.Fault) {
		h.requireNoError(h.apply(guestConfig(h)))
		fault.Path = path
		injected := h.seam.InjectFault(fault)
		h.requireStateUnchanged(func() { h.requireError(h.destroyInNextRun(), "not confirmed", path) })
		h.requireStateUnchanged(func() { h.requireWarning(h.refreshInNextRun(), "not proven", path) })
		injected.Remove()
		h.mustDestroyInNextRun()
		h.requireRequests(deletePath, 1)
	})
}

func TestAccessCode_untypedNotFoundInTheLockCheckIsNoProof(t *testing.T) {
	forEach(t, named(strayPath, "/devices/get", listPath, "/workspaces/get"), func(h *harness, path string) {
		receipts := h.recordReceipts()
		h.requireNoError(h.apply(guestConfig(h)))
		h.seam.RemoveRoute(path)
		h.disableBulkRead()
		h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), path, "HTTP 404") })
		requireEqual(h.t, "receipts", len(receipts()), 0)
	})
}

func TestAccessCode_codeRemovedOutsideStaysIfItsLockCannotBeChecked(t *testing.T) {
	forEach(t, named(strayPath, "/devices/get", listPath), func(h *harness, path string) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.seam.RemoveAccessCode(h.id())
		h.seam.RemoveRoute(path)
		h.disableBulkRead()
		h.requireStateUnchanged(func() { h.requireWarning(h.refresh(), "not proven", path) })
	})
}
