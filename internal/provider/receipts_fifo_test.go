//go:build unix

package provider

import (
	"path/filepath"
	"syscall"
	"testing"
)

func TestAccessCode_receiptsToAFIFOAreRefused(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		fifo := filepath.Join(t.TempDir(), "receipts")
		h.must(syscall.Mkfifo(fifo, 0o600))
		h.configure(values{"removal_receipts": fifo})
		h.requireStateUnchanged(func() { h.requireError(h.destroyInNextRun(), "not started", "not a regular file", "removal_receipts") })
		h.requireRequests(deletePath, 0)
		h.requireOpens("4821", true)
	})
}
