package provider

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// receipts makes the provider write receipts, from the next run on, and returns how to
// read them.
func (w *world) receipts() func() []seam.Receipt {
	w.t.Helper()
	file := filepath.Join(w.t.TempDir(), "receipts.jsonl")
	w.settings = w.settings.with(values{"removal_receipts": file})
	w.restart()
	return func() (all []seam.Receipt) {
		w.t.Helper()
		content, err := os.ReadFile(file)
		w.must(err)
		for line := range strings.Lines(string(content)) {
			var one seam.Receipt
			w.must(json.Unmarshal([]byte(line), &one))
			all = append(all, one)
		}
		return all
	}
}

func TestModesOfRemoval(t *testing.T) {
	for _, test := range []struct {
		removal any
		outcome string
		warns   string
		opens   bool
		deletes int
		proofs  []string
	}{
		{nil, "verified", "", false, 1, []string{"/access_codes/get", "/devices/get", listPath, strayPath}},
		{"verified", "verified", "", false, 1, []string{"/access_codes/get", "/devices/get", listPath, strayPath}},
		{"verified_by_event", "verified", "", false, 1, []string{"/access_codes/get", "/devices/get", listPath, strayPath, "/events/list"}},
		{"requested", "requested", "Removal requested, not verified", true, 1, nil},
		{"abandoned", "abandoned", "Access code abandoned, not removed", true, 0, nil},
	} {
		mode, _ := test.removal.(string)
		t.Run(mode, func(t *testing.T) {
			inWorld(t, func(w *world) {
				receipts := w.receipts()
				w.seam.DelayEvents(20 * time.Second)
				w.lock.OnDelete(seamtest.DeleteBehavior{Takes: 5 * time.Second})
				w.ok(w.apply(guest(w).with(values{"removal": test.removal})))
				id := w.id()
				w.restart()
				diags := w.destroy()
				w.ok(diags)
				w.gone()
				if test.warns == "" {
					w.silent(diags)
				}
				w.warns(diags, test.warns)
				w.opens("4821", test.opens)
				w.asked(deletePath, test.deletes)
				got := receipts()
				if len(got) != 1 {
					t.Fatalf("%d receipts, want 1", len(got))
				}
				r := got[0]
				if r.Outcome != test.outcome || r.AccessCodeID != id || r.DeviceID != w.lock.ID || r.WorkspaceID != w.seam.Workspace().ID || !r.Time.Equal(time.Now().Truncate(time.Second)) {
					t.Errorf("receipt %+v", r)
				}
				if want := seam.Mode(mode); r.Mode != want && (mode != "" || r.Mode != seam.Verified) {
					t.Errorf("mode %q, want %q", r.Mode, want)
				}
				if verified := test.outcome == "verified"; verified != r.PINCompared || (r.AttemptID == "") != (test.deletes == 0) {
					t.Errorf("receipt %+v", r)
				}
				var asked []string
				for _, proof := range r.Proofs {
					if proof.RequestID == "" || proof.At.IsZero() || proof.Showed == "" {
						t.Errorf("a proof that proves little: %+v", proof)
					}
					asked = append(asked, strings.Fields(proof.Asked)[0])
				}
				if !slices.Equal(asked, test.proofs) {
					t.Errorf("proofs %q, want %q", asked, test.proofs)
				}
			})
		})
	}
}

func TestReceiptsAreAppended(t *testing.T) {
	inWorld(t, func(w *world) {
		receipts := w.receipts()
		for range 3 {
			w.restart()
			w.ok(w.apply(guest(w)))
			w.ok(w.destroy())
		}
		if got := receipts(); len(got) != 3 {
			t.Errorf("%d receipts, want 3", len(got))
		}
	})
}

func TestNoReceiptForWhatHasNotEnded(t *testing.T) {
	inWorld(t, func(w *world) {
		receipts := w.receipts()
		w.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Outcome: seamtest.Fails}, seamtest.DeleteBehavior{Takes: time.Hour})
		w.ok(w.apply(guest(w)))
		w.fails(w.destroy())
		w.fails(w.destroy())
		if got := receipts(); len(got) != 0 {
			t.Errorf("receipts %+v, want none", got)
		}
	})
}

func TestReceiptThatCannotBeWrittenStopsTheRemovalBeforeItStarts(t *testing.T) {
	for _, removal := range []any{nil, "verified_by_event", "requested", "abandoned"} {
		inWorld(t, func(w *world) {
			w.ok(w.apply(guest(w).with(values{"removal": removal})))
			w.settings = w.settings.with(values{"removal_receipts": t.TempDir()})
			w.restart()
			w.keeps(func() { w.fails(w.destroy(), "receipt could not be written", "removal_receipts") })
			w.asked(deletePath, 0)
			w.opens("4821", true)
		})
	}
}

func TestReceiptHoldsNoPIN(t *testing.T) {
	inWorld(t, func(w *world) {
		w.receipts()
		w.seam.EchoSecrets(true)
		w.ok(w.apply(guest(w).with(values{"removal": "verified_by_event"})))
		w.ok(w.destroy())
		file, _ := w.settings["removal_receipts"].(string)
		content, err := os.ReadFile(file)
		w.must(err)
		if strings.Contains(string(content), "4821") || strings.Contains(string(content), w.seam.Workspace().APIKey) {
			t.Errorf("a secret is in the receipt: %s", content)
		}
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the file is readable for others: %v", info.Mode())
		}
	})
}

func TestMutedEventLeadsToTheOtherMode(t *testing.T) {
	inWorld(t, func(w *world) {
		receipts := w.receipts()
		w.seam.MuteEvents("access_code.removed_from_device")
		config := guest(w).with(values{"removal": "verified_by_event", "timeouts": values{"delete": "2m"}})
		w.ok(w.apply(config))
		start := time.Now()
		w.keeps(func() {
			w.fails(w.destroy(), "not confirmed", "event", `removal = "verified"`)
		})
		if took := time.Since(start).Round(time.Second); took != 2*time.Minute {
			t.Errorf("waited %v for the event, want timeouts.delete = 2m", took)
		}
		w.restart()
		w.keeps(func() { w.warns(w.refresh(), "event") })
		w.keeps(func() { w.fails(w.delete(), `removal = "verified"`) })
		w.ok(w.put(config.with(values{"removal": "verified"})))
		w.restart()
		w.ok(w.delete())
		w.gone()
		w.asked(deletePath, 1)
		if got := receipts(); len(got) != 1 || got[0].Outcome != "verified" || got[0].Mode != seam.Verified {
			t.Errorf("receipts %+v", got)
		}
	})
}

// A code that the lock never had leaves no removed_from_device behind.
func TestEventOfACodeThatWasNeverOnTheLock(t *testing.T) {
	inWorld(t, func(w *world) {
		receipts := w.receipts()
		w.lock.OnCreate(seamtest.CreateBehavior{NeverSet: true})
		w.ok(w.apply(guest(w).with(values{"removal": "verified_by_event"})))
		w.silent(w.destroy())
		w.gone()
		if got := receipts(); len(got) != 1 || got[0].Proofs[4].Showed != "access_code.deleted" {
			t.Errorf("receipts %+v", got)
		}
	})
}

func TestRemovalThatEndsWithItsStayHasOneReceipt(t *testing.T) {
	inWorld(t, func(w *world) {
		receipts := w.receipts()
		w.lock.OnDelete(seamtest.DeleteBehavior{Takes: 30 * time.Minute})
		w.ok(w.apply(stay(w, time.Hour).with(values{"timeouts": values{"delete": "1m"}})))
		w.fails(w.destroy(), "not confirmed")
		later(48 * time.Hour)
		for range 3 {
			w.restart()
			w.ok(w.refresh())
		}
		if n := len(receipts()); n != 1 {
			t.Errorf("%d receipts of one removal", n)
		}
		w.opens("4821", false)
	})
}
