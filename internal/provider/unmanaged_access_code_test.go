package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func inUnmanagedWorld(t *testing.T, test func(*world)) {
	t.Helper()
	inWorldOf(t, "seam_unmanaged_access_code", test)
}

func watched(id string) values { return values{"access_code_id": id} }

func TestUnmanagedCodeIsWatchedAndRemovedWithProof(t *testing.T) {
	inUnmanagedWorld(t, func(w *world) {
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Old tenant", PIN: "4821"})
		w.lock.OnDelete(seamtest.DeleteBehavior{Takes: 2 * time.Minute})
		w.silent(w.apply(watched(id)))
		if w.id() != id || w.has("name") != "Old tenant" || w.has("code") != "4821" || w.has("device_id") != w.lock.ID || w.has("workspace_id") != w.seam.Workspace().ID {
			t.Errorf("watched as %v", w.state)
		}
		w.opens("4821", true)
		w.silent(w.refresh())
		if p := w.plan(watched(id)); !p.empty() {
			t.Errorf("the next plan changes %v", p.changes())
		}
		w.silent(w.destroy())
		w.gone()
		w.opens("4821", false)
	})
}

func TestUnmanagedCodeThatStaysOnTheLock(t *testing.T) {
	for name, r := range map[string]seamtest.DeleteBehavior{
		"ghost":      {Leftover: &seamtest.UnmanagedAccessCode{CannotBeDeleted: true}},
		"never ends": {Outcome: seamtest.StaysPending},
		"fails":      {Outcome: seamtest.Fails},
	} {
		t.Run(name, func(t *testing.T) {
			inUnmanagedWorld(t, func(w *world) {
				id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
				w.lock.OnDelete(r)
				w.silent(w.apply(watched(id)))
				w.keeps(func() { w.fails(w.destroy(), "Unable to delete unmanaged access code", "open") })
				w.opens("4821", true)
			})
		})
	}
}

func TestUnmanagedCodeThatOnlyTheAppCanRemove(t *testing.T) {
	inUnmanagedWorld(t, func(w *world) {
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821", CannotBeDeleted: true})
		w.silent(w.apply(watched(id)))
		w.keeps(func() { w.fails(w.destroy(), "cannot delete", "manufacturer's app") })
		w.asked("/access_codes/unmanaged/delete", 0)
		w.seam.RemoveUnmanagedAccessCode(id)
		w.restart()
		w.ok(w.destroy())
		w.gone()
	})
}

func TestUnmanagedCodeWhosePINIsHidden(t *testing.T) {
	inUnmanagedWorld(t, func(w *world) {
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821", Masked: true})
		neighbour := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "5555", Masked: true})
		w.silent(w.apply(watched(id)))
		w.warns(w.destroy(), "without comparing PINs", neighbour, "cannot be seen")
		w.gone()
		w.opens("4821", false)
		w.opens("5555", true)
	})
}

func TestUnmanagedCodeWithAHiddenPINThatComesBack(t *testing.T) {
	inUnmanagedWorld(t, func(w *world) {
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821", Masked: true})
		w.lock.OnDelete(seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{Masked: true}})
		w.silent(w.apply(watched(id)))
		w.keeps(func() { w.fails(w.destroy(), "may be the PIN") })
		w.keeps(func() { w.fails(w.destroy(), "may be the PIN") })
	})
}

func TestUnmanagedCodeThatSomebodyRemoved(t *testing.T) {
	inUnmanagedWorld(t, func(w *world) {
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		w.silent(w.apply(watched(id)))
		w.seam.RemoveUnmanagedAccessCode(id)
		w.warns(w.refresh(), "Removed outside Terraform")
		w.gone()
		w.fails(w.apply(watched(id)), "no unmanaged access code "+id, "drop it from the configuration")
	})
}

func TestUnmanagedCodeThatSomebodyConverted(t *testing.T) {
	inUnmanagedWorld(t, func(w *world) {
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		w.silent(w.apply(watched(id)))
		adopter := w.other("seam_access_code")
		adopter.silent(adopter.apply(values{"device_id": w.lock.ID, "adopt_access_code_id": id}))
		w.keeps(func() {
			w.fails(w.refresh(), "managed by this workspace now", "terraform import 'ADDRESS' "+id, "state rm")
			w.fails(w.delete(), "managed by this workspace now")
		})
		w.opens("4821", true)
	})
}

func TestUnmanagedCodeIsOnlyForgottenIfAsked(t *testing.T) {
	inUnmanagedWorld(t, func(w *world) {
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		w.silent(w.apply(watched(id).with(values{"removal": "abandoned"})))
		w.warns(w.destroy(), "abandoned")
		w.gone()
		w.opens("4821", true)
		if w.plan(watched(id).with(values{"removal": "verified_by_event"})).errors() == "" {
			t.Error("a mode is accepted for which there are no events")
		}
	})
}

func TestUnmanagedCodeImport(t *testing.T) {
	inUnmanagedWorld(t, func(w *world) {
		id := w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		w.silent(w.importID(id))
		if p := w.plan(watched(id)); !p.empty() {
			t.Errorf("the plan after an import changes %v", p.changes())
		}
		managed := w.createElsewhere(values{"device_id": w.lock.ID, "code": "7319"})
		w.fails(w.importID(managed), "managed by this workspace now", "terraform import 'ADDRESS' "+managed)
		w.fails(w.importID("b3b7d3f0-0000-4000-8000-000000000000"), "There is no access code b3b7d3f0", "Check the id")
	})
}

func TestManyUnmanagedCodesAreReadByOneList(t *testing.T) {
	inUnmanagedWorld(t, func(w *world) {
		if !*bulkRead {
			return // then each is read by itself
		}
		all := []*world{w}
		for range 9 {
			all = append(all, w.another())
		}
		for _, o := range all {
			o.silent(o.apply(watched(w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"}))))
		}
		w.restart()
		w.seam.ResetRequests()
		for _, o := range all {
			o.server = w.server
			o.silent(o.refresh())
		}
		w.asked("/access_codes/unmanaged/list", 1)
		w.asked(getUnmanagedPath, 0)
	})
}

func TestUnmanagedCodeIsGoneByTheTypedAnswerOnly(t *testing.T) {
	for _, f := range []seamtest.Fault{{Status: 404}, {Status: 404, Type: "not_found"}, {Status: 404, Type: "device_not_found"}, {Status: 401, Type: "access_code_not_found"}, {Status: 500}} {
		inUnmanagedWorld(t, func(w *world) {
			w.silent(w.apply(watched(w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"}))))
			w.seam.RemoveUnmanagedAccessCode(w.id())
			w.restart()
			f.Path = getUnmanagedPath
			w.seam.InjectFault(f)
			w.keeps(func() {
				if !failed(w.refresh()) || !failed(w.delete()) {
					t.Errorf("%+v passes for a code that is gone", f)
				}
			})
		})
	}
}
