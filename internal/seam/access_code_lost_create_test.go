package seam

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// A lost create is found even if the lock has rounded its window.
func TestAccessCode_lostCreateMatchesRoundedWindow(t *testing.T) {
	type testCase struct {
		rounds  time.Duration
		allowed *string
	}
	clienttest.ForEachIn(t, fixtures(0), map[string]testCase{
		"to the hour": {time.Hour, nil},
		"to the day":  {24 * time.Hour, new("1d")},
	}, func(e *fixture, test testCase) {
		e.Locks[0].OnCreate(seamtest.CreateBehavior{RoundWindowTo: test.rounds})
		e.InjectFault(createPath, 1, lostResponses["the connection breaks"])
		in := fullInput(e)
		starts, ends := time.Now().Add(95*time.Minute).Format(time.RFC3339), time.Now().Add(50*time.Hour+10*time.Minute).Format(time.RFC3339)
		in.StartsAt, in.EndsAt, in.MaxTimeRounding = &starts, &ends, test.allowed
		e.createOne(Config{}, in, 1)
	})
}

// Two apartments share a door, and two runs give their guests codes of the same name.
func TestAccessCode_lostCreateIgnoresOtherRunsCode(t *testing.T) {
	clienttest.ForEachIn(t, fixtures(0), lostRequests, func(e *fixture, fault seamtest.Fault) {
		other := e.createCode(e.client(Config{}), fullInput(e))
		e.InjectFault(createPath, 1, fault)
		in := fullInput(e)
		in.Code = nil
		if code, err := e.client(Config{}).CreateAccessCode(e.T.Context(), in); err == nil {
			e.T.Errorf("it took over %s, which is the other run's: %v", code.ID, code.ID == other.ID)
		}
		in.Code = new("8264")
		if code := e.createCode(e.client(Config{}), in); code.ID == other.ID || len(e.Server.AccessCodes()) != 2 {
			e.T.Errorf("it took over %s", code.ID)
		}
	})
}

// If the answer to the create were lost as well, nobody could tell which code is its own.
func TestAccessCode_createNeedsCompleteList(t *testing.T) {
	type testCase struct {
		fault  seamtest.Fault
		advice string
	}
	clienttest.ForEachIn(t, fixtures(0), map[string]testCase{
		"it is denied":           {seamtest.Fault{Status: 403, Type: "forbidden"}, "Use a key that has the permission"},
		"it fails":               {seamtest.Fault{Status: 500}, "Run again later"},
		"it hangs":               {seamtest.Fault{Delay: time.Hour}, "Check the network"},
		"it is a gateway's page": {seamtest.HTML404(""), "any proxy in between"},
	}, func(e *fixture, c testCase) {
		e.InjectFault("/access_codes/list", 0, c.fault)
		ctx, cancel := WithTimeout(e.T.Context(), 5*time.Minute)
		defer cancel()
		_, err := e.client(Config{}).CreateAccessCode(ctx, emptyInput(e))
		e.AssertRequests(createPath, 0)
		clienttest.AssertError(e.T, err, "nothing was created", e.Locks[0].ID)
		clienttest.AssertContains(e.T, Advice(err, ""), c.advice)
	})
}

// A lost create is searched for until its code is listed, and found by the refusal of a second
// create if that takes too long. The search does not depend on how long a response is waited for.
func TestAccessCode_lostCreateIsSearchedUntilListed(t *testing.T) {
	type testCase struct {
		input     inputOf
		invisible time.Duration
		config    Config
		creates   int
	}
	clienttest.ForEachIn(t, fixtures(0), map[string]testCase{
		"with everything":                  {fullInput, 4 * time.Second, Config{}, 1},
		"with nothing":                     {emptyInput, 4 * time.Second, Config{}, 1},
		"with a short request timeout":     {emptyInput, 4 * time.Second, Config{RequestTimeout: time.Second}, 1},
		"refused before Seam finds its id": {fullInput, 12 * time.Second, Config{}, 2},
	}, func(e *fixture, test testCase) {
		e.Locks[0].OnCreate(seamtest.CreateBehavior{InvisibleFor: test.invisible})
		e.InjectFault(createPath, 1, lostResponses["the connection breaks"])
		e.createOne(test.config, test.input(e), test.creates)
	})
}

// One list serves each create, however many codes the lock has.
func TestAccessCode_createRequestCount(t *testing.T) {
	withFixture(t, 1, 50, func(e *fixture) {
		c := e.client(Config{})
		e.createMany(c, e.Locks[0], 5, 50000).Wait()
		if lists, all := e.Server.Count("/access_codes/list"), len(e.Server.Requests()); lists != 5 || all != 11 {
			e.T.Errorf("5 creates took %d lists and %d requests in all, want 5 and 11", lists, all)
		}
	})
}

// A refusal that names our own code leads to it.
func TestAccessCode_duplicateNamingOwnCodeRecovers(t *testing.T) {
	withFixture(t, 1, 0, func(e *fixture) {
		e.InjectFault(createPath, 1, lostResponses["the connection breaks"])
		e.InjectFault("/access_codes/list", 4, seamtest.Fault{Replace: with(emptyList)})
		e.createOne(Config{}, fullInput(e), 2)
	})
}

// A refusal after a lost create may name somebody else's code.
func TestAccessCode_duplicateNamingForeignCodeIsError(t *testing.T) {
	withFixture(t, 1, 0, func(e *fixture) {
		other := e.createCode(e.client(Config{}), fullInput(e))
		<-time.After(time.Minute)
		e.InjectFault(createPath, 1, lostRequests["the connection breaks"])
		in := fullInput(e)
		in.Name = nil
		_, err := e.client(Config{}).CreateAccessCode(e.T.Context(), in)
		clienttest.AssertError(e.T, err, other.ID)
		if code := e.OnlyCode(); code.ID != other.ID {
			e.T.Errorf("%s is on the lock", code.ID)
		}
	})
}
