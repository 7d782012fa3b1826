//go:build linux

package provider_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// slowly makes Seam put a code on the lock at once and answer a while later.
func (h *house) slowly(answers time.Duration) {
	h.seam.InjectFault(seamtest.Fault{Path: "/access_codes/create", Delay: answers, DelayAfter: true})
}

// creating starts an apply and returns when the code is on the lock, unknown to the state.
func (c *terminal) creating() *running {
	c.t.Helper()
	apply := c.start("apply")
	eventually(c.t, "Seam has the code and has not answered", func() bool { return len(c.seam.AccessCodes()) == 1 })
	return apply
}

// A cancelled pipeline sends SIGTERM to all of its processes.
func TestAccDoesTheStateKnowACodeWhoseApplyWasTerminated(t *testing.T) {
	h := newHouse(t)
	h.slowly(1500 * time.Millisecond)
	c := h.terminal(guest(h.front, guestPIN))
	c.creating().terminate(5 * time.Second)
	if kept := c.state()[theGuest]; kept.Attributes["id"] != h.seam.AccessCodes()[0].ID || kept.Status != "" {
		t.Fatalf("the state holds %+v", kept)
	}
	c.run("plan", "-detailed-exitcode").exits(0)
	h.asked("/access_codes/create", 1)
	c.run("destroy").exits(0)
	c.destroyed()
}

func TestAccDoesADestroyThatWasTerminatedGoOn(t *testing.T) {
	h := newHouse(t)
	h.front.OnDelete(seamtest.DeleteBehavior{Takes: 6 * time.Second})
	c := h.terminal(guest(h.front, guestPIN))
	c.run("apply").exits(0)
	destroy := c.start("destroy")
	h.untilAwaited()
	destroy.terminate(2*time.Second).exits(1).says("interrupted", "Run destroy again")
	c.keeps(theGuest)
	c.run("destroy").exits(0)
	h.asked("/access_codes/delete", 1)
	c.destroyed()
}

// A provider that ignores SIGTERM must not be left behind by a Terraform that is gone.
func TestAccDoesTheProviderEndWithTerraform(t *testing.T) {
	for name, end := range map[string]func(*running){
		"as it should":     func(r *running) { <-r.done },
		"by SIGTERM":       func(r *running) { r.terminate(5 * time.Second) },
		"by kill -9":       func(r *running) { r.kill("the CLI") },
		"by SIGTERM alone": func(r *running) { _ = r.cmd.Process.Signal(syscall.SIGTERM); <-r.done },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.slowly(time.Second)
			apply := h.terminal(guest(h.front, guestPIN)).creating()
			if len(members(apply.cmd.Process.Pid)) == 0 {
				t.Fatal("no provider is running")
			}
			end(apply)
			eventually(t, "the provider has ended", func() bool { return len(members(apply.cmd.Process.Pid)) == 0 })
		})
	}
}
