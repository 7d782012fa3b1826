package provider_test

import (
	"fmt"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// Is a stranger's PIN planned away and proven away, and the owner's kept?
func TestAccExclusive_strangerIsPlannedAwayAndRemoved(t *testing.T) {
	h := newExampleHarness(t)
	c := h.newWorkingDir("guides/who-can-open-this-door")
	c.run("apply").requireExitCode(0)
	c.run("plan", "-detailed-exitcode").requireExitCode(0)
	added := h.back.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Who is this", PIN: "99120"})
	c.run("plan", "-detailed-exitcode", "-out=saved").requireExitCode(2).requireOutput(added, "Who is this", "Unknown codes open the door", "1 to change, 0 to destroy").requireNoOutput("99120")
	later := h.back.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Later", PIN: "99121"})
	c.run("apply", "saved").requireExitCode(0).requireOutput("Strangers on the lock", later)
	h.requireClosed(h.back, "99120")
	h.requireOpens(h.back, "66340", "55120", "99121")
	c.run("apply").requireExitCode(0)
	h.requireClosed(h.back, "99121")
	c.run("apply").requireExitCode(0) // the output shows what was there before the last apply
	c.run("plan", "-detailed-exitcode").requireExitCode(0)

	stuck := h.back.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Stuck", PIN: "99122", CannotBeDeleted: true})
	c.run("apply").requireExitCode(1).requireOutput("Unable to update device access codes exclusive", stuck, "manufacturer's app")
	c.run("plan", "-detailed-exitcode").requireExitCode(2).requireOutput(stuck)
	c.run("destroy").requireExitCode(0)
	h.requireOpens(h.back, "66340", "55120", "99122") // it removes nothing
	h.seam.RemoveUnmanagedAccessCode(stuck)
	h.removeFound(c)
}

// exclusiveStaff has a code for each person on each door, and nobody else there.
const exclusiveStaff = `
locals {
  doors = { front = %q, back = %q }
  codes = { for pair in setproduct(keys(local.doors), [%s]) : join("-", pair) => pair }
}

resource "seam_access_code" "staff" {
  for_each  = local.codes
  device_id = local.doors[each.value[0]]
  name      = each.value[1]
}

resource "seam_device_access_codes_exclusive" "door" {
  for_each        = local.doors
  device_id       = each.value
  access_code_ids = [for key, code in local.codes : seam_access_code.staff[key].id if code[0] == each.key]
}
`

// Are codes that the same run creates and deletes left alone?
func TestAccExclusive_codesOfTheSameRunAreNoStrangers(t *testing.T) {
	h := newHarness(t)
	c := h.applied(fmt.Sprintf(exclusiveStaff, h.front.ID, h.back.ID, `"ana", "ben"`))
	c.run("plan", "-detailed-exitcode").requireExitCode(0)
	h.createCode(h.front, "Other", "48213579")
	c.configure(fmt.Sprintf(exclusiveStaff, h.front.ID, h.back.ID, `"ben", "cleo"`)) // one comes, one leaves, and there is a stranger
	c.run("apply").requireExitCode(0).requireOutput("2 added, 2 changed, 2 destroyed").requireNoOutput("Strangers on the lock")
	h.requireClosed(h.front, "48213579")
	c.run("plan", "-detailed-exitcode").requireExitCode(0)
	if n := len(h.seam.AccessCodes()); n != 4 {
		t.Errorf("%d codes on the locks, want 4", n)
	}
	c.write("second.tf", fmt.Sprintf("resource \"seam_device_access_codes_exclusive\" \"other\" {\n  device_id = %q\n}\n", h.front.ID))
	c.run("plan").requireExitCode(1).requireOutput("Another seam_device_access_codes_exclusive", h.front.ID)
	c.write("second.tf", "")
	c.mustDestroy()
}
