package provider_test

import (
	"fmt"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// Does an adopted code plan nothing afterwards?
func TestAccAccessCode_adoptionPlansNothingAfterwards(t *testing.T) {
	h := newHarness(t)
	id := h.front.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Cleaner", PIN: "4821"})
	adopt := fmt.Sprintf("adopt_access_code_id = %q\n", id)
	c := h.newWorkingDir(guestConfig(h.front, adopt+"name = \"Night cleaner\"\ncode = \"7319\""))
	c.run("apply").requireExitCode(0).requireOutput("1 added")
	if got := c.state()[guestAddress].Attributes["id"]; got != id {
		t.Errorf("the state holds code %v, want %s", got, id)
	}
	if h.front.Opens("4821") || !h.front.Opens("7319") {
		t.Error("the adopted code has not become what is configured")
	}
	for _, later := range []string{adopt, "", "adopt_access_code_id = \"another\"\n"} {
		c.configure(guestConfig(h.front, later+"name = \"Night cleaner\"\ncode = \"7319\""))
		c.run("plan", "-detailed-exitcode").requireExitCode(0)
	}
	c.run("state", "rm", guestAddress).requireExitCode(0)
	c.configure(guestConfig(h.front, adopt+"name = \"Night cleaner\"\ncode = \"7319\""))
	c.run("import", guestAddress, id).requireExitCode(0)
	c.run("apply").requireExitCode(0).requireOutput("0 added", "0 destroyed")
	c.run("plan", "-detailed-exitcode").requireExitCode(0)
	c.mustDestroy()
	c.run("apply").requireExitCode(1).requireOutput("no unmanaged access code "+id, "remove adopt_access_code_id")
}

// Does a lock become unmanaged after its codes are gone?
func TestAccDevice_becomesUnmanagedAfterItsCodesAreGone(t *testing.T) {
	h := newHarness(t)
	c := h.newWorkingDir(fmt.Sprintf(`
resource "seam_device" "front" {
  device_id  = %q
  name       = "Main entrance"
  on_destroy = "unmanage"
}

resource "seam_access_code" "guest" {
  count     = 3
  device_id = seam_device.front.id
  name      = "Guest ${count.index}"
}
`, h.front.ID))
	c.run("apply").requireExitCode(0).requireOutput("4 added")
	c.run("plan", "-detailed-exitcode").requireExitCode(0)
	c.run("destroy").requireExitCode(0).requireOutput("4 destroyed")
	c.requireDestroyed()
	if pins := h.front.PINs(); len(pins) > 0 {
		t.Errorf("the lock holds %d PINs", len(pins))
	}
}

// Is one PIN on several doors removed from each?
func TestAccAccessCode_onePINOnSeveralDoorsIsRemovedFromEach(t *testing.T) {
	h := newHarness(t)
	c := h.newWorkingDir(fmt.Sprintf(`
variable "pin" {
  type      = string
  ephemeral = true
}

resource "seam_access_code" "staff" {
  for_each        = { front = %q, back = %q }
  device_id       = each.value
  name            = "Staff"
  common_code_key = "staff"
  code_wo         = var.pin
  code_wo_version = 1
}
`, h.front.ID, h.back.ID))
	c.env["TF_VAR_pin"] = "48213"
	c.run("apply").requireExitCode(0).requireOutput("2 added")
	if !h.front.Opens("48213") || !h.back.Opens("48213") {
		t.Fatal("the PIN does not open both doors")
	}
	h.back.OnDelete(seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{ID: "4b1d7c1e-8f0a-4b6e-9c3d-2f7e5a1b9c8d", CannotBeDeleted: true}})
	c.run("destroy").requireExitCode(1).requireOutput("still opens the door", h.back.ID)
	c.requireState(`seam_access_code.staff["back"]`)
	if h.front.Opens("48213") || !h.back.Opens("48213") {
		t.Error("the doors are not as the state says")
	}
	h.seam.RemoveUnmanagedAccessCode("4b1d7c1e-8f0a-4b6e-9c3d-2f7e5a1b9c8d")
	c.mustDestroy()
}
