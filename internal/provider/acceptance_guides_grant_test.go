package provider_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// What the guide "Stays and staff with access grants" promises of its examples.

// grantPIN is the PIN of a person's grant.
func (h *harness) grantPIN(person string) string {
	h.t.Helper()
	return h.codeNamed(person).PIN
}

// Does a stay that is added, moved or deleted in the table open the right door only?
func TestAccDocs_staysExampleFollowsItsTable(t *testing.T) {
	h := newExampleHarness(t)
	c := h.newWorkingDir("guides/grants-for-stays")
	stays := func(rows ...string) string { return "stay,unit,starts_at,ends_at\n" + strings.Join(rows, "\n") + "\n" }
	times := "," + h.timeFromNow(-time.Hour) + "," + h.timeFromNow(72*time.Hour)
	c.write("stays.csv", stays("1,garden"+times, "2,loft"+times))
	c.run("apply").requireExitCode(0)
	first, second := h.grantPIN("Stay 1"), h.grantPIN("Stay 2")
	h.requireOpens(h.front, first)
	h.requireOpens(h.back, second)
	h.requireClosed(h.front, second)
	if state := c.read("terraform.tfstate"); strings.Contains(state, `"`+first+`"`) || strings.Contains(state, `"`+second+`"`) {
		t.Error("the state has a PIN that Seam chose")
	}

	c.write("stays.csv", stays("1,garden"+times, "2,garden"+times, "3,loft"+times))
	c.run("apply").requireExitCode(0).requireOutput("3 added, 0 changed, 1 destroyed")
	h.requireOpens(h.front, first, h.grantPIN("Stay 2"))
	h.requireClosed(h.back, second)

	c.write("stays.csv", stays("2,garden"+times, "3,loft"+times))
	c.run("apply").requireExitCode(0).requireOutput("0 added, 0 changed, 2 destroyed")
	h.requireClosed(h.front, first)

	h.advanceClock(73 * time.Hour)
	c.run("plan", "-detailed-exitcode").requireExitCode(0)
	c.run("destroy").requireExitCode(0)
	h.removeFound(c)
}

// Does a door that leaves the space close for everybody, and for nobody who has it directly?
func TestAccDocs_staffExampleSharesTheDoorsOfItsSpace(t *testing.T) {
	h := newExampleHarness(t)
	c := h.newWorkingDir("guides/grants-for-staff")
	c.run("apply").requireExitCode(0)
	ana, ben := h.grantPIN("Ana Silva"), h.grantPIN("Ben Okoro")
	h.requireOpens(h.front, ana, ben)
	h.requireOpens(h.back, ana)
	h.requireClosed(h.back, ben)

	example := c.read("main.tf")
	c.configure(strings.Replace(example, "[var.front_door]", "[var.back_door, var.front_door]", 1))
	c.run("apply").requireExitCode(0).requireOutput("0 added, 1 changed, 0 destroyed")
	h.requireOpens(h.back, ana, ben)
	c.configure(example)
	c.run("plan", "-detailed-exitcode").requireExitCode(2).requireOutput("2 access grants use this space")
	c.run("apply").requireExitCode(0).requireOutput("0 added, 1 changed, 0 destroyed", "Access stays in another way")
	h.requireOpens(h.back, ana)
	h.requireClosed(h.back, ben)
	h.requireOpens(h.front, ana, ben)

	c.run("destroy").requireExitCode(0)
	h.removeFound(c)
}

// Can everybody open both doors at every moment of the move from codes to grants?
func TestAccDocs_movingToGrantsLocksNobodyOut(t *testing.T) {
	h := newExampleHarness(t)
	c := h.newWorkingDir("guides/one-pin-on-several-doors")
	shared := h.variables["staff_pin"]
	c.run("apply").requireExitCode(0)
	ana := h.watchDoors("Ana", shared)
	ben := h.watchDoors("Ben", shared)

	c.copyExample("guides/moving-to-access-grants")
	c.run("apply").requireExitCode(0).requireOutput("4 added, 0 changed, 0 destroyed")
	c.run("apply", "-refresh-only").requireExitCode(0)
	c.run("output", "not_on_a_lock_yet").requireExitCode(0).requireOutput("\"ana\" = []", "\"ben\" = []")
	for _, door := range []*seamtest.Lock{h.front, h.back} {
		h.requireOpens(door, shared, h.grantPIN("Ana Silva"), h.grantPIN("Ben Okoro"))
	}
	ana.tell(h.grantPIN("Ana Silva"))
	ben.tell(h.grantPIN("Ben Okoro"))

	if err := os.Remove(filepath.Join(c.dir, "codes.tf")); err != nil {
		t.Fatal(err)
	}
	c.run("apply").requireExitCode(0).requireOutput("0 added, 0 changed, 2 destroyed")
	h.requireClosed(h.front, shared)
	h.requireClosed(h.back, shared)

	if writeOnlyArguments.available() {
		c.givePIN("ana", shared)
	}
	ana.stop()
	ben.stop()
	c.run("destroy").requireExitCode(0)
	h.removeFound(c)
}

// givePIN gives a person the PIN that everybody knew, which is free now.
func (c *workingDir) givePIN(person, pin string) {
	c.t.Helper()
	grants := strings.Replace(c.read("grants.tf"), "  requested_access_methods", "  code_wo         = each.key == \""+person+"\" ? var.staff_pin : null\n  code_wo_version = each.key == \""+person+"\" ? 1 : null\n\n  requested_access_methods", 1)
	c.write("grants.tf", grants)
	c.write("doors.tf", strings.Replace(c.read("doors.tf"), "sensitive   = true", "ephemeral   = true", 1))
	c.run("apply").requireExitCode(0).requireOutput("0 added, 1 changed, 0 destroyed")
	c.requireOpens(c.front, pin)
	c.requireOpens(c.back, pin)
}

// watch checks that a person who knows some PINs can open both doors.
type watch struct {
	mu    sync.Mutex
	pins  []string
	end   context.CancelFunc
	ended sync.WaitGroup
}

// watchDoors looks at both doors until stop, and fails the test when none of the person's PINs opens
// one of them.
func (h *harness) watchDoors(person, pin string) *watch {
	ctx, end := context.WithCancel(h.t.Context())
	w := &watch{pins: []string{pin}, end: end}
	h.t.Cleanup(w.ended.Wait)
	w.ended.Go(func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			for _, door := range []*seamtest.Lock{h.front, h.back} {
				if !w.opens(door) {
					h.t.Errorf("%s is locked out at the %s", person, door.Name)
					return
				}
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		}
	})
	return w
}

func (w *watch) opens(door *seamtest.Lock) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.pins, door.Opens)
}

// tell adds a PIN that the person knows.
func (w *watch) tell(pin string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pins = append(w.pins, pin)
}

func (w *watch) stop() {
	w.end()
	w.ended.Wait()
}
