package seam

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// A lost create is found even if the lock has rounded its window.
func TestAccessCode_lostCreateMatchesRoundedWindow(t *testing.T) {
	day := "1d"
	for name, test := range map[string]struct {
		rounds  time.Duration
		allowed *string
	}{
		"to the hour": {time.Hour, nil},
		"to the day":  {24 * time.Hour, &day},
	} {
		t.Run(name, func(t *testing.T) {
			withFixture(t, 1, 0, func(e *fixture) {
				e.locks[0].OnCreate(seamtest.CreateBehavior{RoundWindowTo: test.rounds})
				e.injectFault(createPath, 1, lostResponses["the connection breaks"])
				in, c := fullInput(e), e.client(Config{})
				starts, ends := time.Now().Add(95*time.Minute).Format(time.RFC3339), time.Now().Add(50*time.Hour+10*time.Minute).Format(time.RFC3339)
				in.StartsAt, in.EndsAt, in.MaxTimeRounding = &starts, &ends, test.allowed
				if code := e.createCode(c, in); code.ID != e.onlyCode().ID || e.server.Count(createPath) != 1 {
					e.t.Errorf("returned %s after %d creates", code.ID, e.server.Count(createPath))
				}
			})
		})
	}
}

// Two apartments share a door, and two runs give their guests codes of the same name.
func TestAccessCode_lostCreateIgnoresOtherRunsCode(t *testing.T) {
	for name, fault := range lostRequests {
		t.Run(name, func(t *testing.T) {
			withFixture(t, 1, 0, func(e *fixture) {
				other := e.createCode(e.client(Config{}), fullInput(e))
				e.injectFault(createPath, 1, fault)
				in, pin := fullInput(e), "8264"
				in.Code = nil
				if code, err := e.client(Config{}).CreateAccessCode(e.t.Context(), in); err == nil {
					e.t.Errorf("it took over %s, which is the other run's: %v", code.ID, code.ID == other.ID)
				}
				in.Code = &pin
				if code := e.createCode(e.client(Config{}), in); code.ID == other.ID || len(e.server.AccessCodes()) != 2 {
					e.t.Errorf("it took over %s", code.ID)
				}
			})
		})
	}
}

// If the answer to the create were lost as well, nobody could tell which code is its own.
func TestAccessCode_createNeedsCompleteList(t *testing.T) {
	for name, fault := range map[string]seamtest.Fault{"it is denied": {Status: 403, Type: "forbidden"}, "it fails": {Status: 500}, "it hangs": {Delay: time.Hour}, "it is a gateway's page": seamtest.HTML404("")} {
		t.Run(name, func(t *testing.T) {
			withFixture(t, 1, 0, func(e *fixture) {
				e.injectFault("/access_codes/list", 0, fault)
				ctx, cancel := WithTimeout(e.t.Context(), 5*time.Minute)
				defer cancel()
				_, err := e.client(Config{}).CreateAccessCode(ctx, emptyInput(e))
				if err == nil || e.server.Count(createPath) != 0 {
					e.t.Fatalf("%d creates: %v", e.server.Count(createPath), err)
				}
				assertContains(e.t, err.Error(), "nothing was created", e.locks[0].ID)
				assertContains(e.t, Advice(err, ""), "Run apply again")
			})
		})
	}
}

// The search does not depend on how long a response is waited for.
func TestAccessCode_lostCreateSearchIgnoresRequestTimeout(t *testing.T) {
	withFixture(t, 1, 0, func(e *fixture) {
		e.locks[0].OnCreate(seamtest.CreateBehavior{InvisibleFor: 4 * time.Second})
		e.injectFault(createPath, 1, lostResponses["the connection breaks"])
		if code := e.createCode(e.client(Config{RequestTimeout: time.Second}), emptyInput(e)); code.ID != e.onlyCode().ID {
			e.t.Errorf("returned %s", code.ID)
		}
	})
}

// One list serves each create, however many codes the lock has.
func TestAccessCode_createRequestCount(t *testing.T) {
	withFixture(t, 1, 50, func(e *fixture) {
		c := e.client(Config{})
		e.createMany(c, e.locks[0], 5, 50000).Wait()
		if lists, all := e.server.Count("/access_codes/list"), len(e.server.Requests()); lists != 5 || all != 11 {
			e.t.Errorf("5 creates took %d lists and %d requests in all, want 5 and 11", lists, all)
		}
	})
}
