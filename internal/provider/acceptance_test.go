package provider_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/seamapi/terraform-provider-seam/internal/provider"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// The acceptance tests run a real CLI. Most go through terraform-plugin-testing, with the
// provider in this process; those about exit codes, interrupts, files and what people read
// run the CLI themselves (acceptance_cli_test.go).

func TestMain(m *testing.M) { os.Exit(withCLI(m)) }

// withCLI shields the tests from the settings of whoever runs them. TF_ACC without a CLI is
// a failure: plugin-testing would download one.
func withCLI(m *testing.M) int {
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "SEAM_") {
			_ = os.Unsetenv(name)
		}
	}
	settings := map[string]string{
		"CHECKPOINT_DISABLE": "1",
		"TF_CLI_CONFIG_FILE": os.DevNull,
		"GOGC":               "400", // only the CLI sees it: its runs are short
	}
	if os.Getenv("TF_ACC") != "" {
		name := os.Getenv("TF_ACC_TERRAFORM_PATH")
		if name == "" {
			name = "terraform"
		}
		path, err := exec.LookPath(name)
		if err == nil {
			path, err = filepath.Abs(path)
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "TF_ACC is set, but there is no CLI: %v. `make test` finds or builds one.\n", err)
			return 1
		}
		settings["TF_ACC_TERRAFORM_PATH"] = path
	}
	for name, value := range settings {
		if err := os.Setenv(name, value); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	debug.SetGCPercent(400) // the tests make much garbage and keep little of it
	code := m.Run()
	if dir := built.dir; dir != "" {
		_ = os.RemoveAll(dir)
	}
	return code
}

// built is the provider as the CLI starts it.
var built struct {
	once sync.Once
	dir  string
	err  error
}

// build makes the provider once for all tests, next to a CLI configuration that names it.
func build() (dir string, err error) {
	built.once.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "seam-acceptance-"); built.err != nil {
			return
		}
		overrides := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"seamapi/seam\" = %q\n  }\n  direct {}\n}\n", built.dir)
		if built.err = os.WriteFile(filepath.Join(built.dir, "dev.tfrc"), []byte(overrides), 0o600); built.err != nil {
			return
		}
		//nolint:noctx // It belongs to no single test.
		out, err := exec.Command("go", "build", "-C", "../..", "-o", filepath.Join(built.dir, "terraform-provider-seam"), ".").CombinedOutput()
		if err != nil {
			built.err = fmt.Errorf("building the provider: %w\n%s", err, out)
		}
	})
	return built.dir, built.err
}

// harness has two doors, and a Seam on a loopback port that knows their locks. Its clock can
// be put forward.
type harness struct {
	t           *testing.T
	seam        *seamtest.Server
	front, back *seamtest.Lock
	url         string
	ahead       atomic.Int64
}

func newHarness(t *testing.T, options ...seamtest.Option) *harness {
	t.Helper()
	h := &harness{t: t}
	clock := func() time.Time { return time.Now().Add(time.Duration(h.ahead.Load())) }
	h.seam = seamtest.New(append(options, seamtest.WithClock(clock))...)
	h.front, h.back = h.seam.AddLock("Front Door"), h.seam.AddLock("Back Door")
	h.url = h.seam.Start(t)
	return h
}

// advanceClock puts the clock of Seam and of the locks forward.
func (h *harness) advanceClock(d time.Duration) { h.ahead.Add(int64(d)) }

// timeFromNow is a moment on that clock, in RFC 3339 format.
func (h *harness) timeFromNow(d time.Duration) string {
	return time.Now().Add(time.Duration(h.ahead.Load()) + d).UTC().Truncate(time.Second).Format(time.RFC3339)
}

// guestConfig is the configuration of seam_access_code.guest on a lock.
func guestConfig(lock *seamtest.Lock, arguments string) string {
	return codeConfig("guest", lock, arguments)
}

func codeConfig(name string, lock *seamtest.Lock, arguments string) string {
	return fmt.Sprintf("resource \"seam_access_code\" %q {\n  device_id = %q\n%s\n}\n", name, lock.ID, arguments)
}

const guestAddress = "seam_access_code.guest"

// client is somebody else at work in the same workspace.
func (h *harness) client() *seam.Client {
	h.t.Helper()
	client, err := seam.New(seam.Config{Endpoint: h.url, APIKey: h.seam.Workspace().APIKey})
	if err != nil {
		h.t.Fatal(err)
	}
	return client
}

// createCode is an access code that somebody else has put on a lock.
func (h *harness) createCode(lock *seamtest.Lock, name, pin string) string {
	h.t.Helper()
	made, err := h.client().CreateAccessCode(h.t.Context(), seam.AccessCodeInput{DeviceID: lock.ID, Name: &name, Code: &pin})
	if err != nil {
		h.t.Fatal(err)
	}
	return made.ID
}

// codeNamed is the access code of that name, as Seam knows it.
func (h *harness) codeNamed(name string) seamtest.AccessCode {
	h.t.Helper()
	codes := h.seam.AccessCodes()
	i := slices.IndexFunc(codes, func(c seamtest.AccessCode) bool { return c.Name == name })
	if i < 0 {
		h.t.Fatalf("Seam has no access code named %q", name)
	}
	return codes[i]
}

// requireOpens fails the test unless each PIN opens the door.
func (h *harness) requireOpens(lock *seamtest.Lock, pins ...string) {
	h.t.Helper()
	for _, pin := range pins {
		if !lock.Opens(pin) {
			h.t.Errorf("PIN %s does not open the %s", pin, lock.Name)
		}
	}
}

// requireClosed fails the test if one of the PINs opens the door.
func (h *harness) requireClosed(lock *seamtest.Lock, pins ...string) {
	h.t.Helper()
	for _, pin := range pins {
		if lock.Opens(pin) {
			h.t.Errorf("PIN %s still opens the %s", pin, lock.Name)
		}
	}
}

// requireRequests fails the test unless a path was asked for that often.
func (h *harness) requireRequests(path string, want int) {
	h.t.Helper()
	if n := h.seam.Count(path); n != want {
		h.t.Errorf("%d requests to %s, want %d", n, path, want)
	}
}

// requireNoPINs fails if anything that was ever asked for opens a door, or a lock still holds
// anything.
func (h *harness) requireNoPINs(*terraform.State) error {
	var open []error
	for _, lock := range []*seamtest.Lock{h.front, h.back} {
		for _, request := range h.seam.Requests() {
			if pin, ok := request.Body["code"].(string); ok && lock.Opens(pin) {
				open = append(open, fmt.Errorf("after destroy, PIN %s still opens the %s", pin, lock.Name))
			}
		}
		if pins := lock.PINs(); len(pins) > 0 {
			open = append(open, fmt.Errorf("after destroy, the %s still holds %q", lock.Name, pins))
		}
	}
	return errors.Join(open...)
}

// runSteps runs steps with plugin-testing, then a destroy, after which no PIN may open a door.
func (h *harness) runSteps(steps ...resource.TestStep) {
	h.t.Helper()
	h.runTest(resource.TestCase{Steps: steps})
}

func (h *harness) runTest(test resource.TestCase) {
	h.t.Helper()
	skipWithoutCLI(h.t)
	for i, step := range test.Steps {
		requireFeaturesOf(h.t, step.Config)
		if step.Config != "" && !strings.Contains(step.Config, `provider "seam"`) {
			test.Steps[i].Config = fmt.Sprintf("provider \"seam\" {\n  endpoint = %q\n  api_key  = %q\n}\n", h.url, h.seam.Workspace().APIKey) + step.Config
		}
	}
	test.CheckDestroy = h.requireNoPINs
	test.ProtoV6ProviderFactories = map[string]func() (tfprotov6.ProviderServer, error){
		"seam": func() (tfprotov6.ProviderServer, error) {
			return provider.NewServer("test"), nil
		},
	}
	resource.ParallelTest(h.t, test)
}

// expectAction expects what a plan does with guestAddress.
func expectAction(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(guestAddress, action)}}
}

// matchText matches a message that says all of this, however the CLI breaks its lines.
func matchText(parts ...string) *regexp.Regexp {
	for i, part := range parts {
		words := strings.Fields(part)
		for j, word := range words {
			words[j] = regexp.QuoteMeta(word)
		}
		parts[i] = strings.Join(words, `[\s│]+`)
	}
	return regexp.MustCompile("(?s)" + strings.Join(parts, ".*"))
}

// eventually waits for something that another process does.
func eventually(t *testing.T, what string, happened func() bool) {
	t.Helper()
	tick, tooLate := time.NewTicker(20*time.Millisecond), time.After(30*time.Second)
	defer tick.Stop()
	for !happened() {
		select {
		case <-tick.C:
		case <-tooLate:
			t.Fatalf("did not happen: %s", what)
		}
	}
}
