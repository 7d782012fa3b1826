package provider

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/removal"
)

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
