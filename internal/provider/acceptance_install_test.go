package provider_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// The provider is installed as the README says, for a user of whom nothing else is known: `init`
// works without a registry.

// newUser is a working directory of a user with an empty home directory.
func (h *harness) newUser(config string) *workingDir {
	h.t.Helper()
	c := h.newWorkingDir(config)
	delete(c.env, "TF_CLI_CONFIG_FILE")
	c.env["HOME"], c.env["XDG_DATA_HOME"] = h.t.TempDir(), ""
	c.env["TF_CLI_ARGS_init"] = "-no-color"
	return c
}

const checkout = "../.."

// shell runs a command in a directory, as this user.
func (c *workingDir) shell(dir string, command ...string) string {
	c.t.Helper()
	cmd := exec.CommandContext(c.t.Context(), command[0], command[1:]...)
	cmd.Dir, cmd.Env = dir, c.environment()
	for _, name := range []string{"GOPATH", "GOCACHE", "GOMODCACHE"} { // those of the home directory are empty
		value, err := exec.CommandContext(c.t.Context(), "go", "env", name).Output()
		if err != nil {
			c.t.Fatal(err)
		}
		cmd.Env = append(cmd.Env, name+"="+strings.TrimSpace(string(value)))
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		c.t.Fatalf("%q: %v\n%s", command, err, out)
	}
	return string(out)
}

// installed are the installed binaries of the provider.
func (c *workingDir) installed() []string {
	c.t.Helper()
	files, err := filepath.Glob(filepath.Join(c.env["XDG_DATA_HOME"], "terraform/plugins/*/seamapi/seam/*/*/terraform-provider-seam_v*"))
	if err != nil {
		c.t.Fatal(err)
	}
	return files
}

var shellBlock = regexp.MustCompile("(?ms)^ *```sh\n(.*?)^ *```$")

// Do the lines of the README's quickstart end in removed PINs?
func TestAccInstall_quickstartOfTheREADMEEndsInRemovedPINs(t *testing.T) {
	h := newExampleHarness(t)
	c := h.newUser("")
	readme, err := os.ReadFile(filepath.Join(checkout, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, quickstart, _ := strings.Cut(string(readme), "## Quickstart")
	quickstart, _, _ = strings.Cut(quickstart, "\n## ")
	script := "set -eux\n"
	for _, block := range shellBlock.FindAllStringSubmatch(quickstart, -1) {
		for line := range strings.Lines(block[1]) {
			if !strings.HasPrefix(strings.TrimSpace(line), "export ") { // their values are below
				script += strings.TrimSpace(line) + "\n"
			}
		}
	}
	for name, value := range h.variables {
		c.env["TF_VAR_"+name] = value
	}
	bin := t.TempDir()
	if err := os.Symlink(os.Getenv("TF_ACC_TERRAFORM_PATH"), filepath.Join(bin, "terraform")); err != nil {
		t.Fatal(err)
	}
	c.env["PATH"] = bin + string(os.PathListSeparator) + os.Getenv("PATH")

	said := c.shell(c.copyCheckout(), "bash", "-c", script)
	h.requireRequests("/access_codes/create", 1+3) // one is made by the harness
	if n := strings.Count(said, `"outcome":"verified"`); n != 3 {
		t.Errorf("%d receipts for 3 removals:\n%s", n, said)
	}
	h.requireClosed(h.back, h.variables["cleaner_pin"])
	h.seam.RemoveAccessCode(h.existing)
	h.seam.RemoveUnmanagedAccessCode(h.unmanaged)
	if err := h.requireNoPINs(nil); err != nil {
		t.Error(err)
	}
}

// copyCheckout copies the repository: the quickstart writes into it.
func (c *workingDir) copyCheckout() string {
	c.t.Helper()
	dir := c.t.TempDir()
	script := `git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do [ -e "$file" ] && printf '%s\0' "$file"; done | tar -c --null -T - | tar -x -C ` + dir
	c.shell(checkout, "bash", "-c", script)
	return dir
}

// Does init work with a module, a backend and a lock file, also after another build?
func TestAccInstall_initWithAModuleABackendAndALockFile(t *testing.T) {
	h := newHarness(t)
	c := h.newUser(fmt.Sprintf(`
terraform {
  backend "http" {
    address        = %[1]q
    lock_address   = %[1]q
    unlock_address = %[1]q
  }
}

module "door" {
  source    = "./door"
  device_id = %[2]q
}
`, newStateServer(t), h.front.ID))
	if err := os.Mkdir(filepath.Join(c.dir, "door"), 0o700); err != nil {
		t.Fatal(err)
	}
	c.write("door/main.tf", c.read("versions.tf")+"variable \"device_id\" {\n  type = string\n}\n"+"resource \"seam_access_code\" \"guest\" {\n  device_id = var.device_id\n  code      = \"4821\"\n}\n")

	c.env["XDG_DATA_HOME"] = t.TempDir() // the other test has the directory for those who do not set it
	c.shell(checkout, "make", "install")
	c.run("init").requireExitCode(0)
	c.run("apply").requireExitCode(0).requireOutput("1 added")
	h.requireOpens(h.front, "4821")
	c.forgetInit()
	c.run("init", "-lockfile=readonly").requireExitCode(0)
	c.run("plan", "-detailed-exitcode").requireExitCode(0)

	before := c.installed()
	c.env["GOFLAGS"] = os.Getenv("GOFLAGS") + " -ldflags=-X=main.version=other"
	c.shell(checkout, "make", "install")
	if after := c.installed(); len(before) != 2 || len(after) != 2 || filepath.Base(before[0]) == filepath.Base(after[0]) {
		t.Errorf("installed first: %q, then: %q", before, after)
	}
	c.forgetInit()
	c.run("init").requireExitCode(1).requireOutput("seamapi/seam")
	c.run("init", "-upgrade").requireExitCode(0)
	c.run("destroy").requireExitCode(0).requireOutput("1 destroyed")
	c.requireDestroyed()

	c.shell(checkout, "make", "uninstall")
	if left := c.installed(); len(left) != 0 {
		t.Errorf("still installed: %q", left)
	}
}

// forgetInit removes what init has made, except the lock file.
func (c *workingDir) forgetInit() {
	c.t.Helper()
	if err := os.RemoveAll(filepath.Join(c.dir, ".terraform")); err != nil {
		c.t.Fatal(err)
	}
}

// newStateServer stores a state for the backend "http", and returns its address.
func newStateServer(t *testing.T) string {
	t.Helper()
	var mutex sync.Mutex
	var state []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mutex.Lock()
		defer mutex.Unlock()
		switch {
		case r.Method == http.MethodPost:
			state, _ = io.ReadAll(r.Body)
		case r.Method == http.MethodGet && state == nil:
			w.WriteHeader(http.StatusNoContent)
		case r.Method == http.MethodGet:
			_, _ = w.Write(state)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}
