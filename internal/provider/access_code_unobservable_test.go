package provider

import (
	"fmt"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

type unobservableLock struct {
	lose func(*seamtest.Lock)
	says []string
}

// unobservableLocks are ways to lose sight of a lock that still opens.
var unobservableLocks = map[string]unobservableLock{
	"missing":   {(*seamtest.Lock).Disappear, []string{"is missing from the workspace", "no proof", "comes back"}},
	"unmanaged": {(*seamtest.Lock).Unmanage, []string{"became unmanaged", "may still open the door", "managed again"}},
}

func TestAccessCode_unobservableLockProvesNothing(t *testing.T) {
	forEachPair(t, unobservableLocks, pinForms, func(h *harness, loss unobservableLock, config values) {
		h.requireNoError(h.apply(guestConfig(h).with(config)))
		loss.lose(h.lock)
		says := append(loss.says, h.lock.ID, `removal = "abandoned"`, `"requested"`, "apply -refresh=false", "destroy -refresh=false", "state rm")
		h.requireStateUnchanged(func() { h.requireError(h.refreshInNextRun(), says...) })
		h.requireStateUnchanged(func() { h.requireError(h.destroy(), says...) })
		h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), append(says, "not confirmed")...) })
		h.requireOpens("4821", true)
	})
}

func TestAccessCode_unobservableLockErrorsShowAWayOut(t *testing.T) {
	forEachPair(t, unobservableLocks, named("abandoned", "requested"), func(h *harness, loss unobservableLock, removal string) {
		h.requireNoError(h.apply(guestConfig(h)))
		loss.lose(h.lock)
		h.requireError(h.destroyInNextRun())
		h.requireNoCalls(func() { h.requireNoError(h.ApplyWithoutRefresh(guestConfig(h).with(values{"removal": removal}))) })
		h.requireStateUnchanged(func() { h.requireWarning(h.refresh(), "cannot be read", loss.says[0], removal) })
		h.restart()
		h.requireWarningOnly(h.destroyWithoutRefresh(), `removal = "`+removal+`"`, "may still open")
		h.requireNoState()
	})
}

// A manufacturer's account that is disturbed for a while takes all its locks along.
func TestAccessCode_lockThatComesBackChangesNothing(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.lock.Disappear()
		h.requireError(h.refreshInNextRun())
		h.lock.Restore()
		h.restart()
		h.requireSettled(guestConfig(h))
	})
}

func TestAccessCode_lockThatDisappearsDuringRemoval(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Minute})
		h.requireNoError(h.apply(guestConfig(h)))
		h.requireNoError(h.refreshInNextRun())
		go func() { advanceClock(10 * time.Second); h.lock.Disappear() }()
		h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), "is missing from the workspace", "not confirmed") })
		h.requireStateUnchanged(func() { h.requireError(h.refreshInNextRun(), "is missing from the workspace") })
	})
}

// Seam answers with a lock that it no longer manages, and so has no codes. Are they taken to be gone?
func TestAccessCode_unmanagedLockThatSeamAnswersWith(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.lock.Unmanage()
		h.seam.InjectFault(seamtest.Fault{Path: "/devices/get", Status: 200, ContentType: "application/json", Body: fmt.Sprintf(`{"ok":true,"device":{"device_id":%q,"is_managed":false}}`, h.lock.ID)})
		h.seam.InjectFault(seamtest.Fault{Path: getUnmanagedPath, Status: 404, Type: "access_code_not_found"})
		for _, path := range []string{listPath, strayPath} {
			empty := emptyList(path, "access_codes")
			empty.Times = 0
			h.seam.InjectFault(empty)
		}
		h.restart()
		h.requireStateUnchanged(func() { h.requireError(h.destroy(), h.lock.ID, "became unmanaged") })
		h.requireOpens("4821", true)
	})
}
