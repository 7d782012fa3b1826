package provider_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// workingDir is a working directory with a configuration in it, and a CLI at hand that
// starts the built provider. Credentials come from the environment.
type workingDir struct {
	*harness
	dir string
	env map[string]string
}

func (h *harness) newWorkingDir(config string) *workingDir {
	h.t.Helper()
	skipWithoutCLI(h.t)
	requireFeaturesOf(h.t, config)
	h.t.Parallel()
	bin, err := build()
	if err != nil {
		h.t.Fatal(err)
	}
	c := &workingDir{harness: h, dir: h.t.TempDir(), env: map[string]string{
		"SEAM_ENDPOINT":        h.url,
		"SEAM_API_KEY":         h.seam.Workspace().APIKey,
		"TF_CLI_CONFIG_FILE":   filepath.Join(bin, "dev.tfrc"),
		"CHECKPOINT_DISABLE":   "1",
		"TF_INPUT":             "0",
		"TF_CLI_ARGS_apply":    "-no-color -auto-approve",
		"TF_CLI_ARGS_destroy":  "-no-color -auto-approve",
		"TF_CLI_ARGS_import":   "-no-color",
		"TF_CLI_ARGS_plan":     "-no-color",
		"TF_CLI_ARGS_validate": "-no-color",
	}}
	c.write("versions.tf", "terraform {\n  required_providers {\n    seam = {\n      source = \"seamapi/seam\"\n    }\n  }\n}\n")
	c.configure(config)
	return c
}

// skipWithoutCLI skips a test unless acceptance tests are on; TestMain has seen to a CLI then.
func skipWithoutCLI(t *testing.T) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("ACCEPTANCE TEST NOT RUN: TF_ACC is not set. `make test` sets it and finds a CLI.")
	}
}

// configure replaces the configuration.
func (c *workingDir) configure(config string) { c.write("main.tf", config) }

func (c *workingDir) write(name, text string) {
	c.t.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, name), []byte(text), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// read is the text of a file in the working directory; empty if there is none.
func (c *workingDir) read(name string) string {
	c.t.Helper()
	text, err := os.ReadFile(filepath.Join(c.dir, name))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		c.t.Fatal(err)
	}
	return string(text)
}

func (c *workingDir) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(c.t.Context(), os.Getenv("TF_ACC_TERRAFORM_PATH"), args...)
	cmd.Dir, cmd.Env = c.dir, c.environment()
	return cmd
}

// environment is that of whoever runs the tests, without settings of a CLI or the provider.
func (c *workingDir) environment() (env []string) {
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "TF_") && !strings.HasPrefix(variable, "SEAM_") {
			env = append(env, variable)
		}
	}
	for name, value := range c.env {
		env = append(env, name+"="+value)
	}
	return env
}

// run runs the CLI to its end.
func (c *workingDir) run(args ...string) cliResult {
	c.t.Helper()
	cmd := c.command(args...)
	out, err := cmd.CombinedOutput()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		c.t.Fatal(err)
	}
	return c.newResult(cmd, string(out))
}

func (c *workingDir) newResult(cmd *exec.Cmd, out string) cliResult {
	said := cliResult{t: c.t, command: strings.Join(cmd.Args[1:], " "), code: cmd.ProcessState.ExitCode(), out: out}
	if testing.Verbose() {
		c.t.Logf("$ %s\n%s(exit code %d)", said.command, said.out, said.code)
	}
	return said
}

// cliResult is what a run of the CLI printed, and how it ended.
type cliResult struct {
	t       *testing.T
	command string
	code    int
	out     string
}

// requireExitCode ends the test unless the run ended with this exit code.
func (s cliResult) requireExitCode(code int) cliResult {
	s.t.Helper()
	if s.code != code {
		s.t.Fatalf("%s: exit code %d, want %d\n%s", s.command, s.code, code, s.out)
	}
	return s
}

// requireOutput fails the test unless the run said all of this, however it broke its lines.
func (s cliResult) requireOutput(parts ...string) cliResult {
	s.t.Helper()
	for _, part := range parts {
		if !strings.Contains(s.flatOutput(), part) {
			s.t.Errorf("%s: does not say %q\n%s", s.command, part, s.out)
		}
	}
	return s
}

// requireNoOutput fails the test if the run said any of this.
func (s cliResult) requireNoOutput(parts ...string) {
	s.t.Helper()
	for _, part := range parts {
		if strings.Contains(s.flatOutput(), part) {
			s.t.Errorf("%s: says %q\n%s", s.command, part, s.out)
		}
	}
}

// flatOutput is what was said, on one line and without the frames around errors.
func (s cliResult) flatOutput() string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(s.out)), " ")
}

// stateObject is what the state holds of one object.
type stateObject struct {
	Status     string         `json:"status"` // "tainted" or nothing
	Attributes map[string]any `json:"attributes"`
}

// state is what the state file holds, by address.
func (c *workingDir) state() map[string]stateObject {
	c.t.Helper()
	var file struct {
		Resources []struct {
			Type, Name string
			Instances  []struct {
				IndexKey any    `json:"index_key"`
				Deposed  string `json:"deposed"`
				stateObject
			}
		}
	}
	text := c.read("terraform.tfstate")
	if text == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), &file); err != nil {
		c.t.Fatalf("reading the state: %v\n%s", err, text)
	}
	objects := map[string]stateObject{}
	for _, r := range file.Resources {
		for _, instance := range r.Instances {
			address := r.Type + "." + r.Name
			if instance.IndexKey != nil {
				address += fmt.Sprintf("[%q]", instance.IndexKey)
			}
			if instance.Deposed != "" {
				address += " (deposed)"
			}
			objects[address] = instance.stateObject
		}
	}
	return objects
}

// requireState fails the test unless the state holds exactly these objects.
func (c *workingDir) requireState(addresses ...string) {
	c.t.Helper()
	if have := slices.Sorted(maps.Keys(c.state())); !slices.Equal(have, addresses) {
		c.t.Errorf("the state holds %q, want %q", have, addresses)
	}
}

// applied is a working directory with a configuration that is applied.
func (h *harness) applied(config string) *workingDir {
	h.t.Helper()
	c := h.newWorkingDir(config)
	c.run("apply").requireExitCode(0)
	return c
}

// requireKept fails the test unless the state holds the guest's code, which is not tainted.
func (c *workingDir) requireKept() {
	c.t.Helper()
	if kept := c.state()[guestAddress]; kept.Attributes["id"] != c.seam.AccessCodes()[0].ID || kept.Status != "" {
		c.t.Fatalf("the state holds %+v", kept)
	}
}

// mustDestroy ends a test with a destroy, after which nothing is left.
func (c *workingDir) mustDestroy() {
	c.t.Helper()
	c.run("destroy").requireExitCode(0)
	c.requireDestroyed()
}

// requireDestroyed ends a test: nothing is left in the state or on a lock.
func (c *workingDir) requireDestroyed() {
	c.t.Helper()
	c.requireState()
	if err := c.requireNoPINs(nil); err != nil {
		c.t.Error(err)
	}
}
