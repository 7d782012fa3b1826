package provider_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
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

	h.back.OnDelete(seamtest.DeleteBehavior{Outcome: seamtest.Fails, ErrorType: "device_offline", ErrorMessage: "The lock does not answer"})
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

	added := h.back.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Who is this", PIN: "99120"})
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

func TestAccDoesTheNightlyCheckEndAsItsGuideSays(t *testing.T) {
	guide, err := os.ReadFile("../../docs/guides/nightly-drift-check.md")
	if err != nil {
		t.Fatal(err)
	}
	command := regexp.MustCompile("(?m)^terraform (plan .*)$").FindSubmatch(guide)
	if command == nil {
		t.Fatal("the guide has no command")
	}
	check := strings.Fields(string(command[1]))
	h := newHouse(t)
	c := h.terminal("variable \"pin\" {\n  ephemeral = true\n}\n" + guest(h.front, "name = \"Guest\"\ncode = \"4821\"") + code("staff", h.back, "code_wo = var.pin\ncode_wo_version = 1"))
	c.env["TF_VAR_pin"] = "7319"
	c.run("apply").exits(0)
	c.env["TF_VAR_pin"] = "5555" // any PIN will do for a check
	c.run(check...).exits(0).says("No changes")

	h.seam.ChangeAccessCode(c.idOf("seam_access_code.staff"), func(code *seamtest.AccessCode) { code.PIN = "6666" })
	c.run(check...).exits(0).says("No changes") // what it cannot see

	h.seam.ChangeAccessCode(c.idOf(theGuest), func(code *seamtest.AccessCode) { code.Name = "Intruder" })
	c.run(check...).exits(2).says("0 to add, 1 to change, 0 to destroy")

	h.seam.RemoveAccessCode(c.idOf(theGuest))
	c.run(check...).exits(2).says("Removed outside Terraform", "1 to add, 0 to change, 0 to destroy")

	c.env["SEAM_API_KEY"] = "seam_revoked"
	c.run(check...).exits(1).says("unauthorized")
}

// idOf is the id of an object in the state.
func (c *terminal) idOf(address string) string {
	return fmt.Sprint(c.state()[address].Attributes["id"])
}

func TestAccDoesTheExampleOfEventsNameTheRemovalsInDoubt(t *testing.T) {
	h := newExampleHouse(t)
	failed, late, mended := "f0000000-0000-4000-8000-000000000001", "f0000000-0000-4000-8000-000000000002", "f0000000-0000-4000-8000-000000000003"
	var events []string
	for i, e := range [][2]string{{failed, "failed_to_remove_from_device"}, {mended, "failed_to_remove_from_device"}, {mended, "removed_from_device"}, {late, "delay_in_removing_from_device"}, {late, "deleted"}} {
		events = append(events, fmt.Sprintf(`{"event_id":"e%d","event_type":"access_code.%s","access_code_id":%q,"created_at":%q,"occurred_at":%[4]q}`, i, e[1], e[0], h.at(0)))
	}
	h.seam.InjectFault(seamtest.Fault{Path: "/events/list", Status: 200, ContentType: "application/json", Body: `{"events":[` + strings.Join(events, ",") + `]}`})
	c := h.terminal("data-sources/seam_events")
	c.run("apply").exits(0)
	c.run("output", "-no-color", "doubtful_removals").exits(0).says(failed, late).omits(mended)
}
