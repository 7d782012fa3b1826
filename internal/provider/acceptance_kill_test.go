//go:build linux

package provider_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// kill is kill -9, of the CLI, of the provider, or of both at once.
func (r *runningCommand) kill(whom string) {
	r.t.Helper()
	group := r.cmd.Process.Pid
	r.t.Cleanup(func() { _ = syscall.Kill(-group, syscall.SIGKILL) }) // a provider outlives its CLI
	switch whom {
	case "the CLI":
		_ = syscall.Kill(group, syscall.SIGKILL) // it may have ended already
	case "the provider":
		for _, pid := range childProcesses(group) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	default:
		_ = syscall.Kill(-group, syscall.SIGKILL)
	}
	select {
	case <-r.done:
	case <-time.After(30 * time.Second):
		r.t.Fatal("the run outlives kill -9")
	}
}

// childProcesses are the processes of a group but its leader: the providers.
func childProcesses(group int) (pids []int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		_, after, _ := strings.Cut(string(text), ") ") // the name before may hold anything
		fields := strings.Fields(after)
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if err == nil && pid != group && len(fields) > 2 && fields[2] == strconv.Itoa(group) {
			pids = append(pids, pid)
		}
	}
	return pids
}

var (
	victims   = []string{"the CLI", "the provider", "both"}
	importing = regexp.MustCompile("`terraform import 'ADDRESS' ([0-9a-f-]+)`")
)

// Does an apply after kill -9 find what the first one made?
// A killed apply may lose the id of what it made. Then the next one says so, with the
// import that mends it; never is there a second PIN.
func TestAccAccessCode_applyAfterKillFindsTheFirstCode(t *testing.T) {
	for _, whom := range victims {
		for try := range 3 {
			t.Run(fmt.Sprint(whom, " ", try), func(t *testing.T) {
				h := newHarness(t)
				h.seam.InjectFault(seamtest.Fault{Path: "/access_codes/create", Delay: 200 * time.Millisecond, DelayAfter: true})
				c := h.newWorkingDir(guestConfig(h.front, guestPIN))
				apply := c.start("apply")
				eventually(t, "apply has begun", func() bool { return len(h.seam.Requests()) > 0 })
				<-time.After(rand.N(500 * time.Millisecond))
				apply.kill(whom)

				again := c.run("apply")
				if lost := importing.FindStringSubmatch(again.flatOutput()); again.code != 0 && lost != nil {
					t.Log("the id was lost, and is told")
					again.requireOutput("already has an access code with this PIN", "import")
					c.run("import", guestAddress, lost[1]).requireExitCode(0)
					again = c.run("apply")
				}
				again.requireExitCode(0)
				if pins := h.front.PINs(); len(pins) != 1 || len(h.seam.AccessCodes()) != 1 {
					t.Errorf("the lock holds %q, Seam has %d codes", pins, len(h.seam.AccessCodes()))
				}
				c.requireState(guestAddress)
				c.mustDestroy()
			})
		}
	}
}

// Does a destroy after kill -9 complete?
// A killed destroy loses what it noted of the removal. The next one recognises that it
// is under way.
func TestAccAccessCode_destroyAfterKillCompletes(t *testing.T) {
	for _, whom := range victims {
		for try := range 3 {
			t.Run(fmt.Sprint(whom, " ", try), func(t *testing.T) {
				h := newHarness(t)
				h.front.OnDelete(seamtest.DeleteBehavior{Takes: time.Second})
				c := h.applied(guestConfig(h.front, guestPIN))
				h.seam.ResetRequests()
				destroy := c.start("destroy")
				eventually(t, "destroy has begun", func() bool { return len(h.seam.Requests()) > 0 })
				<-time.After(rand.N(1500 * time.Millisecond))
				destroy.kill(whom)

				c.mustDestroy()
				t.Logf("%d delete calls", h.seam.Count("/access_codes/delete"))
			})
		}
	}
}
