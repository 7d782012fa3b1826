package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// forms of the PIN in a configuration.
var forms = map[string]values{
	"plain":      {"code": "4821"},
	"write-only": {"code": nil, "code_wo": "4821", "code_wo_version": 1},
}

// stray is the id of the only unmanaged code that the provider can see.
func (w *world) stray(diags string) string {
	w.t.Helper()
	_, rest, found := strings.Cut(diags, "unmanaged access code ")
	if !found {
		w.t.Fatalf("no unmanaged access code is named in: %s", diags)
	}
	return rest[:36]
}

func TestPINLeftOnTheLockKeepsTheStateUntilItIsReallyGone(t *testing.T) {
	for name, config := range forms {
		for id, leftover := range map[string]seamtest.UnmanagedAccessCode{
			"another id": {CannotBeDeleted: true}, "the same id": {SameID: true, CannotBeDeleted: true},
		} {
			t.Run(name+", "+id, func(t *testing.T) {
				inWorld(t, func(w *world) {
					w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "1111"})
					w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "2222"})
					later(time.Minute)
					w.seam.PageSize(1)
					w.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Leftover: &leftover})
					w.ok(w.apply(guest(w).with(config)))
					w.restart()
					var said string
					w.keeps(func() {
						diags := w.destroy()
						w.fails(diags, "not confirmed", "still lists the PIN", "still opens the door")
						said = text(diags, 1)
					})
					if strings.Contains(said, "4821") {
						t.Error("the PIN is in the error")
					}
					if !strings.Contains(said, "manufacturer's app") {
						t.Errorf("Seam cannot delete it, and that is not said: %s", said)
					}
					left := w.stray(said)
					for range 2 {
						later(30 * time.Minute)
						w.restart()
						w.ok(w.refresh())
						w.keeps(func() { w.fails(w.delete(), "opens the door", left) })
					}
					w.opens("4821", true)
					w.seam.RemoveUnmanagedAccessCode(left)
					w.opens("4821", false)
					w.restart()
					w.ok(w.destroy())
					w.gone()
				})
			})
		}
	}
}

func TestPINThatComesBackAfterARemovalOutside(t *testing.T) {
	for name, config := range forms {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.ok(w.apply(guest(w).with(config)))
				w.seam.RemoveAccessCode(w.id())
				left := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
				w.restart()
				w.warns(w.refresh(), "Removal not proven", left, "destroy")
				w.keeps(func() { w.fails(w.destroy(), left) })
				w.asked("/access_codes/unmanaged/delete", 0)
				w.opens("4821", true)
				w.seam.RemoveUnmanagedAccessCode(left)
				w.restart()
				w.warns(w.refresh(), "removed outside Terraform", "no longer lists its PIN")
				w.gone()
			})
		})
	}
}

func TestUnmanagedCodesWithAnotherPINDoNotMatter(t *testing.T) {
	for name, config := range forms {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Masked: true, PIN: "1111"})
				later(time.Minute)
				w.ok(w.apply(guest(w).with(config)))
				later(time.Minute)
				w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Masked: true, PIN: "2222"})
				w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{DisplayedAs: "****", PIN: "3333"})
				later(time.Minute)
				w.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Leftover: &seamtest.UnmanagedAccessCode{PIN: "4444"}})
				w.restart()
				w.ok(w.destroy())
				w.gone()
			})
		})
	}
}

func TestNewUnmanagedCodeWithAHiddenPINIsDoubtful(t *testing.T) {
	for name, leftover := range map[string]seamtest.UnmanagedAccessCode{
		"null": {Masked: true}, "masked": {DisplayedAs: "****"}, "partly masked": {DisplayedAs: "**21"},
	} {
		for form, config := range forms {
			t.Run(name+", "+form, func(t *testing.T) {
				inWorld(t, func(w *world) {
					w.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Leftover: &leftover})
					w.ok(w.apply(guest(w).with(config)))
					w.restart()
					diags := w.destroy()
					w.fails(diags, "appeared since", "cannot be compared", "not confirmed")
					left := w.stray(text(diags, 1))
					w.restart()
					w.keeps(func() { w.fails(w.destroy(), left) })
					w.seam.RemoveUnmanagedAccessCode(left)
					w.restart()
					w.ok(w.destroy())
					w.gone()
				})
			})
		}
	}
}

func TestGoneCodeOfUnknownPINIsDoneWithAWarning(t *testing.T) {
	inWorld(t, func(w *world) {
		w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "1111"})
		later(time.Minute)
		w.ok(w.apply(guest(w).with(forms["write-only"])))
		w.seam.RemoveAccessCode(w.id())
		receipts := w.receipts()
		w.restart()
		diags := w.delete()
		w.ok(diags)
		w.warns(diags, "without comparing PINs")
		if got := receipts(); len(got) != 1 || got[0].PINCompared {
			t.Errorf("receipts %+v, want one with pin_compared = false", got)
		}
	})
}

func TestLockCheckThatFailsIsNoProof(t *testing.T) {
	for _, path := range []string{strayPath, "/devices/get"} {
		for name, fault := range map[string]seamtest.Fault{
			"500": {Status: 500}, "401": {Status: 401, Type: "unauthorized"}, "another object": {Status: 200, ContentType: "application/json", Body: `{"device":{"device_id":"other"},"access_codes":{}}`},
			"no JSON": {Status: 200, ContentType: "text/html", Body: "<html>"}, "breaks off": {Truncate: true},
		} {
			t.Run(name+" on "+path, func(t *testing.T) {
				inWorld(t, func(w *world) {
					w.ok(w.apply(guest(w)))
					fault.Path = path
					injected := w.seam.InjectFault(fault)
					w.restart()
					w.keeps(func() { w.fails(w.destroy(), "not confirmed", path) })
					w.restart()
					w.keeps(func() { w.warns(w.refresh(), "not proven", path) })
					injected.Remove()
					w.restart()
					w.ok(w.destroy())
					w.gone()
					w.asked(deletePath, 1)
				})
			})
		}
	}
}

func TestUntypedNotFoundOnAPartOfTheLockCheckIsNoProof(t *testing.T) {
	for _, path := range []string{strayPath, "/devices/get", listPath, "/workspaces/get"} {
		t.Run(path, func(t *testing.T) {
			inWorld(t, func(w *world) {
				receipts := w.receipts()
				w.ok(w.apply(guest(w)))
				w.seam.RemoveRoute(path)
				w.oneByOne()
				w.keeps(func() { w.fails(w.delete(), path, "HTTP 404") })
				if got := receipts(); len(got) != 0 {
					t.Errorf("receipts %+v", got)
				}
			})
		})
	}
}

func TestCodeRemovedOutsideStaysInTheStateIfItsLockCannotBeChecked(t *testing.T) {
	for _, path := range []string{strayPath, "/devices/get", listPath} {
		t.Run(path, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.ok(w.apply(guest(w)))
				w.seam.RemoveAccessCode(w.id())
				w.seam.RemoveRoute(path)
				w.oneByOne()
				w.keeps(func() { w.warns(w.refresh(), "not proven", path) })
			})
		})
	}
}
