package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// installedPIN is a PIN that was set on a lock.
type installedPIN struct {
	owner string
	lock  *seamtest.Lock
	pin   string
}

// runSteps runs the steps, up to the first unexpected result.
func (d *demo) runSteps(ctx context.Context) error {
	for _, act := range []func(context.Context) error{d.showApply, d.showDrift, d.showFailedDestroy, d.showDestroy} {
		if err := act(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) showApply(ctx context.Context) error {
	d.heading("Two locks, three PINs: apply examples/quickstart")
	if err := d.runCLI(ctx, 0, "apply", "-auto-approve"); err != nil {
		return err
	}
	if err := d.checkPINs(d.pins(), true); err != nil {
		return err
	}
	d.heading("Nothing has changed since, so the plan is clean")
	return d.runCLI(ctx, 0, "plan", "-detailed-exitcode")
}

func (d *demo) showDrift(ctx context.Context) error {
	d.heading("Somebody deletes the guest's code outside Terraform: the plan shows it")
	d.seam.RemoveAccessCode(d.codeNamed("Guest").ID)
	if err := d.runCLI(ctx, 2, "plan", "-detailed-exitcode"); err != nil {
		return err
	}
	d.heading("Apply creates it again")
	if err := d.runCLI(ctx, 0, "apply", "-auto-approve"); err != nil {
		return err
	}
	return d.checkPINs(d.pins(), true)
}

// showFailedDestroy shows that destroy fails while the PIN still opens the door.
func (d *demo) showFailedDestroy(ctx context.Context) error {
	d.heading("Destroy, while the back door's lock does not remove its PIN")
	pins := d.pins()
	d.back.OnDelete(seamtest.DeleteBehavior{
		Takes: removalDuration, Outcome: seamtest.Fails, Stays: true,
		ErrorType: "failed_to_remove_from_device", ErrorMessage: "The lock did not confirm the removal",
		Errors: []seamtest.Issue{{Code: "failed_to_remove_from_device", Message: "The lock did not confirm the removal"}},
	})
	if err := d.runCLI(ctx, 1, "destroy", "-auto-approve"); err != nil {
		return err
	}
	for _, p := range pins {
		if err := d.checkPINs([]installedPIN{p}, p.lock == d.back); err != nil {
			return err
		}
	}
	return d.runCLI(ctx, 0, "state", "list")
}

func (d *demo) showDestroy(ctx context.Context) error {
	d.heading("The lock gets new batteries and removes the PIN: destroy succeeds")
	pins := d.pins()
	if err := d.runCLI(ctx, 0, "destroy", "-auto-approve"); err != nil {
		return err
	}
	if err := d.checkPINs(pins, false); err != nil {
		return err
	}
	d.heading("The proof of each removal (removals.jsonl)")
	proven, err := d.printReceipts()
	if err != nil {
		return err
	}
	open := 0
	for _, lock := range []*seamtest.Lock{d.front, d.back} {
		open += len(lock.PINs())
	}
	if proven != 3 || open > 0 {
		return fmt.Errorf("%d of 3 PINs proven off their locks, %d still there", proven, open)
	}
	d.line("")
	d.check(true, "%d of 3 PINs proven off their locks.", proven)
	return nil
}

func (d *demo) codeNamed(name string) (named seamtest.AccessCode) {
	for _, code := range d.seam.AccessCodes() {
		if code.Name == name {
			named = code
		}
	}
	return named
}

func (d *demo) pins() []installedPIN {
	var pins []installedPIN
	for _, code := range d.seam.AccessCodes() {
		pins = append(pins, installedPIN{owner: code.Name, lock: d.seam.Device(code.DeviceID), pin: code.PIN})
	}
	return pins
}

// checkPINs tries every PIN on its lock.
func (d *demo) checkPINs(pins []installedPIN, open bool) error {
	if len(pins) == 0 {
		return errors.New("there are no PINs to try")
	}
	for _, p := range pins {
		opens := p.lock.Opens(p.pin)
		answer := "does not open"
		if opens {
			answer = "opens"
		}
		if opens != open {
			return fmt.Errorf("%s's PIN %s the %s", p.owner, answer, p.lock.Name)
		}
		d.check(true, "%s's PIN %s the %s", p.owner, answer, p.lock.Name)
	}
	return nil
}

// runCLI runs the CLI and prints a summary of its output, or all of it if the exit code is wrong.
func (d *demo) runCLI(ctx context.Context, want int, args ...string) error {
	command := filepath.Base(d.cli) + " " + strings.Join(args, " ")
	d.line("    $ " + command)
	if args[0] != "state" {
		args = append(args, "-no-color", "-input=false")
	}
	cmd := exec.CommandContext(ctx, d.cli, args...)
	cmd.Dir, cmd.Env = d.dir, d.env
	out, err := cmd.CombinedOutput()
	code := cmd.ProcessState.ExitCode()
	if code != want {
		return fmt.Errorf("%s: exit code %d, want %d (%w)\n%s", command, code, want, errors.Join(err), out)
	}
	d.quote(summarize(string(out)))
	d.check(true, "exit code %d%s", code, exitCodeMeaning[code])
	return nil
}

var exitCodeMeaning = map[int]string{1: ": refused", 2: ": the locks differ from the configuration"}

var (
	// summaryLine matches the lines of the CLI's output that are always shown.
	summaryLine = regexp.MustCompile(`complete after|^Plan: \d|^No changes|complete! |^seam_\S+$`)
	// diagnosticStart begins an error, or a warning of the provider.
	diagnosticStart = regexp.MustCompile(`^(Error|Warning): `)
	// overridesWarning is the CLI's warning about development overrides.
	overridesWarning = regexp.MustCompile(`^Warning: Provider development overrides`)
	// diagnosticLocation is where in the configuration a message comes from.
	diagnosticLocation = regexp.MustCompile(`^(with seam_|on main\.tf line|\d+: )`)
	// diagnosticEnd ends a message.
	diagnosticEnd = regexp.MustCompile(`^(─|Apply|Destroy|Plan:|Terraform |OpenTofu |Releasing|seam_)`)
)

// summarize returns the parts of the CLI's output to print.
func summarize(out string) string {
	var shown []string
	within := false
	for line := range strings.Lines(out) {
		line = strings.TrimRight(strings.TrimLeft(line, "│╷╵ "), "\n ")
		switch {
		case diagnosticStart.MatchString(line):
			within = !overridesWarning.MatchString(line)
		case diagnosticEnd.MatchString(line):
			within = false
		}
		if within && !diagnosticLocation.MatchString(line) || summaryLine.MatchString(line) {
			shown = append(shown, line)
		}
	}
	shown = slices.CompactFunc(shown, func(a, b string) bool { return a == "" && b == "" })
	return strings.TrimSpace(strings.Join(shown, "\n"))
}

// printReceipts prints the proofs of each removal and returns the number of proven removals.
func (d *demo) printReceipts() (proven int, err error) {
	file, err := os.Open(filepath.Join(d.dir, "removals.jsonl"))
	if err != nil {
		return 0, err
	}
	defer func() { _ = file.Close() }()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var receipt struct {
			AccessCodeID string `json:"access_code_id"`
			Outcome      string
			Proofs       []struct{ Asked, Showed string }
		}
		if err := json.Unmarshal(lines.Bytes(), &receipt); err != nil {
			return 0, err
		}
		if receipt.Outcome == "verified" {
			proven++
		}
		d.check(receipt.Outcome == "verified", "%s %s", receipt.AccessCodeID, receipt.Outcome)
		for _, proof := range receipt.Proofs {
			d.quote(strings.Fields(proof.Asked)[0] + ": " + proof.Showed)
		}
	}
	return proven, nil
}
