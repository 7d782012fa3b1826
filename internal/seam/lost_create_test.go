package seam

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestALostCreateIsFoundOnALockThatRoundsItsWindow(t *testing.T) {
	day := "1d"
	for name, test := range map[string]struct {
		rounds  time.Duration
		allowed *string
	}{
		"to the hour": {time.Hour, nil},
		"to the day":  {24 * time.Hour, &day},
	} {
		t.Run(name, func(t *testing.T) {
			inEstate(t, 1, 0, func(e *estate) {
				e.locks[0].OnCreate(seamtest.CreateBehavior{RoundWindowTo: test.rounds})
				e.plant(creating, 1, lost["the connection breaks"])
				in, c := whole(e), e.client(Config{})
				starts, ends := time.Now().Add(95*time.Minute).Format(time.RFC3339), time.Now().Add(50*time.Hour+10*time.Minute).Format(time.RFC3339)
				in.StartsAt, in.EndsAt, in.MaxTimeRounding = &starts, &ends, test.allowed
				if code := e.create(c, in); code.ID != e.only().ID || e.seam.Count(creating) != 1 {
					e.t.Errorf("returned %s after %d creates", code.ID, e.seam.Count(creating))
				}
			})
		})
	}
}

// Two apartments share a door, and two runs give their guests codes of the same name.
func TestALostCreateLeavesTheOtherRunsGuestAlone(t *testing.T) {
	for name, fault := range neverArrived {
		t.Run(name, func(t *testing.T) {
			inEstate(t, 1, 0, func(e *estate) {
				other := e.create(e.client(Config{}), whole(e))
				e.plant(creating, 1, fault)
				in, pin := whole(e), "8264"
				in.Code = nil
				if code, err := e.client(Config{}).CreateAccessCode(e.t.Context(), in); err == nil {
					e.t.Errorf("it took over %s, which is the other run's: %v", code.ID, code.ID == other.ID)
				}
				in.Code = &pin
				if code := e.create(e.client(Config{}), in); code.ID == other.ID || len(e.seam.AccessCodes()) != 2 {
					e.t.Errorf("it took over %s", code.ID)
				}
			})
		})
	}
}

// If the answer to the create were lost as well, nobody could tell which code is its own.
func TestNothingIsCreatedOnALockThatCannotBeListed(t *testing.T) {
	for name, fault := range map[string]seamtest.Fault{"it is denied": {Status: 403, Type: "forbidden"}, "it fails": {Status: 500}, "it hangs": {Delay: time.Hour}, "it is a gateway's page": seamtest.HTML404("")} {
		t.Run(name, func(t *testing.T) {
			inEstate(t, 1, 0, func(e *estate) {
				e.plant("/access_codes/list", 0, fault)
				ctx, cancel := Within(e.t.Context(), 5*time.Minute)
				defer cancel()
				_, err := e.client(Config{}).CreateAccessCode(ctx, open(e))
				if err == nil || e.seam.Count(creating) != 0 {
					e.t.Fatalf("%d creates: %v", e.seam.Count(creating), err)
				}
				has(e.t, err.Error(), "nothing was created", e.locks[0].ID)
				has(e.t, Advice(err, ""), "Run apply again")
			})
		})
	}
}

func TestALostCreateIsLookedForHoweverShortlyAnAnswerIsWaitedFor(t *testing.T) {
	inEstate(t, 1, 0, func(e *estate) {
		e.locks[0].OnCreate(seamtest.CreateBehavior{InvisibleFor: 4 * time.Second})
		e.plant(creating, 1, lost["the connection breaks"])
		if code := e.create(e.client(Config{RequestTimeout: time.Second}), open(e)); code.ID != e.only().ID {
			e.t.Errorf("returned %s", code.ID)
		}
	})
}

// One list serves each create, however many codes the lock has.
func TestWhatACreateCosts(t *testing.T) {
	inEstate(t, 1, 50, func(e *estate) {
		c := e.client(Config{})
		e.createMany(c, e.locks[0], 5, 50000).Wait()
		if lists, all := e.seam.Count("/access_codes/list"), len(e.seam.Requests()); lists != 5 || all != 11 {
			e.t.Errorf("5 creates took %d lists and %d requests in all, want 5 and 11", lists, all)
		}
	})
}
