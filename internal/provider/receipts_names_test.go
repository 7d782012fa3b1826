package provider

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

func TestReceiptsNameTheCodeAndTheLock(t *testing.T) {
	for name, meanwhile := range map[string]func(*world){
		"removed by destroy": func(*world) {},
		"gone before":        func(w *world) { w.seam.RemoveAccessCode(w.id()) },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				receipts := w.receipts()
				w.ok(w.apply(guest(w).with(values{"name": "Ana, room 12, PIN 4821"})))
				meanwhile(w)
				w.restart()
				w.ok(w.delete())
				got := receipts()
				if len(got) != 1 || got[0].AccessCodeName != "Ana, room 12, PIN ****" || got[0].DeviceName != "Front Door" {
					t.Errorf("receipts %+v", got)
				}
			})
		})
	}
}

// The names of doors often are numbers, which are no secrets unless they are this PIN.
func TestReceiptsShowTheNumbersOfDoors(t *testing.T) {
	for pin, want := range map[string]string{"482163": "Door 1204", "1204": "Door ****"} {
		inWorld(t, func(w *world) {
			receipts := w.receipts()
			w.rewrite("/devices/get", func(answer map[string]any) {
				device, _ := answer["device"].(map[string]any)
				device["display_name"] = "Door 1204"
			})
			w.ok(w.apply(guest(w).with(values{"code": pin})))
			w.ok(w.destroy())
			if got := receipts(); len(got) != 1 || got[0].DeviceName != want {
				t.Errorf("receipts %+v", got)
			}
		})
	}
}

func TestAReceiptIsNotAppendedToATornLine(t *testing.T) {
	for name, test := range map[string]struct {
		before string
		lines  int
	}{
		"a torn line":   {`{"time":"2000-01-01T0`, 2},
		"a whole line":  {"{}\n", 2},
		"an empty file": {"", 1},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				file := filepath.Join(t.TempDir(), "receipts.jsonl")
				w.must(os.WriteFile(file, []byte(test.before), 0o600))
				w.settings = w.settings.with(values{"removal_receipts": file})
				w.restart()
				w.ok(w.apply(guest(w)))
				w.silent(w.destroy())
				content, err := os.ReadFile(file)
				w.must(err)
				lines := strings.Split(strings.TrimSuffix(string(content), "\n"), "\n")
				var last seam.Receipt
				if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil || last.Outcome != "verified" || len(lines) != test.lines {
					t.Errorf("%d lines, the last %+v, %v", len(lines), last, err)
				}
				if !strings.HasPrefix(string(content), test.before) {
					t.Errorf("what was there has changed: %q", content)
				}
			})
		})
	}
}
