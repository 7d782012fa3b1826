package provider

import (
	"slices"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// Does a plan show what somebody changed, and does apply heal it?
func TestAccessGrant_driftIsPlannedAndHealed(t *testing.T) {
	for name, change := range map[string]func(*grantFixture){
		"removed": func(f *grantFixture) { f.seam.RemoveObject("access_grant", f.id()) },
		"renamed": func(f *grantFixture) { f.seam.ChangeObject("access_grant", f.id(), map[string]any{"name": "Mine"}) },
		"other end": func(f *grantFixture) {
			f.seam.ChangeObject("access_grant", f.id(), map[string]any{"ends_at": "2050-01-01T00:00:00.000Z"})
		},
		"method deleted": func(f *grantFixture) { f.seam.RemoveObject("access_method", f.method()) },
		"method added": func(f *grantFixture) {
			f.Call("/access_grants/request_access_methods", map[string]any{"access_grant_id": f.id(), "requested_access_methods": []any{values{"mode": "mobile_key"}}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			withGrants(t, func(f *grantFixture) {
				f.requireNoDiagnostics(f.apply(f.config()))
				change(f)
				f.restart()
				f.requireNoError(f.refresh())
				if p := f.plan(f.config()); p.empty() || hasError(p.Diags) {
					t.Errorf("the plan changes %v: %v", p.changes(), p.Diags)
				}
				f.requireNoError(f.apply(f.config()))
				f.requireSettled(f.config())
				f.requireBoth("4821", true)
				f.restart()
				f.mustDestroy()
				f.requireBoth("4821", false)
			})
		})
	}
}

// Is a PIN that stays on a door after somebody removed the grant planned to be removed?
func TestAccessGrant_removedOutsideWithThePINLeft(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.requireNoDiagnostics(f.apply(f.config()))
		f.seam.RemoveObject("access_grant", f.id())
		left := f.back.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
		f.restart()
		f.requireWarning(f.refresh(), "Removal not proven", "still lists the PIN", left)
		f.requireReplaces(f.config(), "access_method_ids")
		f.requireStateUnchanged(func() { f.requireError(f.apply(f.config()), "Unable to delete access grant", left) })
		f.seam.RemoveUnmanagedAccessCode(left)
		f.restart()
		f.requireNoError(f.apply(f.config()))
		f.requireSettled(f.config())
		f.requireBoth("4821", true)
	})
}

// Do Seam's own repairs, and answers that are out of date, leave the plan empty?
func TestAccessGrant_whatIsNoDrift(t *testing.T) {
	for name, happen := range map[string]func(*grantFixture){
		"nothing":     func(*grantFixture) {},
		"backup code": func(f *grantFixture) { f.seam.PullBackupAccessCode(f.codes()[0]) },
		"one stale 404": func(f *grantFixture) {
			f.seam.InjectFault(seamtest.Fault{Path: "/access_grants/get", Status: 404, Type: "access_grant_not_found", Times: 1})
		},
		"a stale list":    func(f *grantFixture) { f.seam.InjectFault(emptyList("/access_grants/list", "access_grants")) },
		"no list":         func(f *grantFixture) { f.seam.InjectFault(status500Fault("/access_grants/list")) },
		"a space's doors": func(f *grantFixture) { f.seam.SetGrantDelays(seamtest.GrantDelays{Spaces: time.Minute}) },
	} {
		t.Run(name, func(t *testing.T) {
			withGrants(t, func(f *grantFixture) {
				config := f.config().with(values{"ends_at": "2100-01-01T00:00:00Z"})
				f.requireNoDiagnostics(f.apply(config))
				happen(f)
				f.restart()
				f.requireNoError(f.refresh())
				f.requireCleanPlan(config)
				f.restart()
				f.mustDestroy()
				f.requireBoth("4821", false)
			})
		})
	}
}

func emptyList(path, field string) seamtest.Fault {
	return seamtest.Fault{Path: path, Status: 200, ContentType: "application/json", Body: `{"` + field + `":[],"pagination":{"has_next_page":false,"next_page_cursor":null,"next_page_url":null},"ok":true}`, Times: 1}
}

func TestAccessGrant_afterItsEnd(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		config := f.endingInAnHour()
		f.requireNoDiagnostics(f.apply(config))
		advanceClock(2 * time.Hour)
		f.seam.RemoveObject("access_grant", f.id())
		f.restart()
		f.requireNoDiagnostics(f.refresh())
		f.requireCleanPlan(config)
		f.requireBoth("4821", false)
		if p := f.plan(f.endingInAnHour()); len(p.Replaces) == 0 {
			t.Errorf("a later end is not planned as a replacement: %v", p.changes())
		}
		f.restart()
		f.mustDestroy()
	})
}

func TestAccessGrant_removalModes(t *testing.T) {
	for mode, want := range map[string]struct {
		opens   bool
		deletes int
		says    string
	}{
		"verified":          {false, 1, ""},
		"verified_by_event": {false, 1, ""},
		"requested":         {true, 1, "Removal requested, not verified"},
		"abandoned":         {true, 0, "Access grant abandoned, not removed"},
	} {
		t.Run(mode, func(t *testing.T) {
			withGrants(t, func(f *grantFixture) {
				receipts := f.recordReceipts()
				f.seam.DelayEvents(20 * time.Second)
				f.back.OnDelete(seamtest.DeleteBehavior{Takes: 10 * time.Second})
				f.lock.OnDelete(seamtest.DeleteBehavior{Takes: 10 * time.Second})
				f.requireNoDiagnostics(f.apply(f.config().with(values{"removal": mode})))
				f.restart()
				diags := f.destroy()
				f.requireNoError(diags)
				f.requireNoState()
				f.requireWarning(diags, want.says)
				f.requireBoth("4821", want.opens)
				f.requireRequests("/access_grants/delete", want.deletes)
				if got := receipts(); len(got) != 1 || string(got[0].Mode) != mode || want.says == "" && (got[0].Grade != "lock" || !got[0].PINCompared) {
					t.Errorf("receipts %+v", got)
				}
			})
		})
	}
}

// Is a PIN forgotten whose code somebody took out of the grant?
func TestAccessGrant_updateRemovesWhatLeftTheGrant(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.requireNoDiagnostics(f.apply(f.config()))
		f.seam.UnmanageAccessCode(f.codes()[0])
		f.restart()
		f.requireNoError(f.apply(f.with(values{"mode": "code", "code": "7319"})))
		f.requireBoth("4821", false)
		f.requireBoth("7319", true)
	})
}

// Does an update delete a code that a stale list lacks?
func TestAccessGrant_updateBelievesNoStaleList(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.requireNoDiagnostics(f.apply(f.config()))
		stale := emptyList(listPath, "access_codes")
		stale.Match = hasField("access_grant_id")
		f.seam.InjectFault(stale)
		f.restart()
		f.requireNoError(f.apply(f.config().with(values{"name": "Other"})))
		f.requireBoth("4821", true)
		f.requireRequests(deletePath, 0)
	})
}

// Is a deleted method hidden by one that is still there, if Seam keeps the ID of the deleted one?
func TestAccessGrant_deletedMethodWhoseIDSeamKeeps(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		config := f.with(values{"mode": "code", "code": "4821"}, values{"mode": "mobile_key"})
		f.requireNoDiagnostics(f.apply(config))
		kept := f.seam.Object("access_grant", f.id()).Fields["requested_access_methods"]
		for _, method := range f.seam.Objects("access_method") {
			if method.Text("mode") == "mobile_key" {
				f.seam.RemoveObject("access_method", method.ID)
			}
		}
		f.seam.DescribeObjects("access_grant", func(_ string, fields map[string]any) { fields["requested_access_methods"] = kept })
		f.restart()
		f.requireNoError(f.refresh())
		if p := f.plan(config); !slices.Contains(p.changes(), "requested_access_methods") {
			t.Errorf("the plan changes %v", p.changes())
		}
	})
}
