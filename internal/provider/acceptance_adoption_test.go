package provider_test

import (
	"fmt"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestAccDoesAnAdoptionNeverPlanAgain(t *testing.T) {
	h := newHouse(t)
	id := h.front.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Cleaner", PIN: "4821"})
	adopt := fmt.Sprintf("adopt_access_code_id = %q\n", id)
	c := h.terminal(guest(h.front, adopt+"name = \"Night cleaner\"\ncode = \"7319\""))
	c.run("apply").exits(0).says("1 added")
	if got := c.state()[theGuest].Attributes["id"]; got != id {
		t.Errorf("the state holds code %v, want %s", got, id)
	}
	if h.front.Opens("4821") || !h.front.Opens("7319") {
		t.Error("the adopted code has not become what is configured")
	}
	for _, later := range []string{adopt, "", "adopt_access_code_id = \"another\"\n"} {
		c.configure(guest(h.front, later+"name = \"Night cleaner\"\ncode = \"7319\""))
		c.run("plan", "-detailed-exitcode").exits(0)
	}
	c.run("state", "rm", theGuest).exits(0)
	c.configure(guest(h.front, adopt+"name = \"Night cleaner\"\ncode = \"7319\""))
	c.run("import", theGuest, id).exits(0)
	c.run("apply").exits(0).says("0 added", "0 destroyed")
	c.run("plan", "-detailed-exitcode").exits(0)
	c.run("destroy").exits(0)
	c.destroyed()
	c.run("apply").exits(1).says("no unmanaged access code "+id, "leave adopt_access_code_id out")
}

func TestAccDoesALockBecomeUnmanagedAfterItsCodesAreGone(t *testing.T) {
	h := newHouse(t)
	c := h.terminal(fmt.Sprintf(`
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
	c.run("apply").exits(0).says("4 added")
	c.run("plan", "-detailed-exitcode").exits(0)
	c.run("destroy").exits(0).says("4 destroyed")
	c.destroyed()
	if pins := h.front.PINs(); len(pins) > 0 {
		t.Errorf("the lock holds %d PINs", len(pins))
	}
}

func TestAccIsOnePINOnSeveralDoorsRemovedFromEach(t *testing.T) {
	h := newHouse(t)
	c := h.terminal(fmt.Sprintf(`
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
	c.run("apply").exits(0).says("2 added")
	if !h.front.Opens("48213") || !h.back.Opens("48213") {
		t.Fatal("the PIN does not open both doors")
	}
	h.back.OnDelete(seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{ID: "4b1d7c1e-8f0a-4b6e-9c3d-2f7e5a1b9c8d", CannotBeDeleted: true}})
	c.run("destroy").exits(1).says("still opens the door", h.back.ID)
	c.keeps(`seam_access_code.staff["back"]`)
	if h.front.Opens("48213") || !h.back.Opens("48213") {
		t.Error("the doors are not as the state says")
	}
	h.seam.RemoveUnmanagedAccessCode("4b1d7c1e-8f0a-4b6e-9c3d-2f7e5a1b9c8d")
	c.run("destroy").exits(0)
	c.destroyed()
}
