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
	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
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
	type testCase struct {
		removal seamtest.DeleteBehavior
		after   time.Duration
		unknown bool // a write-only PIN is in no state
	}
	clienttest.ForEachIn(t, fixtures(1, 1), map[string]testCase{
		"at once":                           {seamtest.DeleteBehavior{}, 0, false},
		"of a slow lock":                    {seamtest.DeleteBehavior{Takes: 40 * time.Second}, 0, false},
		"that is removed a little later":    {seamtest.DeleteBehavior{Takes: 10 * time.Second}, 4 * time.Second, false},
		"that the state does not know":      {seamtest.DeleteBehavior{Takes: 10 * time.Second}, 0, true},
		"that is unknown and removed later": {seamtest.DeleteBehavior{}, 4 * time.Second, true},
	}, func(e *fixture, test testCase) {
		e.Locks[0].OnDelete(test.removal)
		c, code, pin := e.client(seam.Config{}), e.codes[0], e.codes[0].PIN
		o := e.options()
		o.Warn = func(summary, detail string) { e.T.Errorf("%s: %s", summary, detail) }
		if test.unknown {
			code.PIN = ""
		}
		var all sync.WaitGroup
		all.Go(func() { e.createCode(c, createInput(e.codes[0])) })
		<-time.After(test.after)
		if err := RemoveAccessCode(e.T.Context(), c, code, o); err != nil {
			e.T.Error(err)
		}
		all.Wait()
		if !e.Locks[0].Opens(pin) || e.OnlyCode().ID == code.ID {
			e.T.Error("the PIN does not open the door")
		}
	})
}

func TestPINRelease_manyRenamedResourcesGetPINs(t *testing.T) {
	withFixture(t, 1, 15, func(e *fixture) {
		e.Server.EnforceLimits(true)
		e.Server.SetDefaultDelete(seamtest.DeleteBehavior{Takes: 8 * time.Second})
		c := e.client(seam.Config{})
		creates := e.Parallel(len(e.codes), func(i int) error {
			ctx, cancel := seam.WithTimeout(e.T.Context(), 5*time.Minute)
			defer cancel()
			return clienttest.ErrorOf(c.CreateAccessCode(ctx, createInput(e.codes[i])))
		})
		e.removeAll(c)
		creates.Wait()
		for _, code := range e.codes {
			if !e.Locks[0].Opens(code.PIN) {
				e.T.Errorf("PIN %s does not open", code.PIN)
			}
		}
	})
}

// If the old code's PIN stays on the lock, the new code's create says so.
func TestPINRelease_failedRemovalFailsCreate(t *testing.T) {
	withFixture(t, 1, 1, func(e *fixture) {
		e.Locks[0].OnDelete(seamtest.DeleteBehavior{Takes: 20 * time.Second, Outcome: seamtest.Fails, ErrorType: "lock_offline"})
		c := e.client(seam.Config{})
		var all sync.WaitGroup
		all.Go(func() {
			_, err := c.CreateAccessCode(e.T.Context(), createInput(e.codes[0]))
			if !seam.IsDuplicate(err) {
				e.T.Fatalf("%v", err)
			}
			clienttest.AssertContains(e.T, err.Error(), e.codes[0].ID)
			clienttest.AssertOmits(e.T, err.Error()+seam.Advice(err, ""), e.codes[0].PIN)
		})
		clienttest.AssertError(e.T, e.remove(e.T.Context(), c, e.codes[0]))
		start := time.Now()
		all.Wait()
		clienttest.AssertTook(e.T, start, 0, releaseStartTimeout+time.Second)
	})
}

func TestPINRelease_waitDoesNotBlockWritesAndIsCancelable(t *testing.T) {
	withFixture(t, 1, 1, func(e *fixture) {
		e.Locks[0].OnDelete(seamtest.DeleteBehavior{Takes: time.Hour})
		c := e.client(seam.Config{})
		ctx, cancel := context.WithCancel(e.T.Context())
		var all sync.WaitGroup
		all.Go(func() {
			if err := e.remove(ctx, c, e.codes[0]); err == nil {
				e.T.Error("removed")
			}
		})
		all.Go(func() {
			_, err := c.CreateAccessCode(ctx, createInput(e.codes[0]))
			if !errors.Is(err, context.Canceled) {
				e.T.Fatalf("%v", err)
			}
			clienttest.AssertContains(e.T, seam.Advice(err, ""), "Run apply again")
		})
		<-time.After(10 * time.Second)
		start := time.Now()
		e.createMany(c, e.Locks[0], 3, 50000).Wait()
		clienttest.AssertTook(e.T, start, 0, 2*time.Second)
		<-time.After(30 * time.Second)
		start = time.Now()
		cancel()
		all.Wait()
		clienttest.AssertTook(e.T, start, 0, time.Second)
	})
}

// rotate gives a code of the fixture another PIN, and fails on a warning.
func (e *fixture) rotate(c *seam.Client, code AccessCode, pin string) error {
	ctx, cancel := seam.WithTimeout(e.T.Context(), 5*time.Minute)
	defer cancel()
	return e.update(ctx, c, code, seam.AccessCodeInput{Code: &pin})
}

func (e *fixture) rotateAll(to func(i int) string) []error {
	c, errs := e.client(seam.Config{}), make([]error, len(e.codes))
	e.Parallel(len(e.codes), func(i int) error {
		errs[i] = e.rotate(c, e.codes[i], to(i))
		return nil
	}).Wait()
	return errs
}

// PINs that move up by one code all arrive.
func TestPINRelease_shiftedPINsAllApply(t *testing.T) {
	withFixture(t, 1, 4, func(e *fixture) {
		next := func(i int) string { return fmt.Sprint(40817263 + i + 1) }
		clienttest.Must(e.T, errors.Join(e.rotateAll(next)...))
		for i := range e.codes {
			if !e.Locks[0].Opens(next(i)) {
				e.T.Errorf("PIN %d does not open", i)
			}
		}
		if e.Locks[0].Opens(e.codes[0].PIN) {
			e.T.Error("the first PIN opens")
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
					clienttest.AssertError(e.T, err, "exchange their PINs")
					clienttest.AssertContains(e.T, seam.Advice(err, ""), "third PIN")
					clienttest.AssertOmits(e.T, err.Error()+seam.Advice(err, ""), e.codes[i].PIN, e.codes[(i+1)%n].PIN)
					if !e.Locks[0].Opens(e.codes[i].PIN) {
						e.T.Error("a guest has lost the PIN")
					}
				}
				clienttest.AssertTook(e.T, start, 0, 2*time.Second)
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
			e.codes = append(e.codes, e.createCode(c, seam.AccessCodeInput{DeviceID: e.Locks[0].ID, Code: &pin, StartsAt: &starts, EndsAt: &ends}))
		}
		clienttest.Must(e.T, errors.Join(e.rotateAll(func(i int) string { return e.codes[1-i].PIN })...))
	})
}

func TestPINRelease_createDoesNotWaitWithoutRelease(t *testing.T) {
	withFixture(t, 1, 2, func(e *fixture) {
		c := e.client(seam.Config{})
		for what, before := range map[string]func(){
			"nothing leaves": func() {},
			"another code got that PIN in this run": func() {
				clienttest.Must(e.T, e.rotate(c, e.codes[0], "735512"))
				e.codes[1].PIN = "735512"
			},
		} {
			before()
			start := time.Now()
			_, err := c.CreateAccessCode(e.T.Context(), createInput(e.codes[1]))
			if took := time.Since(start); !seam.IsDuplicate(err) || took > 3*releaseStartTimeout {
				e.T.Errorf("%s: after %v: %v", what, took, err)
			}
			if err != nil && !strings.Contains(err.Error(), "already has an access code") {
				e.T.Errorf("%s: %v", what, err)
			}
		}
	})
}

var duplicateFault = seamtest.Fault{Status: 409, Type: "duplicate_access_code", Message: "Taken"}

// A PIN that this run took off the lock is tried until Seam takes it.
func TestPINRelease_createIsRetriedUntilPINIsFree(t *testing.T) {
	withFixture(t, 1, 1, func(e *fixture) {
		c := e.client(seam.Config{})
		e.mustRemove(c, e.codes[0])
		e.InjectFault(createPath, 4, duplicateFault)
		code := e.createCode(c, createInput(e.codes[0]))
		if code.ID != e.OnlyCode().ID || e.Server.Count(createPath) != 5 || !e.Locks[0].Opens(e.codes[0].PIN) {
			e.T.Errorf("%d creates, %s", e.Server.Count(createPath), code.ID)
		}
	})
}

func TestPINRelease_waitEndsWithContext(t *testing.T) {
	withFixture(t, 1, 1, func(e *fixture) {
		c := e.client(seam.Config{})
		e.mustRemove(c, e.codes[0])
		e.InjectFault(createPath, 0, duplicateFault)
		ctx, cancel := context.WithTimeout(e.T.Context(), 90*time.Second)
		defer cancel()
		start := time.Now()
		_, err := c.CreateAccessCode(ctx, createInput(e.codes[0]))
		clienttest.AssertTook(e.T, start, 89*time.Second, 91*time.Second)
		if !seam.IsDuplicate(err) && !errors.Is(err, context.DeadlineExceeded) {
			e.T.Errorf("%v", err)
		}
	})
}

// A PIN that was taken off another lock is not free on this one.
func TestPINRelease_isPerLock(t *testing.T) {
	withFixture(t, 2, 1, func(e *fixture) {
		c := e.client(seam.Config{})
		e.mustRemove(c, e.codes[0])
		_, err := c.CreateAccessCode(e.T.Context(), createInput(e.codes[1]))
		if !seam.IsDuplicate(err) || e.Server.Count(createPath) != 1 {
			e.T.Errorf("%d creates: %v", e.Server.Count(createPath), err)
		}
	})
}
