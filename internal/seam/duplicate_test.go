package seam

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

var duplicateRefusal = seamtest.Fault{Status: 409, Type: "duplicate_access_code", Message: "Taken"}

func TestARefusalThatNamesOurOwnCodeLeadsToIt(t *testing.T) {
	inEstate(t, 1, 0, func(e *estate) {
		e.plant(creating, 1, lost["the connection breaks"])
		e.plant("/access_codes/list", 4, seamtest.Fault{Replace: func(int, []byte) (int, []byte) {
			return 200, []byte(`{"access_codes":[],"pagination":{"has_next_page":false,"next_page_cursor":null},"ok":true}`)
		}})
		code := e.create(e.client(Config{}), whole(e))
		if have := e.only(); code.ID != have.ID || e.seam.Count(creating) != 2 {
			e.t.Errorf("returned %s after %d creates, but %s is on the lock", code.ID, e.seam.Count(creating), have.ID)
		}
	})
}

func TestARefusalThatNamesOurOwnCodeBeforeSeamFindsIt(t *testing.T) {
	inEstate(t, 1, 0, func(e *estate) {
		e.locks[0].OnCreate(seamtest.CreateBehavior{InvisibleFor: 12 * time.Second})
		e.plant(creating, 1, lost["the connection breaks"])
		if code := e.create(e.client(Config{}), whole(e)); code.ID != e.only().ID {
			e.t.Errorf("returned %s", code.ID)
		}
	})
}

func TestARefusalAfterALostCreateThatNamesSomebodyElsesCode(t *testing.T) {
	inEstate(t, 1, 0, func(e *estate) {
		other := e.create(e.client(Config{}), whole(e))
		<-time.After(time.Minute)
		e.plant(creating, 1, neverArrived["the connection breaks"])
		in := whole(e)
		in.Name = nil
		_, err := e.client(Config{}).CreateAccessCode(e.t.Context(), in)
		if err == nil || e.only().ID != other.ID {
			e.t.Fatalf("%v", err)
		}
		has(e.t, err.Error(), other.ID)
	})
}

func TestAPINThatIsTakenIsToldSoonAndWithoutThePIN(t *testing.T) {
	pin := "7391"
	for name, test := range map[string]struct {
		taken  func(*estate) (id string)
		advice []string
	}{
		"by a managed code": {func(e *estate) string {
			return e.create(e.client(Config{}), AccessCodeInput{DeviceID: e.locks[0].ID, Code: &pin}).ID
		}, []string{"terraform import", "create_before_destroy"}},
		"by an unmanaged code": {func(e *estate) string {
			return e.locks[0].AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: pin})
		}, []string{"adopt_access_code_id", "unmanaged"}},
	} {
		t.Run(name, func(t *testing.T) {
			inEstate(t, 1, 0, func(e *estate) {
				id := test.taken(e)
				e.seam.EchoSecrets(true)
				e.seam.ResetRequests()
				start := time.Now()
				_, err := e.client(Config{}).CreateAccessCode(e.t.Context(), AccessCodeInput{DeviceID: e.locks[0].ID, Code: &pin})
				if err == nil || e.seam.Count(creating) != 1 || time.Since(start) > departsWithin+time.Second {
					e.t.Fatalf("%d creates after %v: %v", e.seam.Count(creating), time.Since(start), err)
				}
				has(e.t, err.Error(), id)
				has(e.t, Advice(err, ""), test.advice...)
				hasNot(e.t, err.Error()+Advice(err, ""), pin, e.seam.Workspace().APIKey)
			})
		})
	}
}

func TestAPINThatThisRunTookOffTheLockIsTriedUntilItIsFree(t *testing.T) {
	inEstate(t, 1, 1, func(e *estate) {
		c := e.client(Config{})
		if err := c.RemoveAccessCode(e.t.Context(), e.silent(e.tasks[0])); err != nil {
			e.t.Fatal(err)
		}
		e.plant(creating, 4, duplicateRefusal)
		code := e.create(c, AccessCodeInput{DeviceID: e.locks[0].ID, Code: &e.tasks[0].PIN})
		if code.ID != e.only().ID || e.seam.Count(creating) != 5 || !e.locks[0].Opens(e.tasks[0].PIN) {
			e.t.Errorf("%d creates, %s", e.seam.Count(creating), code.ID)
		}
	})
}

func TestAPINThatThisRunTookOffEndsWithItsContext(t *testing.T) {
	inEstate(t, 1, 1, func(e *estate) {
		c := e.client(Config{})
		if err := c.RemoveAccessCode(e.t.Context(), e.silent(e.tasks[0])); err != nil {
			e.t.Fatal(err)
		}
		e.plant(creating, 0, duplicateRefusal)
		ctx, cancel := context.WithTimeout(e.t.Context(), 90*time.Second)
		defer cancel()
		start := time.Now()
		_, err := c.CreateAccessCode(ctx, AccessCodeInput{DeviceID: e.locks[0].ID, Code: &e.tasks[0].PIN})
		if took := time.Since(start); err == nil || took < 89*time.Second || took > 91*time.Second {
			e.t.Fatalf("after %v: %v", took, err)
		}
		if !isDuplicate(err) && !errors.Is(err, context.DeadlineExceeded) {
			e.t.Errorf("%v", err)
		}
	})
}

func TestAPINThatWasTakenOffAnotherLockIsNotFreeHere(t *testing.T) {
	inEstate(t, 2, 1, func(e *estate) {
		c := e.client(Config{})
		if err := c.RemoveAccessCode(e.t.Context(), e.silent(e.tasks[0])); err != nil {
			e.t.Fatal(err)
		}
		_, err := c.CreateAccessCode(e.t.Context(), AccessCodeInput{DeviceID: e.locks[1].ID, Code: &e.tasks[1].PIN})
		if !isDuplicate(err) || e.seam.Count(creating) != 1 {
			e.t.Errorf("%d creates: %v", e.seam.Count(creating), err)
		}
	})
}
