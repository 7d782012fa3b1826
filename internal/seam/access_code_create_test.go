package seam

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

const createPath = "/access_codes/create"

// lostResponses are the ways in which the answer to a create that was carried out is lost.
var lostResponses = map[string]seamtest.Fault{
	"the connection breaks":        {Drop: seamtest.DropAfter},
	"a gateway answers 502":        {Status: 502, Processed: true},
	"Seam answers 500":             {Status: 500, Type: "internal", Processed: true},
	"the response is too late":     {Delay: time.Minute, DelayAfter: true},
	"it breaks off":                {Truncate: true},
	"it is not JSON":               {Replace: with("<html>")},
	"it names no code":             {Replace: with(`{"ok":true}`)},
	"it is a page of a web portal": {Status: 200, ContentType: "text/html", Body: "<html>", Processed: true},
}

// with replaces a response with another one.
func with(body string) func(int, []byte) (int, []byte) {
	return func(int, []byte) (int, []byte) { return http.StatusOK, []byte(body) }
}

// lostRequests are the ways in which a create request is lost.
var lostRequests = map[string]seamtest.Fault{
	"the connection breaks": {Drop: seamtest.DropBefore},
	"a gateway answers 502": {Status: 502},
	"it is held up":         {Delay: time.Minute},
}

// inputOf is the input of a create on the lock of a fixture.
type inputOf = func(*fixture) AccessCodeInput

// fullInput sets everything, and emptyInput nothing but the lock.
func fullInput(e *fixture) AccessCodeInput {
	starts, ends := time.Now().Add(time.Hour).Format(time.RFC3339), time.Now().Add(48*time.Hour).Format(time.RFC3339)
	return AccessCodeInput{DeviceID: e.Locks[0].ID, Code: new("7391"), Name: new("Guest"), StartsAt: &starts, EndsAt: &ends}
}

func emptyInput(e *fixture) AccessCodeInput { return AccessCodeInput{DeviceID: e.Locks[0].ID} }

var createInputs = map[string]inputOf{"with everything": fullInput, "with nothing": emptyInput}

// createOne creates a code, and fails the test unless it is the only one, after this many creates.
func (e *fixture) createOne(config Config, in AccessCodeInput, creates int) {
	e.T.Helper()
	code := e.createCode(e.client(config), in)
	if have := e.OnlyCode(); code.ID != have.ID || code.WorkspaceID != e.Server.Workspace().ID {
		e.T.Errorf("returned %s in %s, but %s is on the lock", code.ID, code.WorkspaceID, have.ID)
	}
	e.AssertRequests(createPath, creates)
}

// A create that never arrived is sent once more if its PIN is known: a duplicate would be refused.
func TestAccessCode_lostRequestIsResentOnceWithKnownPIN(t *testing.T) {
	clienttest.ForEachIn(t, fixtures(0), lostRequests, func(e *fixture, fault seamtest.Fault) {
		e.InjectFault(createPath, 1, fault)
		e.createOne(Config{}, fullInput(e), 2)
	})
}

// assertOutcomeUnknown fails the test unless the error of a create says how to find out what became
// of it.
func assertOutcomeUnknown(t *testing.T, err error, says ...string) {
	t.Helper()
	clienttest.AssertError(t, err, append(says, "not known")...)
	clienttest.AssertContains(t, Advice(err, ""), "Seam console", "import")
}

// If Seam was to choose the PIN, a second create could make a second code.
func TestAccessCode_lostRequestIsNotResentWithoutPIN(t *testing.T) {
	clienttest.ForEachIn(t, fixtures(0), lostRequests, func(e *fixture, fault seamtest.Fault) {
		e.InjectFault(createPath, 1, fault)
		_, err := e.client(Config{}).CreateAccessCode(e.T.Context(), emptyInput(e))
		assertOutcomeUnknown(e.T, err, e.Locks[0].ID)
		e.AssertRequests(createPath, 1)
		if n := len(e.Server.AccessCodes()); n != 0 {
			e.T.Errorf("%d codes", n)
		}
	})
}

// A create that is lost twice is still accounted for.
func TestAccessCode_createLostTwiceIsRecovered(t *testing.T) {
	clienttest.ForEachIn(t, fixtures(0), lostResponses, func(e *fixture, fault seamtest.Fault) {
		e.InjectFault(createPath, 1, seamtest.Fault{Drop: seamtest.DropBefore})
		e.InjectFault(createPath, 1, fault)
		code, err := e.client(Config{RequestTimeout: 30 * time.Second}).CreateAccessCode(e.T.Context(), fullInput(e))
		switch have := e.OnlyCode(); {
		case err == nil && code.ID != have.ID:
			e.T.Errorf("returned %s, but %s is on the lock", code.ID, have.ID)
		case err != nil:
			assertOutcomeUnknown(e.T, err)
		}
		e.AssertRequests(createPath, 2)
	})
}

// Which codes must a lost create not return?
func TestAccessCode_lostCreateAdoptsOnlyItsOwn(t *testing.T) {
	type testCase struct {
		other func(*fixture, *Client) // leaves another code on the lock
		input inputOf
	}
	ofOtherRun := func(input inputOf) func(*fixture, *Client) {
		return func(e *fixture, _ *Client) { e.createCode(e.client(Config{}), input(e)) }
	}
	clienttest.ForEachIn(t, fixtures(0), map[string]testCase{
		"an older code": {func(e *fixture, c *Client) {
			ofOtherRun(emptyInput)(e, c)
			<-time.After(time.Minute)
		}, emptyInput},
		"one that another run has just made": {ofOtherRun(emptyInput), emptyInput},
		"one of this run":                    {func(e *fixture, c *Client) { e.createCode(c, emptyInput(e)) }, emptyInput},
		"one with another name": {ofOtherRun(emptyInput), func(e *fixture) AccessCodeInput {
			return AccessCodeInput{DeviceID: e.Locks[0].ID, Name: new("Guest")}
		}},
		"one that ends, for one that does not": {ofOtherRun(fullInput), emptyInput},
		"one that does not end, for one that does": {ofOtherRun(emptyInput), func(e *fixture) AccessCodeInput {
			in := fullInput(e)
			in.Code, in.Name = nil, nil
			return in
		}},
		"one on another lock": {ofOtherRun(func(e *fixture) AccessCodeInput {
			return AccessCodeInput{DeviceID: e.Server.AddLock("Other").ID}
		}), emptyInput},
	}, func(e *fixture, test testCase) {
		c := e.client(Config{})
		test.other(e, c)
		other := e.OnlyCode()
		e.InjectFault(createPath, 1, lostRequests["the connection breaks"])
		if code, err := c.CreateAccessCode(e.T.Context(), test.input(e)); err == nil {
			e.T.Errorf("returned %s; the other code is %s", code.ID, other.ID)
		}
	})
}

// A new code is tracked before the next create on the lock may search for its code.
func TestAccessCode_createIsTrackedBeforeNextCreate(t *testing.T) {
	withFixture(t, 1, 0, func(e *fixture) {
		c := e.client(Config{})
		code, err := c.createOnce(e.T.Context(), emptyInput(e))
		if _, tracked := c.trackedIDs.Load(code.ID); err != nil || !tracked {
			e.T.Errorf("held %v, %v", tracked, err)
		}
	})
}

// A lost create is found by the server's clock, even if the local clock is wrong.
func TestAccessCode_lostCreateIgnoresLocalClock(t *testing.T) {
	clocks := map[string]time.Duration{"ours is behind": 20 * time.Minute, "ours is ahead": -20 * time.Minute}
	clienttest.ForEachIn(t, synctest.Test, clocks, func(t *testing.T, ahead time.Duration) {
		server := seamtest.New(seamtest.WithClock(func() time.Time { return time.Now().Add(ahead) }))
		e := &fixture{&clienttest.Fixture{T: t, Server: server, Locks: []*seamtest.Lock{server.AddLock("Skewed")}}}
		c := e.client(Config{})
		old := e.createCode(e.client(Config{}), emptyInput(e))
		<-time.After(time.Minute)
		e.InjectFault(createPath, 1, lostResponses["the connection breaks"])
		if code := e.createCode(c, emptyInput(e)); code.ID == old.ID {
			e.T.Error("it returned an old code")
		}
	})
}

func TestAccessCode_lostCreateFailsWhenListFails(t *testing.T) {
	clienttest.ForEachPairIn(t, fixtures(0), map[string]seamtest.Fault{
		"the list fails":     {Status: 500},
		"the list is HTML":   seamtest.HTML404(""),
		"the list hangs":     {Delay: time.Hour},
		"the list is denied": {Status: 403, Type: "forbidden"},
	}, createInputs, func(e *fixture, fault seamtest.Fault, input inputOf) {
		e.InjectFault(createPath, 1, lostResponses["the connection breaks"])
		fault.Path, fault.Skip = "/access_codes/list", 1 // the one before the create
		e.Server.InjectFault(fault)
		start := time.Now()
		_, err := e.client(Config{}).CreateAccessCode(e.T.Context(), input(e))
		clienttest.AssertTook(e.T, start, 0, recoveryTimeout+time.Second)
		e.AssertRequests(createPath, 1)
		e.OnlyCode()
		assertOutcomeUnknown(e.T, err)
	})
}

// A canceled run still learns what it created.
func TestAccessCode_canceledCreateIsRecovered(t *testing.T) {
	clienttest.ForEachPairIn(t, fixtures(0), map[string]seamtest.Fault{
		"the response is slow":                     {Delay: 20 * time.Second},
		"the response is slow and then it is lost": {Delay: 20 * time.Second, Drop: seamtest.DropAfter},
	}, createInputs, func(e *fixture, fault seamtest.Fault, input inputOf) {
		e.InjectFault(createPath, 1, fault)
		ctx, cancel := context.WithCancel(e.T.Context())
		time.AfterFunc(5*time.Second, cancel)
		start := time.Now()
		code, err := e.client(Config{}).CreateAccessCode(ctx, input(e))
		if have := e.OnlyCode(); err != nil || code.ID != have.ID {
			e.T.Errorf("returned %q, but %s is on the lock: %v", code.ID, have.ID, err)
		}
		clienttest.AssertTook(e.T, start, 0, DefaultRequestTimeout)
	})
}

// A canceled run creates nothing more.
func TestAccessCode_canceledCreateIsNotResent(t *testing.T) {
	withFixture(t, 1, 0, func(e *fixture) {
		c := e.client(Config{})
		clienttest.Must(e.T, clienttest.ErrorOf(c.Workspace(e.T.Context())))
		ctx, cancel := context.WithCancel(e.T.Context())
		cancel()
		for range 200 {
			clienttest.AssertError(e.T, clienttest.ErrorOf(c.CreateAccessCode(ctx, emptyInput(e))))
		}
		e.AssertRequests(createPath, 0)
	})
}

func TestAccessCode_newCodeNeverFoundIsError(t *testing.T) {
	withFixture(t, 1, 0, func(e *fixture) {
		c := e.client(Config{})
		e.Locks[0].OnCreate(seamtest.CreateBehavior{InvisibleFor: time.Hour})
		code := e.createCode(c, emptyInput(e))
		start := time.Now()
		kept, err := c.ReadBackAccessCode(e.T.Context(), code)
		clienttest.AssertTook(e.T, start, 28*time.Second, visibilityTimeout+maxPollInterval)
		clienttest.AssertError(e.T, err, code.ID)
		if kept.ID != code.ID {
			e.T.Errorf("kept %q", kept.ID)
		}
		clienttest.AssertContains(e.T, Advice(err, ""), "destroy")
	})
}
