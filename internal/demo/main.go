// Command demo shows the provider at work: it applies examples/quickstart against a Seam
// that runs inside it, and asks the locks what opens them.
//
//	go run ./internal/demo CLI
//
// CLI is the path of terraform or tofu, 1.11 or newer.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./internal/demo CLI (`make demo` finds or builds one)")
		os.Exit(2)
	}
	if err := run(ctx, os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// removalTakes is how long the demo's locks need to forget a PIN.
const removalTakes = 3 * time.Second

// stage is where the demo plays.
type stage struct {
	dir         string
	cli         string
	seam        *seamtest.Server
	front, back *seamtest.Lock
	environment []string
}

// pin is a PIN that was put on a lock.
type pin struct {
	owner string
	lock  *seamtest.Lock
	code  string
}

func run(ctx context.Context, cli string) error {
	dir, err := os.MkdirTemp("", "seam-demo-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	s := &stage{dir: dir, cli: cli, seam: seamtest.New()}
	s.front, s.back = s.seam.AddLock("Front Door"), s.seam.AddLock("Back Door")
	s.seam.DefaultRemoval(seamtest.Removal{Takes: removalTakes})
	closeServer, err := s.serve(ctx)
	if err != nil {
		return err
	}
	defer closeServer()
	if err := s.prepare(ctx); err != nil {
		return err
	}
	return s.play(ctx)
}

// serve opens the embedded Seam to the CLI, on this machine only.
func (s *stage) serve(ctx context.Context) (func(), error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: s.seam, ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(listener) }()
	s.environment = append(os.Environ(),
		"SEAM_ENDPOINT=http://"+listener.Addr().String(),
		"SEAM_API_KEY="+s.seam.Workspace().APIKey,
		"TF_CLI_CONFIG_FILE="+filepath.Join(s.dir, "dev.tfrc"),
		"CHECKPOINT_DISABLE=1",
		"TF_VAR_front_door="+s.front.ID,
		"TF_VAR_back_door="+s.back.ID,
		"TF_VAR_cleaner_pin=7319",
		fmt.Sprintf(`TF_VAR_stay={starts_at=%q,ends_at=%q}`, time.Now().Format(time.RFC3339), time.Now().AddDate(0, 0, 4).Format(time.RFC3339)),
	)
	return func() { _ = server.Close() }, nil
}

// prepare builds the provider and lays out the quickstart example.
func (s *stage) prepare(ctx context.Context) error {
	build := exec.CommandContext(ctx, "go", "build", "-o", filepath.Join(s.dir, "terraform-provider-seam"), ".")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building the provider: %w\n%s", err, out)
	}
	example, err := os.ReadFile("examples/quickstart/main.tf")
	if err != nil {
		return err
	}
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"seamapi/seam\" = %q\n  }\n  direct {}\n}\n", s.dir)
	return errors.Join(
		os.WriteFile(filepath.Join(s.dir, "main.tf"), example, 0o600),
		os.WriteFile(filepath.Join(s.dir, "dev.tfrc"), []byte(overrides), 0o600),
	)
}

func (s *stage) play(ctx context.Context) error {
	say("Two locks, three PINs: apply examples/quickstart.")
	if err := s.run(ctx, 0, "apply", "-auto-approve"); err != nil {
		return err
	}
	pins := s.pins()
	if open := s.ask(pins); open != 3 {
		return fmt.Errorf("%d of 3 PINs open their door after apply", open)
	}

	say("Nothing has changed since, so the plan is clean.")
	if err := s.run(ctx, 0, "plan", "-detailed-exitcode"); err != nil {
		return err
	}

	say("Somebody deletes the guest's code behind Terraform's back. The plan sees it.")
	for _, code := range s.seam.Codes() {
		if code.Name == "Guest" {
			s.seam.RemoveOutside(code.ID)
		}
	}
	if err := s.run(ctx, 2, "plan", "-detailed-exitcode"); err != nil {
		return err
	}

	say(fmt.Sprintf("Destroy. The locks need %v to forget a PIN, and destroy waits for the proof.", removalTakes))
	if err := s.run(ctx, 0, "destroy", "-auto-approve"); err != nil {
		return err
	}
	if err := s.receipts(); err != nil {
		return err
	}
	if open := s.ask(pins); open != 0 {
		return fmt.Errorf("%d PINs still open their door after destroy", open)
	}
	return nil
}

// telling picks the lines of the CLI's output that tell the story.
var telling = regexp.MustCompile(`complete after|^Plan: \d|No changes|complete! |Removed outside|was removed outside Terraform|will be created`)

// run runs the CLI and prints what matters, or everything if its exit code is another
// one than wanted.
func (s *stage) run(ctx context.Context, want int, args ...string) error {
	fmt.Printf("    $ %s %s\n", filepath.Base(s.cli), strings.Join(args, " "))
	cmd := exec.CommandContext(ctx, s.cli, append(args, "-no-color", "-input=false")...)
	cmd.Dir, cmd.Env = s.dir, s.environment
	out, err := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != want {
		return fmt.Errorf("%s %s: exit code %d, want %d (%w)\n%s", s.cli, args[0], code, want, errors.Join(err), out)
	}
	for line := range strings.Lines(string(out)) {
		if telling.MatchString(line) {
			fmt.Print("      ", strings.TrimLeft(line, " #│╷"))
		}
	}
	return nil
}

func (s *stage) pins() []pin {
	var pins []pin
	for _, code := range s.seam.Codes() {
		pins = append(pins, pin{owner: code.Name, lock: s.seam.Device(code.DeviceID), code: code.PIN})
	}
	return pins
}

// ask tries every PIN on its lock and counts those that open it.
func (s *stage) ask(pins []pin) (open int) {
	for _, p := range pins {
		answer := "does not open"
		if p.lock.Opens(p.code) {
			answer, open = "opens", open+1
		}
		fmt.Printf("    %s's PIN %s the %s.\n", p.owner, answer, p.lock.Name)
	}
	return open
}

// receipts prints what each removal was proven with.
func (s *stage) receipts() error {
	file, err := os.Open(filepath.Join(s.dir, "removals.jsonl"))
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	fmt.Println("    Receipts (removals.jsonl):")
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var receipt struct {
			AccessCodeID string `json:"access_code_id"`
			Outcome      string
			Proofs       []struct{ Asked, Showed string }
		}
		if err := json.Unmarshal(lines.Bytes(), &receipt); err != nil {
			return err
		}
		fmt.Printf("      %s %s\n", receipt.AccessCodeID, receipt.Outcome)
		for _, proof := range receipt.Proofs {
			fmt.Printf("        %s: %s\n", strings.Fields(proof.Asked)[0], proof.Showed)
		}
	}
	return lines.Err()
}

func say(line string) { fmt.Println("\n==>", line) }
