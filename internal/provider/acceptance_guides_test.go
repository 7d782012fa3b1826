package provider_test

import (
	"fmt"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// What the guides promise of their examples, beyond that they apply.

func TestAccDoesTheExampleForSeveralDoorsTakeThePINFromEach(t *testing.T) {
	h := newExampleHouse(t)
	c := h.terminal("guides/one-pin-on-several-doors")
	pin := h.variables["staff_pin"]
	c.run("apply").exits(0)
	h.opens(h.front, pin)
	h.opens(h.back, pin)

	h.back.OnRemove(seamtest.Removal{Ends: seamtest.Fails, ErrorType: "device_offline", ErrorMessage: "The lock does not answer"})
	c.run("destroy").exits(1).says("Unable to delete access code", h.back.ID).omits(pin)
	c.keeps(`seam_access_code.staff["back"]`)
	h.shut(h.front, pin)
	h.opens(h.back, pin)

	c.run("destroy").exits(0)
	h.shut(h.front, pin)
	h.shut(h.back, pin)
	h.left(c)
}

func TestAccDoesTheExampleForStrangersNoticeANewOneAndRemoveAll(t *testing.T) {
	h := newExampleHouse(t)
	c := h.terminal("guides/strangers-on-a-lock")
	c.run("apply").exits(0).says(h.unmanaged, "Former tenant").omits("66340")
	h.opens(h.back, "66340")
	c.run("plan", "-detailed-exitcode").exits(0)

	added := h.back.AddUnmanaged(seamtest.Unmanaged{Name: "Who is this", PIN: "99120"})
	c.run("plan", "-detailed-exitcode").exits(2).says("1 to add, 0 to change, 0 to destroy", added).omits("99120")
	c.run("apply").exits(0).says("1 added")
	for _, id := range []string{h.unmanaged, added} {
		if _, ok := c.state()[fmt.Sprintf("seam_unmanaged_access_code.stranger[%q]", id)]; !ok {
			t.Errorf("nobody took note of %s", id)
		}
	}

	c.run("destroy").exits(0)
	h.shut(h.back, "66340", "99120")
	h.opens(h.back, "55120") // managed, and none of theirs
	h.left(c)
}
