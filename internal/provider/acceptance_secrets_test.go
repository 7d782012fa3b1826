package provider_test

import (
	"archive/zip"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// Secrets that nothing else looks like.
const (
	canaryKey       = "seam_canary9Key7WhichMustNeverShow"
	canaryPIN       = "90417263"
	canaryWriteOnly = "58362914"
)

// secretRun is a run with secrets in it: everything the CLI prints and logs is kept.
type secretRun struct {
	*workingDir
	printed strings.Builder
}

func (c *secretRun) run(args ...string) cliResult {
	c.t.Helper()
	said := c.workingDir.run(args...)
	c.printed.WriteString(said.out)
	return said
}

// requireAbsent fails the test if one of the secrets is in a text.
func requireAbsent(t *testing.T, where, text string, secrets ...string) {
	t.Helper()
	for _, secret := range secrets {
		if at := strings.Index(text, secret); at >= 0 {
			t.Errorf("%q is in %s: ...%s...", secret, where, text[max(0, at-300):min(len(text), at+300)])
		}
	}
}

// providerLogLines are the lines of a log that the provider wrote: the CLI's own may hold
// what a configuration holds.
func providerLogLines(log string) (lines string, count int) {
	for line := range strings.Lines(log) {
		if strings.Contains(line, "provider.terraform-provider-seam") {
			lines, count = lines+line, count+1
		}
	}
	return lines, count
}

// Does anything that is printed or logged hold a secret?
func TestAccProvider_outputAndLogsHoldNoSecret(t *testing.T) {
	skipWithoutCLI(t)
	h := newHarness(t, seamtest.WithAPIKey(canaryKey))
	h.seam.EchoSecrets(true)
	secretVariable, secretArgument, unstored := "ephemeral", "code_wo = var.secret_pin\n  code_wo_version = 1", []string{canaryKey, canaryWriteOnly}
	if !writeOnlyArguments.available() {
		secretVariable, secretArgument, unstored = "sensitive", "code = var.secret_pin", []string{canaryKey}
	}
	leak := " [" + canaryKey + " " + canaryPIN + " " + canaryWriteOnly + "]"
	c := &secretRun{workingDir: h.newWorkingDir(`
variable "pin" {
  type      = string
  sensitive = true
}

variable "secret_pin" {
  type = string
  ` + secretVariable + ` = true
}

variable "twin" {
  default = 0
}
` + receiptsConfig + guestConfig(h.front, `code = var.pin`) +
		codeConfig("staff", h.back, secretArgument) +
		codeConfig("twin", h.front, "count = var.twin\n  code = var.pin"))}
	c.env["TF_VAR_pin"], c.env["TF_VAR_secret_pin"] = canaryPIN, canaryWriteOnly
	c.env["TF_LOG"], c.env["TF_LOG_PATH"] = "TRACE", filepath.Join(c.dir, "trace.log")

	for says, fault := range map[string]seamtest.Fault{
		"invalid_input":                            {Type: "invalid_input", Message: "No" + leak},
		"Unable to create access code":             {Status: 400, ContentType: "text/html", Body: "<html>No" + leak + "</html>"},
		"Seam rejected the provider's credentials": {Status: 403, Type: "forbidden", Message: "No" + leak},
	} {
		injected := h.seam.InjectFault(fault)
		c.run("apply").requireExitCode(1).requireOutput(says)
		injected.Remove()
	}

	c.env["TF_VAR_pin"], c.env["TF_VAR_secret_pin"] = canaryPIN+"+", canaryWriteOnly+"+"
	c.run("plan").requireExitCode(1).requireOutput("4 to 12 digits")
	c.env["TF_VAR_pin"], c.env["TF_VAR_secret_pin"] = canaryPIN, canaryWriteOnly

	c.run("plan", "-out=plan").requireExitCode(0)
	requireAbsent(t, "the plan as JSON", c.workingDir.run("show", "-json", "plan").requireExitCode(0).out, unstored...)
	requireAbsent(t, "the plan file", c.unzip("plan"), unstored...)
	c.run("apply", "plan").requireExitCode(0)
	h.requireOpens(h.front, canaryPIN)
	h.requireOpens(h.back, canaryWriteOnly)
	requireAbsent(t, "the state", c.read("terraform.tfstate"), unstored...)

	c.run("apply", "-var=twin=1").requireExitCode(1).requireOutput("The lock already has an access code with this PIN")
	for _, lock := range []*seamtest.Lock{h.front, h.back} {
		lock.OnDelete(
			seamtest.DeleteBehavior{Outcome: seamtest.Fails, ErrorType: "lock_error", ErrorMessage: "No" + leak, Stays: true, Errors: []seamtest.Issue{{Code: "failed_to_remove_from_device", Message: "No" + leak}}},
			seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{ID: "ghost-" + lock.ID, Name: "Ghost" + leak}},
		)
	}
	c.run("destroy").requireExitCode(1).requireOutput("Unable to delete access code", "lock_error")
	c.run("destroy").requireExitCode(1).requireOutput("Unable to delete access code", "ghost-"+h.front.ID, "ghost-"+h.back.ID)
	c.run("plan").requireExitCode(0).requireOutput("Removal not proven")
	requireAbsent(t, "the state after a failed destroy", c.read("terraform.tfstate"), unstored...)
	h.seam.RemoveUnmanagedAccessCode("ghost-" + h.front.ID)
	h.seam.RemoveUnmanagedAccessCode("ghost-" + h.back.ID)
	c.run("destroy", "-refresh=false").requireExitCode(0)
	c.requireDestroyed()

	log := c.read("trace.log")
	lines, count := providerLogLines(log)
	if count < 100 {
		t.Fatalf("the trace has %d lines of the provider", count)
	}
	requireAbsent(t, "the provider's log", lines, canaryKey, canaryPIN, canaryWriteOnly)
	requireAbsent(t, "the whole log", log, canaryKey)
	requireAbsent(t, "the output", c.printed.String(), canaryKey, canaryPIN, canaryWriteOnly)
	requireAbsent(t, "the receipts", c.read("removals.jsonl"), canaryKey, canaryPIN, canaryWriteOnly)
	if n := strings.Count(c.read("removals.jsonl"), "\n"); n != 2 {
		t.Errorf("%d receipts for 2 removals", n)
	}
}

// unzip is the content of all parts of a plan file.
func (c *workingDir) unzip(name string) string {
	c.t.Helper()
	archive, err := zip.OpenReader(filepath.Join(c.dir, name))
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = archive.Close() }()
	var text strings.Builder
	for _, part := range archive.File {
		file, err := part.Open()
		if err != nil {
			c.t.Fatal(err)
		}
		_, err = io.Copy(&text, file)
		if err != nil {
			c.t.Fatal(err)
		}
		_ = file.Close()
	}
	return text.String()
}
