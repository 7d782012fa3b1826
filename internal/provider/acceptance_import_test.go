package provider_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// Does a generated configuration plan clean?
func TestAccAccessCode_generatedConfigurationPlansClean(t *testing.T) {
	h := newHarness(t)
	id := h.createCode(h.front, "Guest", "4821")
	block := func(more string) string {
		return fmt.Sprintf("import {\n  to = %s\n  id = %q\n%s}\n", guestAddress, id, more)
	}
	// Newer versions of Terraform want to be told the provider as long as there is no
	// resource block, and no version wants it afterwards.
	c := h.newWorkingDir(block("  provider = seam\n"))
	c.run("plan", "-generate-config-out=generated.tf").requireExitCode(0).requireOutput("1 to import, 0 to add, 0 to change, 0 to destroy")
	c.configure(block(""))
	c.run("apply").requireExitCode(0).requireOutput("1 imported, 0 added, 0 changed, 0 destroyed")
	c.run("plan", "-detailed-exitcode").requireExitCode(0)
	h.requireRequests("/access_codes/update", 0)
	h.requireOpens(h.front, "4821")
	c.mustDestroy()
}

// Is an import of a code that does not exist explained?
func TestAccAccessCode_importOfAMissingCodeIsExplained(t *testing.T) {
	h := newHarness(t)
	c := h.newWorkingDir(guestConfig(h.front, guestPIN))
	id := "0b2fd5f7-9f43-4b6a-8a2b-8a3c7f3c9a11"
	c.run("import", guestAddress, id).requireExitCode(1).requireOutput("There is no access code "+id+" in this workspace", "Check the id")
	c.requireState()
}

// Is a refresh empty, however noisy the lock is?
func TestAccAccessCode_refreshIsEmptyOnANoisyLock(t *testing.T) {
	h := newHarness(t)
	c := h.applied(guestConfig(h.front, guestPIN))
	h.front.SetOnline(false)
	h.seam.ChangeAccessCode(h.seam.AccessCodes()[0].ID, func(code *seamtest.AccessCode) {
		code.Status = "setting"
		code.Errors = []seamtest.Issue{{Code: "device_offline", Message: "The lock is offline"}}
		code.Warnings = []seamtest.Issue{{Code: "delay_in_setting_on_device", Message: "It takes long"}}
		code.Mutations = []*seamtest.Mutation{{Code: "creating", CreatedAt: time.Now()}}
	})
	for range 3 { // Terraform 1.11 sees a change at random if several attributes are sensitive
		c.run("plan", "-refresh-only", "-detailed-exitcode").requireExitCode(0).requireOutput("No changes")
	}
	c.run("plan", "-detailed-exitcode").requireExitCode(0).requireOutput("No changes")
}
