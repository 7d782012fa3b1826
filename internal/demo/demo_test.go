package main

import (
	"os"
	"strings"
	"testing"
)

func TestPrinter_plainInAPipe(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = read.Close() }()
	p := newPrinter(write)
	p.heading("Destroy")
	p.check(true, "exit code %d", 0)
	p.check(false, "exit code %d", 1)
	p.quote("It said so\n\nand more")
	if err := write.Close(); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 1000)
	n, err := read.Read(got)
	if want := "\n==> Destroy\n    ✓ exit code 0\n    ✗ exit code 1\n      | It said so\n      |\n      | and more\n"; err != nil || string(got[:n]) != want {
		t.Errorf("%v, %q", err, got[:n])
	}
}

// Colour on a terminal, unless NO_COLOR is set.
func TestPrinter_colouredOnATerminal(t *testing.T) {
	terminal, err := os.Open(os.DevNull) // a character device, too
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = terminal.Close() }()
	for noColour, want := range map[string]bool{"": true, "1": false} {
		t.Setenv("NO_COLOR", noColour)
		t.Setenv("TERM", "xterm")
		p := newPrinter(terminal)
		var out strings.Builder
		p.out = &out
		p.check(true, "done")
		if got := strings.Contains(out.String(), "\x1b[32m✓\x1b[0m"); got != want {
			t.Errorf("NO_COLOR=%q: %q", noColour, out.String())
		}
	}
}

// Errors are shown in full, and nothing else but the summary lines.
func TestSummarize_showsErrorsInFull(t *testing.T) {
	out := `
Warning: Provider development overrides are in effect

Of no interest.

seam_access_code.a: Destruction complete after 3s

Error: Unable to delete access code

  with seam_access_code.cleaner,
  on main.tf line 57, in resource "seam_access_code" "cleaner":
  57: resource "seam_access_code" "cleaner" {

The PIN may still open
the lock.

Run destroy again.
`
	want := "seam_access_code.a: Destruction complete after 3s\nError: Unable to delete access code\n\nThe PIN may still open\nthe lock.\n\nRun destroy again."
	if got := summarize(out); got != want {
		t.Errorf("%q", got)
	}
}
