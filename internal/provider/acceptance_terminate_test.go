//go:build linux

package provider_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// delayCreateResponse makes Seam put a code on the lock at once and answer a while later.
func (h *harness) delayCreateResponse(answers time.Duration) {
	h.seam.InjectFault(seamtest.Fault{Path: "/access_codes/create", Delay: answers, DelayAfter: true})
}

// startCreate starts an apply and returns when the code is on the lock, unknown to the state.
func (c *workingDir) startCreate() *runningCommand {
	c.t.Helper()
	apply := c.start("apply")
	eventually(c.t, "Seam has the code and has not answered", func() bool { return len(c.seam.AccessCodes()) == 1 })
	return apply
}

// Does the state know a code whose apply was terminated?
// A cancelled pipeline sends SIGTERM to all of its processes.
func TestAccAccessCode_terminatedApplyKeepsTheCodeInState(t *testing.T) {
	h := newHarness(t)
	h.delayCreateResponse(1500 * time.Millisecond)
	c := h.newWorkingDir(guestConfig(h.front, guestPIN))
	c.startCreate().terminate(5 * time.Second)
	c.requireKept()
	c.run("plan", "-detailed-exitcode").requireExitCode(0)
	h.requireRequests("/access_codes/create", 1)
	c.mustDestroy()
}

// Does a destroy that was terminated go on?
func TestAccAccessCode_terminatedDestroyResumes(t *testing.T) {
	h := newHarness(t)
	h.front.OnDelete(seamtest.DeleteBehavior{Takes: 6 * time.Second})
	c := h.applied(guestConfig(h.front, guestPIN))
	destroy := c.start("destroy")
	h.waitForPolling()
	destroy.terminate(2*time.Second).requireExitCode(1).requireOutput("interrupted", "Run destroy again")
	c.requireState(guestAddress)
	c.mustDestroy()
	h.requireRequests("/access_codes/delete", 1)
}

// Does the provider end with Terraform?
// A provider that ignores SIGTERM must not be left behind by a Terraform that is gone.
func TestAccProvider_exitsWithTerraform(t *testing.T) {
	for name, end := range map[string]func(*runningCommand){
		"as it should":     func(r *runningCommand) { <-r.done },
		"by SIGTERM":       func(r *runningCommand) { r.terminate(5 * time.Second) },
		"by kill -9":       func(r *runningCommand) { r.kill("the CLI") },
		"by SIGTERM alone": func(r *runningCommand) { _ = r.cmd.Process.Signal(syscall.SIGTERM); <-r.done },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.delayCreateResponse(time.Second)
			apply := h.newWorkingDir(guestConfig(h.front, guestPIN)).startCreate()
			if len(childProcesses(apply.cmd.Process.Pid)) == 0 {
				t.Fatal("no provider is running")
			}
			end(apply)
			eventually(t, "the provider has ended", func() bool { return len(childProcesses(apply.cmd.Process.Pid)) == 0 })
		})
	}
}
