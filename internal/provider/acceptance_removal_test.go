package provider_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

const guestPIN = `code = "4821"`

// Is a code that somebody deleted proven gone by a destroy without refresh?
func TestAccAccessCode_destroyWithoutRefreshProvesADeletedCodeGone(t *testing.T) {
	h := newHarness(t)
	c := h.applied(guestConfig(h.front, guestPIN))
	h.seam.RemoveAccessCode(h.seam.AccessCodes()[0].ID)
	h.seam.ResetRequests()
	c.run("destroy", "-refresh=false").requireExitCode(0).requireOutput("Destroy complete! Resources: 1 destroyed.")
	h.requireRequests("/access_codes/delete", 0)
	h.requireRequests("/access_codes/unmanaged/list", 1)
	c.requireDestroyed()
}

// Does the state keep exactly what could not be removed?
func TestAccAccessCode_stateKeepsExactlyWhatWasNotRemoved(t *testing.T) {
	h := newHarness(t)
	h.back.OnDelete(seamtest.DeleteBehavior{Takes: 300 * time.Millisecond, Outcome: seamtest.Fails, ErrorType: "device_offline", ErrorMessage: "The lock does not answer"})
	c := h.applied(codeConfig("a", h.front, `code = "1111"`) + codeConfig("b", h.back, `code = "2222"`) + codeConfig("c", h.front, `code = "3333"`))
	c.run("destroy").requireExitCode(1).requireOutput("Unable to delete access code", "device_offline: The lock does not answer", "run destroy again")
	c.requireState("seam_access_code.b")
	h.requireOpens(h.back, "2222")
	h.requireClosed(h.front, "1111", "3333")
	c.mustDestroy()
	h.requireRequests("/access_codes/delete", 4)
}

// Does destroy fail as long as the lock holds a leftover of the code?
func TestAccAccessCode_destroyFailsWhileTheLockHoldsALeftover(t *testing.T) {
	h := newHarness(t)
	h.front.OnDelete(seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{ID: "9e7e5dcb-41a7-4d0c-8a54-3d1f7c2b6a90", CannotBeDeleted: true}})
	c := h.applied(receiptsConfig + guestConfig(h.front, guestPIN))
	leftover := "unmanaged access code 9e7e5dcb-41a7-4d0c-8a54-3d1f7c2b6a90"
	for range 2 {
		c.run("destroy").requireExitCode(1).requireOutput("Unable to delete access code", leftover, "it still opens the door", "remove it in the manufacturer's app, then run again")
		c.requireState(guestAddress)
		h.requireOpens(h.front, "4821")
	}
	if written := c.read("removals.jsonl"); written != "" {
		t.Errorf("a removal that has not ended has a receipt: %s", written)
	}
	h.seam.RemoveUnmanagedAccessCode("9e7e5dcb-41a7-4d0c-8a54-3d1f7c2b6a90")
	c.mustDestroy()
	h.requireRequests("/access_codes/delete", 1)
}

const receiptsConfig = "provider \"seam\" {\n  removal_receipts = \"removals.jsonl\"\n}\n"

// Does each removal leave one receipt, without a PIN?
func TestAccAccessCode_everyRemovalLeavesOneReceipt(t *testing.T) {
	h := newHarness(t)
	h.seam.SetDefaultDelete(seamtest.DeleteBehavior{Takes: 300 * time.Millisecond})
	c := h.applied(receiptsConfig +
		codeConfig("a", h.front, `code = "48213579"`) +
		codeConfig("b", h.front, "code = \"58213579\"\nremoval = \"verified_by_event\"") +
		codeConfig("c", h.back, "code = \"68213579\"\nremoval = \"requested\"") +
		codeConfig("d", h.back, "code = \"78213579\"\nremoval = \"abandoned\""))
	ids := map[string]string{}
	for name, want := range map[string]string{"a": "verified", "b": "verified", "c": "requested", "d": "abandoned"} {
		id, _ := c.state()["seam_access_code."+name].Attributes["id"].(string)
		ids[id] = want
	}
	c.run("destroy").requireExitCode(0).
		requireOutput("Removal requested, not verified", "Access code abandoned, not removed", "may still open lock "+h.back.ID).
		requireNoOutput("48213579", "58213579", "68213579", "78213579")
	c.requireState()
	h.requireClosed(h.front, "48213579", "58213579")

	written := c.read("removals.jsonl")
	lines := strings.Split(strings.TrimSpace(written), "\n")
	if len(lines) != 4 {
		t.Fatalf("%d receipts for 4 removals:\n%s", len(lines), written)
	}
	for _, line := range lines {
		id := jsonField(line, "access_code_id")
		if want, ok := ids[id]; !ok || jsonField(line, "outcome") != want {
			t.Errorf("a receipt for %q with outcome %q, want %q", id, jsonField(line, "outcome"), want)
		}
		delete(ids, id)
	}
	if pin := regexp.MustCompile(`[4-7]8213579`).FindString(written); pin != "" {
		t.Errorf("PIN %s is in a receipt:\n%s", pin, written)
	}
}

// jsonField is the text of a field in a line of JSON.
func jsonField(line, name string) string {
	if found := regexp.MustCompile(`"` + name + `":"([^"]*)"`).FindStringSubmatch(line); found != nil {
		return found[1]
	}
	return ""
}

// Is there a way out when the lock cannot be observed?
// The lock is gone from the workspace, or no longer managed: nothing can be proven, and
// every error has to show a way out that works. The in-process test has every pair of these.
func TestAccAccessCode_unobservableLockErrorsShowAWayOut(t *testing.T) {
	for name, lost := range map[string]struct {
		hide          func(*seamtest.Lock)
		says, removal string
	}{
		"gone":      {(*seamtest.Lock).Disappear, "lock", "abandoned"},
		"unmanaged": {(*seamtest.Lock).Unmanage, "managed", "requested"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			c := h.applied(guestConfig(h.front, guestPIN))
			lost.hide(h.front)
			before := c.read("terraform.tfstate")
			for _, command := range []string{"plan", "destroy"} {
				c.run(command).requireExitCode(1).requireOutput("Unable to read access code", lost.says, "state rm")
			}
			if after := c.read("terraform.tfstate"); after != before {
				t.Errorf("the state has changed from\n%s\nto\n%s", before, after)
			}
			c.run("destroy", "-refresh=false").requireExitCode(1).requireOutput("Unable to delete access code", lost.says)
			c.requireState(guestAddress)

			c.configure(guestConfig(h.front, guestPIN+fmt.Sprintf("\nremoval = %q", lost.removal)))
			c.run("apply", "-refresh=false").requireExitCode(0)
			c.run("destroy", "-refresh=false").requireExitCode(0).requireOutput("Its PIN may still open lock "+h.front.ID, fmt.Sprintf("removal = %q", lost.removal))
			c.requireState()
			h.requireOpens(h.front, "4821")
		})
	}
}

// Does one lock that is gone leave the others alone?
func TestAccAccessCode_missingLockDoesNotAffectOthers(t *testing.T) {
	for name, letGo := range map[string]func(c *workingDir, others, abandoned string){
		"taken out of the configuration": func(c *workingDir, others, abandoned string) {
			c.configure(others + abandoned)
			c.run("apply", "-refresh=false").requireExitCode(0)
			c.configure(others)
			c.run("apply", "-refresh=false").requireExitCode(0).requireOutput("Access code abandoned, not removed", "1 destroyed")
		},
		"destroyed by name": func(c *workingDir, others, abandoned string) {
			c.configure(others + abandoned)
			c.run("apply", "-refresh=false").requireExitCode(0)
			c.run("destroy", "-refresh=false", "-target="+guestAddress).requireExitCode(0).requireOutput("Access code abandoned, not removed", "1 destroyed")
			c.configure(others)
		},
		"state rm": func(c *workingDir, others, _ string) {
			c.run("state", "rm", guestAddress).requireExitCode(0)
			c.configure(others)
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			others := codeConfig("owner", h.back, `code = "9310"`)
			c := h.applied(others + guestConfig(h.front, guestPIN))
			h.front.Disappear()
			letGo(c, others, guestConfig(h.front, guestPIN+"\nremoval = \"abandoned\""))
			c.requireState("seam_access_code.owner")
			c.run("plan", "-detailed-exitcode").requireExitCode(0)
			h.requireRequests("/access_codes/delete", 0)
			h.requireOpens(h.back, "9310")
		})
	}
}

// Does a PIN that Seam gives back as an unmanaged code open the door after destroy?
func TestAccAccessCode_returnedPINIsTakenOff(t *testing.T) {
	h := newHarness(t)
	h.front.OnDelete(seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{}})
	c := h.applied(guestConfig(h.front, guestPIN))
	c.run("destroy").requireExitCode(0).requireOutput("PIN came back and was removed")
	h.requireClosed(h.front, "4821")
	c.requireDestroyed()
}

// Does the nightly plan see a code that Seam no longer manages, and does apply take it back?
func TestAccAccessCode_unmanagedCodeIsTakenBack(t *testing.T) {
	h := newHarness(t)
	c := h.applied(guestConfig(h.front, guestPIN))
	h.seam.UnmanageAccessCode(h.seam.AccessCodes()[0].ID)
	c.run("plan", "-detailed-exitcode").requireExitCode(2).requireOutput("will be updated in-place", "is_managed", "false -> true")
	c.run("apply").requireExitCode(0).requireOutput("1 changed")
	h.requireRequests("/access_codes/delete", 0)
	h.requireOpens(h.front, "4821")
	c.run("plan", "-detailed-exitcode").requireExitCode(0)
	c.run("destroy").requireExitCode(0)
	h.requireClosed(h.front, "4821")
}

// Does the nightly plan see that the PIN of a removed code is on the lock as another code?
func TestAccAccessCode_strayPINIsPlannedAsAReplacement(t *testing.T) {
	h := newHarness(t)
	c := h.applied(guestConfig(h.front, guestPIN))
	h.seam.RemoveAccessCode(h.seam.AccessCodes()[0].ID)
	left := h.front.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
	c.run("plan", "-detailed-exitcode").requireExitCode(2).requireOutput("must be replaced", "false -> true", "forces replacement")
	c.run("apply").requireExitCode(1).requireOutput("Unable to delete access code", left)
	h.seam.RemoveUnmanagedAccessCode(left)
	c.run("apply").requireExitCode(0)
	c.run("plan", "-detailed-exitcode").requireExitCode(0)
	h.requireOpens(h.front, "4821")
}

// Does the nightly plan see the old PIN that a killed rotation left on the lock?
func TestAccAccessCode_formerPINOnTheLockIsPlanned(t *testing.T) {
	h := newHarness(t)
	c := h.applied(guestConfig(h.front, guestPIN))
	h.seam.ChangeAccessCode(h.seam.AccessCodes()[0].ID, func(code *seamtest.AccessCode) { code.PIN = "7319" })
	left := h.front.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
	c.configure(guestConfig(h.front, `code = "7319"`))
	c.run("plan", "-detailed-exitcode").requireExitCode(2).requireOutput("will be updated in-place", left)
	c.run("apply").requireExitCode(1).requireOutput("old PIN may still open", left)
	c.run("destroy").requireExitCode(1).requireOutput("still lists the PIN", left)
	h.requireOpens(h.front, "4821")
	h.seam.RemoveUnmanagedAccessCode(left)
	c.run("destroy").requireExitCode(0)
	h.requireClosed(h.front, "4821", "7319")
	c.requireDestroyed()
}
