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

// pin is a PIN that was put on a lock.
type pin struct {
	owner string
	lock  *seamtest.Lock
	code  string
}

// play is the story. It ends with the first thing that is not as expected.
func (s *stage) play(ctx context.Context) error {
	for _, act := range []func(context.Context) error{s.moveIn, s.drift, s.refuse, s.moveOut} {
		if err := act(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *stage) moveIn(ctx context.Context) error {
	s.act("Two locks, three PINs: apply examples/quickstart")
	if err := s.run(ctx, 0, "apply", "-auto-approve"); err != nil {
		return err
	}
	if err := s.expect(s.pins(), true); err != nil {
		return err
	}
	s.act("Nothing has changed since, so the plan is clean")
	return s.run(ctx, 0, "plan", "-detailed-exitcode")
}

func (s *stage) drift(ctx context.Context) error {
	s.act("Somebody deletes the guest's code behind Terraform's back: the plan sees it")
	s.seam.RemoveOutside(s.named("Guest").ID)
	if err := s.run(ctx, 2, "plan", "-detailed-exitcode"); err != nil {
		return err
	}
	s.act("Apply puts it back")
	if err := s.run(ctx, 0, "apply", "-auto-approve"); err != nil {
		return err
	}
	return s.expect(s.pins(), true)
}

// refuse is the point of the provider: a destroy that succeeds while the PIN opens the
// door would be worse than one that fails.
func (s *stage) refuse(ctx context.Context) error {
	s.act("Destroy, while the back door's lock does not let go of its PIN")
	pins := s.pins()
	s.back.OnRemove(seamtest.Removal{
		Takes: removalTakes, Ends: seamtest.Fails, Stays: true,
		ErrorType: "failed_to_remove_from_device", ErrorMessage: "The lock did not confirm the removal",
		Errors: []seamtest.Issue{{Code: "failed_to_remove_from_device", Message: "The lock did not confirm the removal"}},
	})
	if err := s.run(ctx, 1, "destroy", "-auto-approve"); err != nil {
		return err
	}
	for _, p := range pins {
		if err := s.expect([]pin{p}, p.lock == s.back); err != nil {
			return err
		}
	}
	return s.run(ctx, 0, "state", "list")
}

func (s *stage) moveOut(ctx context.Context) error {
	s.act("The lock has new batteries and takes the PIN off: destroy succeeds")
	pins := s.pins()
	if err := s.run(ctx, 0, "destroy", "-auto-approve"); err != nil {
		return err
	}
	if err := s.expect(pins, false); err != nil {
		return err
	}
	s.act("What each removal was proven with (removals.jsonl)")
	proven, err := s.receipts()
	if err != nil {
		return err
	}
	open := 0
	for _, lock := range []*seamtest.Lock{s.front, s.back} {
		open += len(lock.PINs())
	}
	if proven != 3 || open > 0 {
		return fmt.Errorf("%d of 3 PINs proven off their locks, %d still there", proven, open)
	}
	s.line("")
	s.check(true, "%d of 3 PINs proven off their locks.", proven)
	return nil
}

func (s *stage) named(name string) (named seamtest.Code) {
	for _, code := range s.seam.Codes() {
		if code.Name == name {
			named = code
		}
	}
	return named
}

func (s *stage) pins() []pin {
	var pins []pin
	for _, code := range s.seam.Codes() {
		pins = append(pins, pin{owner: code.Name, lock: s.seam.Device(code.DeviceID), code: code.PIN})
	}
	return pins
}

// expect tries every PIN on its lock.
func (s *stage) expect(pins []pin, open bool) error {
	if len(pins) == 0 {
		return errors.New("there are no PINs to try")
	}
	for _, p := range pins {
		opens := p.lock.Opens(p.code)
		answer := "does not open"
		if opens {
			answer = "opens"
		}
		if opens != open {
			return fmt.Errorf("%s's PIN %s the %s", p.owner, answer, p.lock.Name)
		}
		s.check(true, "%s's PIN %s the %s", p.owner, answer, p.lock.Name)
	}
	return nil
}

// run runs the CLI and prints what matters, or everything if its exit code is another
// one than wanted.
func (s *stage) run(ctx context.Context, want int, args ...string) error {
	command := filepath.Base(s.cli) + " " + strings.Join(args, " ")
	s.line("    $ " + command)
	if args[0] != "state" {
		args = append(args, "-no-color", "-input=false")
	}
	cmd := exec.CommandContext(ctx, s.cli, args...)
	cmd.Dir, cmd.Env = s.dir, s.environment
	out, err := cmd.CombinedOutput()
	code := cmd.ProcessState.ExitCode()
	if code != want {
		return fmt.Errorf("%s: exit code %d, want %d (%w)\n%s", command, code, want, errors.Join(err), out)
	}
	s.quote(tellingOf(string(out)))
	s.check(true, "exit code %d%s", code, meaning[code])
	return nil
}

var meaning = map[int]string{1: ": refused", 2: ": the locks differ from the configuration"}

var (
	// telling are the lines of the CLI's output that tell the story.
	telling = regexp.MustCompile(`complete after|^Plan: \d|^No changes|complete! |^seam_\S+$`)
	// message begins an error, or a warning of the provider.
	message = regexp.MustCompile(`^(Error|Warning): `)
	// aside is the CLI's own remark on development builds.
	aside = regexp.MustCompile(`^Warning: Provider development overrides`)
	// location is where in the configuration a message comes from.
	location = regexp.MustCompile(`^(with seam_|on main\.tf line|\d+: )`)
	// after ends a message.
	after = regexp.MustCompile(`^(─|Apply|Destroy|Plan:|Terraform |OpenTofu |Releasing|seam_)`)
)

// tellingOf is what to show of the CLI's output.
func tellingOf(out string) string {
	var told []string
	within := false
	for line := range strings.Lines(out) {
		line = strings.TrimRight(strings.TrimLeft(line, "│╷╵ "), "\n ")
		switch {
		case message.MatchString(line):
			within = !aside.MatchString(line)
		case after.MatchString(line):
			within = false
		}
		if within && !location.MatchString(line) || telling.MatchString(line) {
			told = append(told, line)
		}
	}
	told = slices.CompactFunc(told, func(a, b string) bool { return a == "" && b == "" })
	return strings.TrimSpace(strings.Join(told, "\n"))
}

// receipts prints what each removal was proven with, and counts those that are.
func (s *stage) receipts() (proven int, err error) {
	file, err := os.Open(filepath.Join(s.dir, "removals.jsonl"))
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
		s.check(receipt.Outcome == "verified", "%s %s", receipt.AccessCodeID, receipt.Outcome)
		for _, proof := range receipt.Proofs {
			s.quote(strings.Fields(proof.Asked)[0] + ": " + proof.Showed)
		}
	}
	return proven, nil
}
