//go:build unix

package provider

import (
	"path/filepath"
	"syscall"
	"testing"
)

func TestAFIFOForReceiptsIsRefusedAtOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ok(w.apply(guest(w)))
		fifo := filepath.Join(t.TempDir(), "receipts")
		w.must(syscall.Mkfifo(fifo, 0o600))
		w.settings = w.settings.with(values{"removal_receipts": fifo})
		w.restart()
		w.keeps(func() { w.fails(w.destroy(), "not started", "not a regular file", "removal_receipts") })
		w.asked(deletePath, 0)
		w.opens("4821", true)
	})
}
