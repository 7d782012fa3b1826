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

func TestAccIsACodeThatSomebodyDeletedProvenGoneByADestroyWithoutRefresh(t *testing.T) {
	h := newHouse(t)
	c := h.terminal(guest(h.front, guestPIN))
	c.run("apply").exits(0)
	h.seam.RemoveAccessCode(h.seam.AccessCodes()[0].ID)
	h.seam.ResetRequests()
	c.run("destroy", "-refresh=false").exits(0).says("Destroy complete! Resources: 1 destroyed.")
	h.asked("/access_codes/delete", 0)
	h.asked("/access_codes/unmanaged/list", 1)
	c.destroyed()
}

func TestAccDoesTheStateKeepExactlyWhatCouldNotBeRemoved(t *testing.T) {
	h := newHouse(t)
	h.back.OnDelete(seamtest.DeleteBehavior{Takes: 300 * time.Millisecond, Outcome: seamtest.Fails, ErrorType: "device_offline", ErrorMessage: "The lock does not answer"})
	c := h.terminal(code("a", h.front, `code = "1111"`) + code("b", h.back, `code = "2222"`) + code("c", h.front, `code = "3333"`))
	c.run("apply").exits(0)
	c.run("destroy").exits(1).says("Unable to delete access code", "device_offline: The lock does not answer", "run destroy again")
	c.keeps("seam_access_code.b")
	h.opens(h.back, "2222")
	h.shut(h.front, "1111", "3333")
	c.run("destroy").exits(0)
	h.asked("/access_codes/delete", 4)
	c.destroyed()
}

func TestAccDoesDestroyFailAsLongAsTheLockHoldsAGhostOfTheCode(t *testing.T) {
	h := newHouse(t)
	h.front.OnDelete(seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{ID: "9e7e5dcb-41a7-4d0c-8a54-3d1f7c2b6a90", CannotBeDeleted: true}})
	c := h.terminal(receipts + guest(h.front, guestPIN))
	c.run("apply").exits(0)
	leftover := "unmanaged access code 9e7e5dcb-41a7-4d0c-8a54-3d1f7c2b6a90"
	for range 2 {
		c.run("destroy").exits(1).says("Unable to delete access code", leftover, "it still opens the door", "remove it in the manufacturer's app, then run again")
		c.keeps(theGuest)
		h.opens(h.front, "4821")
	}
	if written := c.read("removals.jsonl"); written != "" {
		t.Errorf("a removal that has not ended has a receipt: %s", written)
	}
	h.seam.RemoveUnmanagedAccessCode("9e7e5dcb-41a7-4d0c-8a54-3d1f7c2b6a90")
	c.run("destroy").exits(0)
	h.asked("/access_codes/delete", 1)
	c.destroyed()
}

const receipts = "provider \"seam\" {\n  removal_receipts = \"removals.jsonl\"\n}\n"

func TestAccDoesEachRemovalLeaveOneReceiptWithoutAPIN(t *testing.T) {
	h := newHouse(t)
	h.seam.SetDefaultDelete(seamtest.DeleteBehavior{Takes: 300 * time.Millisecond})
	c := h.terminal(receipts +
		code("a", h.front, `code = "48213579"`) +
		code("b", h.front, "code_wo = \"58213579\"\ncode_wo_version = 1\nremoval = \"verified_by_event\"") +
		code("c", h.back, "code = \"68213579\"\nremoval = \"requested\"") +
		code("d", h.back, "code = \"78213579\"\nremoval = \"abandoned\""))
	c.run("apply").exits(0)
	ids := map[string]string{}
	for name, want := range map[string]string{"a": "verified", "b": "verified", "c": "requested", "d": "abandoned"} {
		id, _ := c.state()["seam_access_code."+name].Attributes["id"].(string)
		ids[id] = want
	}
	c.run("destroy").exits(0).
		says("Removal requested, not verified", "Access code abandoned, not removed", "may still open lock "+h.back.ID).
		omits("48213579", "58213579", "68213579", "78213579")
	c.keeps()
	h.shut(h.front, "48213579", "58213579")

	written := c.read("removals.jsonl")
	lines := strings.Split(strings.TrimSpace(written), "\n")
	if len(lines) != 4 {
		t.Fatalf("%d receipts for 4 removals:\n%s", len(lines), written)
	}
	for _, line := range lines {
		id := field(line, "access_code_id")
		if want, ok := ids[id]; !ok || field(line, "outcome") != want {
			t.Errorf("a receipt for %q with outcome %q, want %q", id, field(line, "outcome"), want)
		}
		delete(ids, id)
	}
	if pin := regexp.MustCompile(`[4-7]8213579`).FindString(written); pin != "" {
		t.Errorf("PIN %s is in a receipt:\n%s", pin, written)
	}
}

// field is the text of a field in a line of JSON.
func field(line, name string) string {
	if found := regexp.MustCompile(`"` + name + `":"([^"]*)"`).FindStringSubmatch(line); found != nil {
		return found[1]
	}
	return ""
}

// The lock is gone from the workspace, or no longer managed: nothing can be proven, and
// every error has to show a way out that works.
func TestAccIsThereAWayOutWhenTheLockIsOutOfSight(t *testing.T) {
	for name, lost := range map[string]struct {
		hide func(*seamtest.Lock)
		says string
	}{
		"gone":      {(*seamtest.Lock).Disappear, "lock"},
		"unmanaged": {(*seamtest.Lock).Unmanage, "managed"},
	} {
		for _, removal := range []string{"abandoned", "requested"} {
			t.Run(name+", "+removal, func(t *testing.T) {
				h := newHouse(t)
				c := h.terminal(guest(h.front, guestPIN))
				c.run("apply").exits(0)
				lost.hide(h.front)
				before := c.read("terraform.tfstate")
				for _, command := range []string{"plan", "destroy"} {
					c.run(command).exits(1).says("Unable to read access code", lost.says, "state rm")
				}
				if after := c.read("terraform.tfstate"); after != before {
					t.Errorf("the state has changed from\n%s\nto\n%s", before, after)
				}
				c.run("destroy", "-refresh=false").exits(1).says("Unable to delete access code", lost.says)
				c.keeps(theGuest)

				c.configure(guest(h.front, guestPIN+fmt.Sprintf("\nremoval = %q", removal)))
				c.run("apply", "-refresh=false").exits(0)
				c.run("destroy", "-refresh=false").exits(0).says("Its PIN may still open lock "+h.front.ID, fmt.Sprintf("removal = %q", removal))
				c.keeps()
				h.opens(h.front, "4821")
			})
		}
	}
}

func TestAccDoesOneLockThatIsGoneLeaveTheOthersAlone(t *testing.T) {
	for name, letGo := range map[string]func(c *terminal, others, abandoned string){
		"taken out of the configuration": func(c *terminal, others, abandoned string) {
			c.configure(others + abandoned)
			c.run("apply", "-refresh=false").exits(0)
			c.configure(others)
			c.run("apply", "-refresh=false").exits(0).says("Access code abandoned, not removed", "1 destroyed")
		},
		"destroyed by name": func(c *terminal, others, abandoned string) {
			c.configure(others + abandoned)
			c.run("apply", "-refresh=false").exits(0)
			c.run("destroy", "-refresh=false", "-target="+theGuest).exits(0).says("Access code abandoned, not removed", "1 destroyed")
			c.configure(others)
		},
		"state rm": func(c *terminal, others, _ string) {
			c.run("state", "rm", theGuest).exits(0)
			c.configure(others)
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			others := code("owner", h.back, `code = "9310"`)
			c := h.terminal(others + guest(h.front, guestPIN))
			c.run("apply").exits(0)
			h.front.Disappear()
			letGo(c, others, guest(h.front, guestPIN+"\nremoval = \"abandoned\""))
			c.keeps("seam_access_code.owner")
			c.run("plan", "-detailed-exitcode").exits(0)
			h.asked("/access_codes/delete", 0)
			h.opens(h.back, "9310")
		})
	}
}

// Does a PIN that Seam gives back as an unmanaged code open the door after destroy?
func TestAccAccessCode_returnedPINIsTakenOff(t *testing.T) {
	h := newHouse(t)
	h.front.OnDelete(seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{}})
	c := h.terminal(guest(h.front, guestPIN))
	c.run("apply").exits(0)
	c.run("destroy").exits(0).says("PIN came back and was removed")
	h.shut(h.front, "4821")
	c.destroyed()
}

// Does the nightly plan see a code that Seam no longer manages, and does apply take it back?
func TestAccAccessCode_unmanagedCodeIsTakenBack(t *testing.T) {
	h := newHouse(t)
	c := h.terminal(guest(h.front, guestPIN))
	c.run("apply").exits(0)
	h.seam.UnmanageAccessCode(h.seam.AccessCodes()[0].ID)
	c.run("plan", "-detailed-exitcode").exits(2).says("will be updated in-place", "is_managed", "false -> true")
	c.run("apply").exits(0).says("1 changed")
	h.asked("/access_codes/delete", 0)
	h.opens(h.front, "4821")
	c.run("plan", "-detailed-exitcode").exits(0)
	c.run("destroy").exits(0)
	h.shut(h.front, "4821")
}

// Does the nightly plan see that the PIN of a removed code is on the lock as another code?
func TestAccAccessCode_strayPINIsPlannedAsAReplacement(t *testing.T) {
	h := newHouse(t)
	c := h.terminal(guest(h.front, guestPIN))
	c.run("apply").exits(0)
	h.seam.RemoveAccessCode(h.seam.AccessCodes()[0].ID)
	left := h.front.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
	c.run("plan", "-detailed-exitcode").exits(2).says("must be replaced", "false -> true", "forces replacement")
	c.run("apply").exits(1).says("Unable to delete access code", left)
	h.seam.RemoveUnmanagedAccessCode(left)
	c.run("apply").exits(0)
	c.run("plan", "-detailed-exitcode").exits(0)
	h.opens(h.front, "4821")
}

// Does the nightly plan see the old PIN that a killed rotation left on the lock?
func TestAccAccessCode_formerPINOnTheLockIsPlanned(t *testing.T) {
	h := newHouse(t)
	c := h.terminal(guest(h.front, guestPIN))
	c.run("apply").exits(0)
	h.seam.ChangeAccessCode(h.seam.AccessCodes()[0].ID, func(code *seamtest.AccessCode) { code.PIN = "7319" })
	left := h.front.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})
	c.configure(guest(h.front, `code = "7319"`))
	c.run("plan", "-detailed-exitcode").exits(2).says("will be updated in-place", left)
	c.run("apply").exits(1).says("old PIN may still open", left)
	c.run("destroy").exits(1).says("still lists the PIN", left)
	h.opens(h.front, "4821")
	h.seam.RemoveUnmanagedAccessCode(left)
	c.run("destroy").exits(0)
	h.shut(h.front, "4821", "7319")
	c.destroyed()
}
