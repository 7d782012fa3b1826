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

// Does the example for several doors remove the PIN from each?
func TestAccDocs_severalDoorsExampleRemovesThePINFromEach(t *testing.T) {
	h := newExampleHarness(t)
	c := h.newWorkingDir("guides/one-pin-on-several-doors")
	pin := h.variables["staff_pin"]
	c.run("apply").requireExitCode(0)
	h.requireOpens(h.front, pin)
	h.requireOpens(h.back, pin)

	h.back.OnDelete(seamtest.DeleteBehavior{Outcome: seamtest.Fails, ErrorType: "device_offline", ErrorMessage: "The lock does not answer"})
	c.run("destroy").requireExitCode(1).requireOutput("Unable to delete access code", h.back.ID).requireNoOutput(pin)
	c.requireState(`seam_access_code.staff["back"]`)
	h.requireClosed(h.front, pin)
	h.requireOpens(h.back, pin)

	c.run("destroy").requireExitCode(0)
	h.requireClosed(h.front, pin)
	h.requireClosed(h.back, pin)
	h.removeFound(c)
}

// Does the example for unmanaged codes report a new one, and remove all?
func TestAccDocs_unmanagedCodesExampleReportsANewOneAndRemovesAll(t *testing.T) {
	h := newExampleHarness(t)
	c := h.newWorkingDir("guides/strangers-on-a-lock")
	c.run("apply").requireExitCode(0).requireOutput(h.unmanaged, "Former tenant").requireNoOutput("66340")
	h.requireOpens(h.back, "66340")
	c.run("plan", "-detailed-exitcode").requireExitCode(0)

	added := h.back.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Who is this", PIN: "99120"})
	c.run("plan", "-detailed-exitcode").requireExitCode(2).requireOutput("1 to add, 0 to change, 0 to destroy", added).requireNoOutput("99120")
	c.run("apply").requireExitCode(0).requireOutput("1 added")
	for _, id := range []string{h.unmanaged, added} {
		if _, ok := c.state()[fmt.Sprintf("seam_unmanaged_access_code.stranger[%q]", id)]; !ok {
			t.Errorf("nobody took note of %s", id)
		}
	}

	c.run("destroy").requireExitCode(0)
	h.requireClosed(h.back, "66340", "99120")
	h.requireOpens(h.back, "55120") // managed, and none of theirs
	h.removeFound(c)
}

// Does the nightly check end as its guide says?
func TestAccDocs_nightlyCheckExitsAsTheGuideSays(t *testing.T) {
	guide, err := os.ReadFile("../../docs/guides/nightly-drift-check.md")
	if err != nil {
		t.Fatal(err)
	}
	command := regexp.MustCompile("(?m)^terraform (plan .*)$").FindSubmatch(guide)
	if command == nil {
		t.Fatal("the guide has no command")
	}
	check := strings.Fields(string(command[1]))
	h := newHarness(t)
	c := h.newWorkingDir("variable \"pin\" {\n  ephemeral = true\n}\n" + guestConfig(h.front, "name = \"Guest\"\ncode = \"4821\"") + codeConfig("staff", h.back, "code_wo = var.pin\ncode_wo_version = 1"))
	c.env["TF_VAR_pin"] = "7319"
	c.run("apply").requireExitCode(0)
	c.env["TF_VAR_pin"] = "5555" // any PIN will do for a check
	c.run(check...).requireExitCode(0).requireOutput("No changes")

	h.seam.ChangeAccessCode(c.idOf("seam_access_code.staff"), func(code *seamtest.AccessCode) { code.PIN = "6666" })
	c.run(check...).requireExitCode(0).requireOutput("No changes") // what it cannot see

	h.seam.ChangeAccessCode(c.idOf(guestAddress), func(code *seamtest.AccessCode) { code.Name = "Intruder" })
	c.run(check...).requireExitCode(2).requireOutput("0 to add, 1 to change, 0 to destroy")

	h.seam.RemoveAccessCode(c.idOf(guestAddress))
	c.run(check...).requireExitCode(2).requireOutput("Removed outside Terraform", "1 to add, 0 to change, 0 to destroy")

	c.env["SEAM_API_KEY"] = "seam_revoked"
	c.run(check...).requireExitCode(1).requireOutput("unauthorized")
}

// idOf is the id of an object in the state.
func (c *workingDir) idOf(address string) string {
	return fmt.Sprint(c.state()[address].Attributes["id"])
}

// Does the example of events name the removals that are in doubt?
func TestAccDocs_eventsExampleNamesUnconfirmedRemovals(t *testing.T) {
	h := newExampleHarness(t)
	failed, late, mended := "f0000000-0000-4000-8000-000000000001", "f0000000-0000-4000-8000-000000000002", "f0000000-0000-4000-8000-000000000003"
	var events []string
	for i, e := range [][2]string{{failed, "failed_to_remove_from_device"}, {mended, "failed_to_remove_from_device"}, {mended, "removed_from_device"}, {late, "delay_in_removing_from_device"}, {late, "deleted"}} {
		events = append(events, fmt.Sprintf(`{"event_id":"e%d","event_type":"access_code.%s","access_code_id":%q,"created_at":%q,"occurred_at":%[4]q}`, i, e[1], e[0], h.timeFromNow(0)))
	}
	h.seam.InjectFault(seamtest.Fault{Path: "/events/list", Status: 200, ContentType: "application/json", Body: `{"events":[` + strings.Join(events, ",") + `]}`})
	c := h.newWorkingDir("data-sources/seam_events")
	c.run("apply").requireExitCode(0)
	c.run("output", "-no-color", "doubtful_removals").requireExitCode(0).requireOutput(failed, late).requireNoOutput(mended)
}
