package provider

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func receiptFiles(t *testing.T, directory string) []string {
	t.Helper()
	entries, err := os.ReadDir(directory)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var files []string
	for _, entry := range entries {
		files = append(files, filepath.Join(directory, entry.Name()))
	}
	return files
}

func TestReceipts_aDirectoryGetsAFileForEachRun(t *testing.T) {
	forEach(t, map[string]func(directory string) string{
		"an existing one":            func(directory string) string { return directory },
		"one that is yet to be made": func(directory string) string { return filepath.Join(directory, "a", "b") + "/" },
	}, func(h *harness, path func(string) string) {
		directory := path(h.t.TempDir())
		h.configure(values{"removal_receipts": directory})
		for range 2 {
			h.restart()
			h.requireNoError(h.apply(guestConfig(h)))
			h.requireNoDiagnostics(h.destroyInNextRun())
		}
		files := receiptFiles(h.t, directory)
		requireEqual(h.t, "files", len(files), 2)
		for _, file := range files {
			requireEqual(h.t, "receipts", len(h.readReceipts(file)), 1)
			info, err := os.Stat(file)
			h.must(err)
			requireEqual(h.t, "mode", info.Mode().Perm(), os.FileMode(0o600))
		}
	})
}

func TestReceipts_aRunWritesOneFile(t *testing.T) {
	withHarness(t, func(h *harness) {
		directory := t.TempDir()
		h.configure(values{"removal_receipts": directory})
		h.restart()
		for range 2 {
			h.requireNoError(h.apply(guestConfig(h)))
			h.requireNoDiagnostics(h.destroy())
		}
		files := receiptFiles(t, directory)
		requireEqual(t, "files", len(files), 1)
		requireEqual(t, "receipts", len(h.readReceipts(files[0])), 2)
	})
}

func TestReceipts_aRunWithoutReceiptsWritesNoFile(t *testing.T) {
	withHarness(t, func(h *harness) {
		directory := t.TempDir()
		h.configure(values{"removal_receipts": directory})
		h.lock.OnDelete(seamtest.DeleteBehavior{Outcome: seamtest.Fails})
		h.requireNoError(h.apply(guestConfig(h)))
		h.requireError(h.destroyInNextRun())
		requireEqual(t, "files", len(receiptFiles(t, directory)), 0)
	})
}

func TestReceipts_aDirectoryThatCannotBeMadeStopsTheRemoval(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.requireNoError(h.apply(guestConfig(h)))
		file := filepath.Join(t.TempDir(), "file")
		h.must(os.WriteFile(file, nil, 0o600))
		h.configure(values{"removal_receipts": file + "/"})
		h.requireStateUnchanged(func() { h.requireError(h.destroyInNextRun(), "not started", "removal_receipts") })
		h.requireRequests(deletePath, 0)
		h.requireOpens("4821", true)
	})
}
