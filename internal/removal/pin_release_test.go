package removal

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// releaseStartTimeout is how long a write waits for a release of its PIN that has not begun.
const releaseStartTimeout = 5 * time.Second

// createInput asks for a new code with the PIN of an old one, as a renamed for_each key does.
func createInput(code AccessCode) seam.AccessCodeInput {
	return seam.AccessCodeInput{DeviceID: code.DeviceID, Code: &code.PIN}
}

// A renamed for_each key is a removal and a create of the same PIN: the create gets it once it is free.
func TestPINRelease_renamedResourceGetsPIN(t *testing.T) {
	for name, test := range map[string]struct {
		removal seamtest.DeleteBehavior
		after   time.Duration
		unknown bool // a write-only PIN is in no state
	}{
		"at once":                           {seamtest.DeleteBehavior{}, 0, false},
		"of a slow lock":                    {seamtest.DeleteBehavior{Takes: 40 * time.Second}, 0, false},
		"that is removed a little later":    {seamtest.DeleteBehavior{Takes: 10 * time.Second}, 4 * time.Second, false},
		"that the state does not know":      {seamtest.DeleteBehavior{Takes: 10 * time.Second}, 0, true},
		"that is unknown and removed later": {seamtest.DeleteBehavior{}, 4 * time.Second, true},
	} {
		t.Run(name, func(t *testing.T) {
			withFixture(t, 1, 1, func(e *fixture) {
				e.locks[0].OnDelete(test.removal)
				c, code, pin := e.client(seam.Config{}), e.codes[0], e.codes[0].PIN
				o := e.options()
				o.Warn = func(summary, detail string) { e.t.Errorf("%s: %s", summary, detail) }
				if test.unknown {
					code.PIN = ""
				}
				var all sync.WaitGroup
				all.Go(func() { e.createCode(c, createInput(e.codes[0])) })
				<-time.After(test.after)
				if err := RemoveAccessCode(e.t.Context(), c, code, o); err != nil {
					e.t.Error(err)
				}
				all.Wait()
				if !e.locks[0].Opens(pin) || e.onlyCode().ID == code.ID {
					e.t.Error("the PIN does not open the door")
				}
			})
		})
	}
}

func TestPINRelease_manyRenamedResourcesGetPINs(t *testing.T) {
	withFixture(t, 1, 15, func(e *fixture) {
		e.server.EnforceLimits(true)
		e.server.SetDefaultDelete(seamtest.DeleteBehavior{Takes: 8 * time.Second})
		c := e.client(seam.Config{})
		var all sync.WaitGroup
		for _, code := range e.codes {
			all.Go(func() {
				if err := e.remove(e.t.Context(), c, code); err != nil {
					e.t.Error(err)
				}
			})
			all.Go(func() {
				ctx, cancel := seam.WithTimeout(e.t.Context(), 5*time.Minute)
				defer cancel()
				if _, err := c.CreateAccessCode(ctx, createInput(code)); err != nil {
					e.t.Error(err)
				}
			})
		}
		all.Wait()
		for _, code := range e.codes {
			if !e.locks[0].Opens(code.PIN) {
				e.t.Errorf("PIN %s does not open", code.PIN)
			}
		}
	})
}

// If the old code's PIN stays on the lock, the new code's create says so.
func TestPINRelease_failedRemovalFailsCreate(t *testing.T) {
	withFixture(t, 1, 1, func(e *fixture) {
		e.locks[0].OnDelete(seamtest.DeleteBehavior{Takes: 20 * time.Second, Outcome: seamtest.Fails, ErrorType: "lock_offline"})
		c := e.client(seam.Config{})
		var all sync.WaitGroup
		all.Go(func() {
			_, err := c.CreateAccessCode(e.t.Context(), createInput(e.codes[0]))
			if !seam.IsDuplicate(err) {
				e.t.Fatalf("%v", err)
			}
			assertContains(e.t, err.Error(), e.codes[0].ID)
			assertNotContains(e.t, err.Error()+seam.Advice(err, ""), e.codes[0].PIN)
		})
		if err := e.remove(e.t.Context(), c, e.codes[0]); err == nil {
			e.t.Error("removed")
		}
		start := time.Now()
		all.Wait()
		if took := time.Since(start); took > releaseStartTimeout+time.Second {
			e.t.Errorf("the create waited for another %v", took)
		}
	})
}

func TestPINRelease_waitDoesNotBlockWritesAndIsCancelable(t *testing.T) {
	withFixture(t, 1, 1, func(e *fixture) {
		e.locks[0].OnDelete(seamtest.DeleteBehavior{Takes: time.Hour})
		c := e.client(seam.Config{})
		ctx, cancel := context.WithCancel(e.t.Context())
		var all sync.WaitGroup
		all.Go(func() {
			if err := e.remove(ctx, c, e.codes[0]); err == nil {
				e.t.Error("removed")
			}
		})
		all.Go(func() {
			_, err := c.CreateAccessCode(ctx, createInput(e.codes[0]))
			if !errors.Is(err, context.Canceled) {
				e.t.Fatalf("%v", err)
			}
			assertContains(e.t, seam.Advice(err, ""), "Run apply again")
		})
		<-time.After(10 * time.Second)
		start := time.Now()
		e.createMany(c, e.locks[0], 3, 50000).Wait()
		if took := time.Since(start); took > 2*time.Second {
			e.t.Errorf("three other guests waited for %v", took)
		}
		<-time.After(30 * time.Second)
		start = time.Now()
		cancel()
		all.Wait()
		if took := time.Since(start); took > time.Second {
			e.t.Errorf("it ended %v after the interrupt", took)
		}
	})
}

// rotate gives a code of the fixture another PIN, and fails on a warning.
func (e *fixture) rotate(c *seam.Client, code AccessCode, pin string) error {
	ctx, cancel := seam.WithTimeout(e.t.Context(), 5*time.Minute)
	defer cancel()
	return e.update(ctx, c, code, seam.AccessCodeInput{Code: &pin})
}

func (e *fixture) rotateAll(to func(i int) string) []error {
	c, errs := e.client(seam.Config{}), make([]error, len(e.codes))
	var all sync.WaitGroup
	for i, code := range e.codes {
		all.Go(func() { errs[i] = e.rotate(c, code, to(i)) })
	}
	all.Wait()
	return errs
}

// PINs that move up by one code all arrive.
func TestPINRelease_shiftedPINsAllApply(t *testing.T) {
	withFixture(t, 1, 4, func(e *fixture) {
		next := func(i int) string { return fmt.Sprint(40817263 + i + 1) }
		if err := errors.Join(e.rotateAll(next)...); err != nil {
			e.t.Fatal(err)
		}
		for i := range e.codes {
			if !e.locks[0].Opens(next(i)) {
				e.t.Errorf("PIN %d does not open", i)
			}
		}
		if e.locks[0].Opens(e.codes[0].PIN) {
			e.t.Error("the first PIN opens")
		}
	})
}

// Codes that exchange PINs wait for each other; the error says how to do it in two steps.
func TestPINRelease_swapIsErrorWithAdvice(t *testing.T) {
	for _, n := range []int{2, 3} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			withFixture(t, 1, n, func(e *fixture) {
				start := time.Now()
				for i, err := range e.rotateAll(func(i int) string { return e.codes[(i+1)%n].PIN }) {
					if err == nil {
						e.t.Fatal("no error")
					}
					assertContains(e.t, err.Error(), "exchange their PINs")
					assertContains(e.t, seam.Advice(err, ""), "third PIN")
					assertNotContains(e.t, err.Error()+seam.Advice(err, ""), e.codes[i].PIN, e.codes[(i+1)%n].PIN)
					if !e.locks[0].Opens(e.codes[i].PIN) {
						e.t.Error("a guest has lost the PIN")
					}
				}
				if took := time.Since(start); took > 2*time.Second {
					e.t.Errorf("it took %v to find out", took)
				}
			})
		})
	}
}

// Codes of different weeks may exchange their PINs: those of this run are not foreign.
func TestPINRelease_swapWithoutOverlapApplies(t *testing.T) {
	withFixture(t, 1, 0, func(e *fixture) {
		c := e.client(seam.Config{})
		for week, pin := range []string{"1111", "2222"} {
			starts, ends := time.Now().AddDate(0, 0, 7*week+1).Format(time.RFC3339), time.Now().AddDate(0, 0, 7*week+6).Format(time.RFC3339)
			e.codes = append(e.codes, e.createCode(c, seam.AccessCodeInput{DeviceID: e.locks[0].ID, Code: &pin, StartsAt: &starts, EndsAt: &ends}))
		}
		if err := errors.Join(e.rotateAll(func(i int) string { return e.codes[1-i].PIN })...); err != nil {
			e.t.Error(err)
		}
	})
}

func TestPINRelease_createDoesNotWaitWithoutRelease(t *testing.T) {
	withFixture(t, 1, 2, func(e *fixture) {
		c := e.client(seam.Config{})
		for what, before := range map[string]func(){
			"nothing leaves": func() {},
			"another code got that PIN in this run": func() {
				if err := e.rotate(c, e.codes[0], "735512"); err != nil {
					e.t.Fatal(err)
				}
				e.codes[1].PIN = "735512"
			},
		} {
			before()
			start := time.Now()
			_, err := c.CreateAccessCode(e.t.Context(), createInput(e.codes[1]))
			if took := time.Since(start); !seam.IsDuplicate(err) || took > 3*releaseStartTimeout {
				e.t.Errorf("%s: after %v: %v", what, took, err)
			}
			if err != nil && !strings.Contains(err.Error(), "already has an access code") {
				e.t.Errorf("%s: %v", what, err)
			}
		}
	})
}

var duplicateFault = seamtest.Fault{Status: 409, Type: "duplicate_access_code", Message: "Taken"}

// A PIN that this run took off the lock is tried until Seam takes it.
func TestPINRelease_createIsRetriedUntilPINIsFree(t *testing.T) {
	withFixture(t, 1, 1, func(e *fixture) {
		c := e.client(seam.Config{})
		if err := e.remove(e.t.Context(), c, e.codes[0]); err != nil {
			e.t.Fatal(err)
		}
		e.injectFault(createPath, 4, duplicateFault)
		code := e.createCode(c, seam.AccessCodeInput{DeviceID: e.locks[0].ID, Code: &e.codes[0].PIN})
		if code.ID != e.onlyCode().ID || e.server.Count(createPath) != 5 || !e.locks[0].Opens(e.codes[0].PIN) {
			e.t.Errorf("%d creates, %s", e.server.Count(createPath), code.ID)
		}
	})
}

func TestPINRelease_waitEndsWithContext(t *testing.T) {
	withFixture(t, 1, 1, func(e *fixture) {
		c := e.client(seam.Config{})
		if err := e.remove(e.t.Context(), c, e.codes[0]); err != nil {
			e.t.Fatal(err)
		}
		e.injectFault(createPath, 0, duplicateFault)
		ctx, cancel := context.WithTimeout(e.t.Context(), 90*time.Second)
		defer cancel()
		start := time.Now()
		_, err := c.CreateAccessCode(ctx, seam.AccessCodeInput{DeviceID: e.locks[0].ID, Code: &e.codes[0].PIN})
		if took := time.Since(start); err == nil || took < 89*time.Second || took > 91*time.Second {
			e.t.Fatalf("after %v: %v", took, err)
		}
		if !seam.IsDuplicate(err) && !errors.Is(err, context.DeadlineExceeded) {
			e.t.Errorf("%v", err)
		}
	})
}

// A PIN that was taken off another lock is not free on this one.
func TestPINRelease_isPerLock(t *testing.T) {
	withFixture(t, 2, 1, func(e *fixture) {
		c := e.client(seam.Config{})
		if err := e.remove(e.t.Context(), c, e.codes[0]); err != nil {
			e.t.Fatal(err)
		}
		_, err := c.CreateAccessCode(e.t.Context(), seam.AccessCodeInput{DeviceID: e.locks[1].ID, Code: &e.codes[1].PIN})
		if !seam.IsDuplicate(err) || e.server.Count(createPath) != 1 {
			e.t.Errorf("%d creates: %v", e.server.Count(createPath), err)
		}
	})
}
