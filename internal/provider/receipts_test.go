package provider

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// recordReceipts makes the provider write receipts, from the next run on, and returns how to
// read them.
func (h *harness) recordReceipts() func() []removal.Receipt {
	h.t.Helper()
	file := filepath.Join(h.t.TempDir(), "receipts.jsonl")
	h.configure(values{"removal_receipts": file})
	h.restart()
	return func() []removal.Receipt { return h.readReceipts(file) }
}

func (h *harness) readReceipts(file string) (all []removal.Receipt) {
	h.t.Helper()
	content, err := os.ReadFile(file)
	h.must(err)
	for line := range strings.Lines(string(content)) {
		var one removal.Receipt
		h.must(json.Unmarshal([]byte(line), &one))
		all = append(all, one)
	}
	return all
}

// missingDirectory returns the path of a file that cannot be created.
func missingDirectory(t *testing.T) string {
	return filepath.Join(t.TempDir(), "missing", "receipts.jsonl")
}

func TestAccessCode_removalModes(t *testing.T) {
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
		subtest(t, mode, func(h *harness) {
			receipts := h.recordReceipts()
			h.seam.DelayEvents(20 * time.Second)
			h.lock.OnDelete(seamtest.DeleteBehavior{Takes: 5 * time.Second})
			h.requireNoError(h.apply(guestConfig(h).with(values{"removal": test.removal})))
			id := h.id()
			diags := h.destroyInNextRun()
			h.requireNoError(diags)
			h.requireNoState()
			if test.warns == "" {
				h.requireNoDiagnostics(diags)
			}
			h.requireWarning(diags, test.warns)
			h.requireOpens("4821", test.opens)
			h.requireRequests(deletePath, test.deletes)
			r := h.requireReceipt(receipts)
			requireEqual(h.t, "about", []any{r.AccessCodeID, r.DeviceID, r.WorkspaceID}, []any{id, h.lock.ID, h.seam.Workspace().ID})
			requireEqual(h.t, "how", []any{r.Outcome, r.Mode}, []any{test.outcome, cmp.Or(mode, "verified")})
			requireEqual(h.t, "evidence", []any{r.PINCompared, r.AttemptID != ""}, []any{test.outcome == "verified", test.deletes > 0})
			requireEqual(h.t, "at once", r.Time.Equal(time.Now().Truncate(time.Second)), true)
			var asked []string
			for _, proof := range r.Proofs {
				if proof.RequestID == "" || proof.At.IsZero() || proof.Showed == "" {
					h.t.Errorf("a proof that proves little: %+v", proof)
				}
				asked = append(asked, strings.Fields(proof.Asked)[0])
			}
			requireEqual(h.t, "proofs", asked, test.proofs)
		})
	}
}

func TestAccessCode_receiptsAreAppended(t *testing.T) {
	withHarness(t, func(h *harness) {
		receipts := h.recordReceipts()
		for range 3 {
			h.restart()
			h.requireNoError(h.apply(guestConfig(h)))
			h.requireNoError(h.destroy())
		}
		requireEqual(t, "receipts", len(receipts()), 3)
	})
}

func TestAccessCode_unfinishedRemovalLeavesNoReceipt(t *testing.T) {
	withHarness(t, func(h *harness) {
		receipts := h.recordReceipts()
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Outcome: seamtest.Fails}, seamtest.DeleteBehavior{Takes: time.Hour})
		h.requireNoError(h.apply(guestConfig(h)))
		h.requireError(h.destroy())
		h.requireError(h.destroy())
		requireEqual(t, "receipts", len(receipts()), 0)
	})
}

func TestAccessCode_unwritableReceiptFileStopsTheRemoval(t *testing.T) {
	for _, removal := range []any{nil, "verified_by_event", "requested", "abandoned"} {
		withHarness(t, func(h *harness) {
			h.requireNoError(h.apply(guestConfig(h).with(values{"removal": removal})))
			h.configure(values{"removal_receipts": missingDirectory(t)})
			h.requireStateUnchanged(func() { h.requireError(h.destroyInNextRun(), "receipt could not be written", "removal_receipts") })
			h.requireRequests(deletePath, 0)
			h.requireOpens("4821", true)
		})
	}
}

func TestAccessCode_receiptHoldsNoPIN(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.recordReceipts()
		h.seam.EchoSecrets(true)
		h.requireNoError(h.apply(guestConfig(h).with(values{"removal": "verified_by_event"})))
		h.requireNoError(h.destroy())
		file, _ := h.ProviderConfig["removal_receipts"].(string)
		content, err := os.ReadFile(file)
		h.must(err)
		requireAbsent(t, string(content), "4821", h.seam.Workspace().APIKey)
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the file is readable for others: %v", info.Mode())
		}
	})
}

func TestAccessCode_missingEventErrorNamesTheOtherMode(t *testing.T) {
	withHarness(t, func(h *harness) {
		receipts := h.recordReceipts()
		h.seam.MuteEvents("access_code.removed_from_device")
		config := guestConfig(h).with(values{"removal": "verified_by_event", "timeouts": values{"delete": "2m"}})
		h.requireNoError(h.apply(config))
		h.requireDuration(2*time.Minute, func() {
			h.requireStateUnchanged(func() { h.requireError(h.destroy(), "not confirmed", "event", `removal = "verified"`) })
		})
		h.requireStateUnchanged(func() { h.requireWarning(h.refreshInNextRun(), "event") })
		h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), `removal = "verified"`) })
		h.requireNoError(h.ApplyWithoutRefresh(config.with(values{"removal": "verified"})))
		h.restart()
		h.mustDestroyWithoutRefresh()
		h.requireRequests(deletePath, 1)
		got := h.requireReceipt(receipts)
		requireEqual(t, "receipt", []any{got.Outcome, got.Mode}, []any{"verified", removal.Verified})
	})
}

// A code that the lock never had leaves no removed_from_device behind.
func TestAccessCode_eventOfACodeThatWasNeverOnTheLock(t *testing.T) {
	withHarness(t, func(h *harness) {
		receipts := h.recordReceipts()
		h.lock.OnCreate(seamtest.CreateBehavior{NeverSet: true})
		h.requireNoError(h.apply(guestConfig(h).with(values{"removal": "verified_by_event"})))
		h.requireNoDiagnostics(h.destroy())
		h.requireNoState()
		requireEqual(t, "event", h.requireReceipt(receipts).Proofs[4].Showed, "access_code.deleted")
	})
}

// A code was never set, and its backup code was. Does destroy wait for an event that cannot come?
func TestAccessCode_eventOfACodeWhoseBackupWasSet(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.lock.OnCreate(seamtest.CreateBehavior{NeverSet: true})
		h.requireNoError(h.apply(stayConfig(h, time.Hour).with(values{"removal": "verified_by_event"})))
		backup, _ := h.seam.AccessCode(h.seam.PullBackupAccessCode(h.id()))
		h.restart()
		h.mustDestroyWithoutRefresh("4821", backup.PIN)
	})
}

// A stay was moved to a later start, so the PIN was off the lock before. Is the event of that taken for
// the one of the removal?
func TestAccessCode_eventOfAnEarlierRemoval(t *testing.T) {
	withHarness(t, func(h *harness) {
		config := stayConfig(h, 48*time.Hour).with(values{"removal": "verified_by_event", "timeouts": values{"delete": "1m"}})
		h.requireNoError(h.apply(config))
		h.requireNoError(h.apply(config.with(values{"starts_at": timeFromNow(time.Hour)})))
		h.requireOpens("4821", false)
		advanceClock(2 * time.Hour)
		h.requireOpens("4821", true)
		h.seam.MuteEvents("access_code.removed_from_device")
		h.restart()
		h.requireStateUnchanged(func() { h.requireError(h.destroy(), "access_code.removed_from_device did not come") })
	})
}

func TestAccessCode_removalThatEndsWithTheStayHasOneReceipt(t *testing.T) {
	withHarness(t, func(h *harness) {
		receipts := h.recordReceipts()
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: 30 * time.Minute})
		h.requireNoError(h.apply(stayConfig(h, time.Hour).with(values{"timeouts": values{"delete": "1m"}})))
		h.requireError(h.destroy(), "not confirmed")
		advanceClock(48 * time.Hour)
		for range 3 {
			h.requireNoError(h.refreshInNextRun())
		}
		h.requireReceipt(receipts)
		h.requireOpens("4821", false)
	})
}

func TestAccessCode_receiptsNameTheCodeAndTheLock(t *testing.T) {
	forEach(t, map[string]func(*harness){
		"removed by destroy": func(*harness) {},
		"gone before":        func(h *harness) { h.seam.RemoveAccessCode(h.id()) },
	}, func(h *harness, meanwhile func(*harness)) {
		receipts := h.recordReceipts()
		h.requireNoError(h.apply(guestConfig(h).with(values{"name": "Ana, room 12, PIN 4821"})))
		meanwhile(h)
		h.restart()
		h.requireNoError(h.destroyWithoutRefresh())
		got := h.requireReceipt(receipts)
		requireEqual(h.t, "names", []any{got.AccessCodeName, got.DeviceName}, []any{"Ana, room 12, PIN ****", "Front Door"})
	})
}

// The names of doors often are numbers, which are no secrets unless they are this PIN.
func TestAccessCode_receiptsShowDoorNumbers(t *testing.T) {
	for pin, want := range map[string]string{"482163": "Door 1204", "1204": "Door ****"} {
		withHarness(t, func(h *harness) {
			receipts := h.recordReceipts()
			h.rewriteResponse("/devices/get", func(answer map[string]any) {
				device, _ := answer["device"].(map[string]any)
				device["display_name"] = "Door 1204"
			})
			h.requireNoError(h.apply(guestConfig(h).with(values{"code": pin})))
			h.requireNoError(h.destroy())
			requireEqual(t, "name", h.requireReceipt(receipts).DeviceName, want)
		})
	}
}

func TestAccessCode_receiptIsNotAppendedToAnIncompleteLine(t *testing.T) {
	type testCase struct {
		before string
		lines  int
	}
	forEach(t, map[string]testCase{
		"a torn line":   {`{"time":"2000-01-01T0`, 2},
		"a whole line":  {"{}\n", 2},
		"an empty file": {"", 1},
	}, func(h *harness, test testCase) {
		file := filepath.Join(h.t.TempDir(), "receipts.jsonl")
		h.must(os.WriteFile(file, []byte(test.before), 0o600))
		h.configure(values{"removal_receipts": file})
		h.restart()
		h.requireNoError(h.apply(guestConfig(h)))
		h.requireNoDiagnostics(h.destroy())
		content, err := os.ReadFile(file)
		h.must(err)
		lines := strings.Split(strings.TrimSuffix(string(content), "\n"), "\n")
		var last removal.Receipt
		if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil || last.Outcome != "verified" || len(lines) != test.lines {
			h.t.Errorf("%d lines, the last %+v, %v", len(lines), last, err)
		}
		if !strings.HasPrefix(string(content), test.before) {
			h.t.Errorf("what was there has changed: %q", content)
		}
	})
}
