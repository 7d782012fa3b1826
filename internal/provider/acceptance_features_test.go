package provider_test

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/go-version"
)

// feature is what a test needs of a CLI beyond what Terraform 1.5 and OpenTofu 1.6 have.
type feature struct {
	name                string
	terraform, opentofu string         // first versions; "" if there is none
	syntax              *regexp.Regexp // in a configuration that uses it
	file, text          string         // an example, in main.tf unless file names another
	command             []string       // what accepts the example; validate unless set
	says                string         // if it does
}

var (
	providerFunctions = &feature{
		name: "provider functions", terraform: "1.8", opentofu: "1.7",
		syntax: regexp.MustCompile(`provider::`),
		text:   "output \"fits\" {\n  value = provider::seam::code_fits(\"1234\", [4], [])\n}\n",
	}
	mockProviders = &feature{
		name: "mock providers", terraform: "1.7", opentofu: "1.8",
		file: "main.tftest.hcl", text: "mock_provider \"seam\" {\n}\nrun \"plan\" {\n  command = plan\n}\n",
		command: []string{"test", "-no-color"}, says: "1 passed",
	}
	ephemeralValues = &feature{
		name: "ephemeral values and resources", terraform: "1.10", opentofu: "1.11",
		syntax: regexp.MustCompile(`(?m)^\s*ephemeral\s`),
		text:   "variable \"pin\" {\n  type      = string\n  ephemeral = true\n}\n",
	}
	writeOnlyArguments = &feature{
		name: "write-only arguments", terraform: "1.11", opentofu: "1.11",
		syntax: regexp.MustCompile(`(?m)^\s*\w+_wo +=`),
		text:   "resource \"seam_access_code\" \"guest\" {\n  device_id       = \"6c6a3c5f-2f0a-4f7e-9a59-0d2f4d1b7a10\"\n  code_wo         = \"4821\"\n  code_wo_version = 1\n}\n",
	}
	identities = &feature{
		name: "imports by identity", terraform: "1.12", opentofu: "1.12",
		syntax: regexp.MustCompile(`(?m)^\s*identity +=`),
		text:   "import {\n  to = seam_webhook.removals\n  identity = {\n    id = \"6c6a3c5f-2f0a-4f7e-9a59-0d2f4d1b7a10\"\n  }\n}\nresource \"seam_webhook\" \"removals\" {\n  url = \"https://access.example.com/seam\"\n}\n",
	}
	actions = &feature{
		name: "actions", terraform: "1.14",
		syntax: regexp.MustCompile(`(?m)^action "`),
		text:   "action \"seam_unlock_door\" \"front\" {\n  config {\n    device_id = \"6c6a3c5f-2f0a-4f7e-9a59-0d2f4d1b7a10\"\n  }\n}\n",
	}
	queries = &feature{
		name: "queries", terraform: "1.14",
		file: "all.tfquery.hcl", text: "list \"seam_device\" \"all\" {\n  provider = seam\n}\n",
		command: []string{"query", "-no-color"},
	}
	features = []*feature{providerFunctions, mockProviders, ephemeralValues, writeOnlyArguments, identities, actions, queries}
)

// cliVersion is the name and the version of the CLI.
var cliVersion = sync.OnceValues(func() (string, *version.Version) {
	out, err := exec.Command(os.Getenv("TF_ACC_TERRAFORM_PATH"), "version").Output() //nolint:noctx // It belongs to no single test.
	if err != nil {
		panic(err)
	}
	first, _, _ := strings.Cut(string(out), "\n")
	name, number, _ := strings.Cut(first, " v")
	return name, version.Must(version.NewVersion(number)).Core()
})

// available reports whether the CLI has a feature.
func (f *feature) available() bool {
	first := f.terraform
	name, have := cliVersion()
	if name == "OpenTofu" {
		first = f.opentofu
	}
	return first != "" && have.GreaterThanOrEqual(version.Must(version.NewVersion(first)))
}

// requireFeatures skips an acceptance test if the CLI lacks a feature.
// TestAccFeatures_areThoseOfTheCLI checks that it really does.
func requireFeatures(t *testing.T, needed ...*feature) {
	t.Helper()
	skipWithoutCLI(t)
	for _, f := range needed {
		if !f.available() {
			t.Skip(f.reason())
		}
	}
}

// reason is why a test of the feature does not run. The table of internal/matrix shows it.
func (f *feature) reason() string {
	since := "Terraform " + f.terraform
	if f.opentofu != "" {
		since += " or OpenTofu " + f.opentofu
	}
	name, have := cliVersion()
	return fmt.Sprintf("NOT RUN: %s need %s; this is %s %s", f.name, since, name, have)
}

// requireFeaturesOf skips a test if the CLI lacks what a configuration uses.
func requireFeaturesOf(t *testing.T, configuration string) {
	t.Helper()
	for _, f := range features {
		if f.syntax != nil && f.syntax.MatchString(configuration) {
			requireFeatures(t, f)
		}
	}
}

// Does the CLI have the features that are tested with it, and lack those that are not?
func TestAccFeatures_areThoseOfTheCLI(t *testing.T) {
	for _, f := range features {
		t.Run(f.name, func(t *testing.T) {
			c := newHarness(t).newWorkingDir("provider \"seam\" {}\n")
			file, command := f.file, f.command
			if file == "" {
				file, command = "feature.tf", []string{"validate"}
			}
			c.write(file, f.text)
			said := c.run(command...)
			if accepted := said.code == 0 && strings.Contains(said.out, f.says); accepted != f.available() {
				t.Errorf("available: %t, but `%s` ended with exit code %d\n%s", f.available(), said.command, said.code, said.out)
			}
		})
	}
	t.Run("syntax", func(t *testing.T) {
		for _, f := range features {
			if f.syntax != nil && !f.syntax.MatchString(f.text) {
				t.Errorf("%s are not recognized in\n%s", f.name, f.text)
			}
		}
	})
}
