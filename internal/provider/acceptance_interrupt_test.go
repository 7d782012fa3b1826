//go:build unix

package provider_test

import (
	"bytes"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// runningCommand is a run of the CLI that has not ended, in a process group of its own as in a
// shell.
type runningCommand struct {
	*workingDir
	cmd  *exec.Cmd
	out  bytes.Buffer
	done chan struct{}
}

func (c *workingDir) start(args ...string) *runningCommand {
	c.t.Helper()
	r := &runningCommand{workingDir: c, cmd: c.command(args...), done: make(chan struct{})}
	r.cmd.Stdout, r.cmd.Stderr = &r.out, &r.out
	r.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := r.cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	go func() {
		_ = r.cmd.Wait() // the exit code is asked for later
		close(r.done)
	}()
	c.t.Cleanup(func() { <-r.done })
	return r
}

// interrupt is Ctrl-C, once: the CLI and the provider get it, and have to end in time.
func (r *runningCommand) interrupt(within time.Duration) cliResult {
	return r.signal(syscall.SIGINT, within)
}

// terminate is what `timeout`, a cancelled CI job or a container runtime does.
func (r *runningCommand) terminate(within time.Duration) cliResult {
	return r.signal(syscall.SIGTERM, within)
}

func (r *runningCommand) signal(signal syscall.Signal, within time.Duration) cliResult {
	r.t.Helper()
	if err := syscall.Kill(-r.cmd.Process.Pid, signal); err != nil {
		r.t.Fatal(err)
	}
	start := time.Now()
	select {
	case <-r.done:
	case <-time.After(30 * time.Second):
		r.t.Fatalf("%v did not end the run", signal)
	}
	if took := time.Since(start); took > within {
		r.t.Errorf("the run ended %v after %v, want at most %v", took.Round(time.Millisecond), signal, within)
	}
	return r.newResult(r.cmd, r.out.String())
}

// waitForPolling returns when the CLI waits for an action attempt.
func (h *harness) waitForPolling() {
	h.t.Helper()
	eventually(h.t, "an action attempt is waited for", func() bool {
		return h.seam.Count("/action_attempts/get")+h.seam.Count("/action_attempts/list") > 0
	})
}

// Does a destroy go on where Ctrl-C stopped it?
func TestAccAccessCode_destroyResumesAfterCtrlC(t *testing.T) {
	h := newHarness(t)
	h.front.OnDelete(seamtest.DeleteBehavior{Takes: 6 * time.Second})
	c := h.applied(receiptsConfig + guestConfig(h.front, guestPIN))
	destroy := c.start("destroy")
	h.waitForPolling()
	destroy.interrupt(2*time.Second).requireExitCode(1).requireOutput("interrupted", "may still open lock "+h.front.ID, "Run destroy again: it continues where this one stopped")
	c.requireState(guestAddress)
	h.requireOpens(h.front, "4821")

	c.run("destroy").requireExitCode(0).requireOutput("1 destroyed")
	h.requireRequests("/access_codes/delete", 1)
	if outcome := jsonField(c.read("removals.jsonl"), "outcome"); outcome != "verified" {
		t.Errorf("the receipt says %q", outcome)
	}
	c.requireDestroyed()
}

// Is the removal of a code that went away after Ctrl-C not asked for again?
func TestAccAccessCode_removalCompletedAfterCtrlCIsNotRepeated(t *testing.T) {
	h := newHarness(t)
	h.front.OnDelete(seamtest.DeleteBehavior{Takes: time.Hour / 2})
	c := h.applied(receiptsConfig + guestConfig(h.front, guestPIN))
	destroy := c.start("destroy")
	h.waitForPolling()
	destroy.interrupt(2 * time.Second).requireExitCode(1)
	h.advanceClock(time.Hour)
	c.mustDestroy()
	h.requireRequests("/access_codes/delete", 1)
}

// Is a code kept when Ctrl-C ends the wait for the lock?
func TestAccAccessCode_ctrlCDuringTheWaitKeepsTheCode(t *testing.T) {
	for name, test := range map[string]struct {
		lock      seamtest.CreateBehavior
		arguments string
	}{
		"until it is set":    {seamtest.CreateBehavior{SetAfter: time.Hour / 2}, guestPIN + "\nwait_for_set = true"},
		"until it has a PIN": {seamtest.CreateBehavior{AssignAfter: time.Hour / 2, SetAfter: time.Hour / 2}, `name = "Guest"`},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.front.OnCreate(test.lock)
			c := h.newWorkingDir(guestConfig(h.front, test.arguments))
			apply := c.start("apply")
			eventually(t, "apply waits for the lock", func() bool { return h.seam.Count("/access_codes/get") > 0 })
			apply.interrupt(2 * time.Second).requireOutput("Access code not ready")
			c.requireKept()
			c.run("plan", "-detailed-exitcode").requireExitCode(0)
			h.advanceClock(time.Hour)
			c.run("apply").requireExitCode(0)
			c.run("plan", "-detailed-exitcode").requireExitCode(0)
			h.requireRequests("/access_codes/create", 1)
			if pin := h.seam.AccessCodes()[0].PIN; c.state()[guestAddress].Attributes["code"] != pin {
				t.Errorf("the state does not hold the PIN %s", pin)
			}
			c.mustDestroy()
		})
	}
}

// Is a code kept when Ctrl-C comes while it is created?
func TestAccAccessCode_ctrlCDuringCreateKeepsTheCode(t *testing.T) {
	h := newHarness(t)
	h.seam.InjectFault(seamtest.Fault{Path: "/access_codes/create", Delay: 1500 * time.Millisecond, DelayAfter: true})
	c := h.newWorkingDir(guestConfig(h.front, guestPIN))
	apply := c.start("apply")
	eventually(t, "Seam has the code and has not answered", func() bool { return len(h.seam.AccessCodes()) == 1 })
	apply.interrupt(3 * time.Second)
	c.requireKept()
	c.run("plan", "-detailed-exitcode").requireExitCode(0)
	h.requireRequests("/access_codes/create", 1)
	if pins := h.front.PINs(); len(pins) != 1 {
		t.Errorf("the lock holds %q", pins)
	}
	c.mustDestroy()
}
