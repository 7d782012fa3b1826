package seam

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

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
	"it is not JSON":               {Replace: func(int, []byte) (int, []byte) { return 200, []byte("<html>") }},
	"it names no code":             {Replace: func(int, []byte) (int, []byte) { return 200, []byte(`{"ok":true}`) }},
	"it is a page of a web portal": {Status: 200, ContentType: "text/html", Body: "<html>", Processed: true},
}

// lostRequests are the ways in which a create request is lost.
var lostRequests = map[string]seamtest.Fault{
	"the connection breaks": {Drop: seamtest.DropBefore},
	"a gateway answers 502": {Status: 502},
	"it is held up":         {Delay: time.Minute},
}

// fullInput sets everything, and emptyInput nothing but the lock.
func fullInput(e *fixture) AccessCodeInput {
	pin, name := "7391", "Guest"
	starts, ends := time.Now().Add(time.Hour).Format(time.RFC3339), time.Now().Add(48*time.Hour).Format(time.RFC3339)
	return AccessCodeInput{DeviceID: e.locks[0].ID, Code: &pin, Name: &name, StartsAt: &starts, EndsAt: &ends}
}

func emptyInput(e *fixture) AccessCodeInput { return AccessCodeInput{DeviceID: e.locks[0].ID} }

var createInputs = map[string]func(*fixture) AccessCodeInput{"with everything": fullInput, "with nothing": emptyInput}

func (e *fixture) injectFault(path string, times int, fault seamtest.Fault) {
	fault.Path, fault.Times = path, times
	e.server.InjectFault(fault)
}

// onlyCode is the one code that there is.
func (e *fixture) onlyCode() seamtest.AccessCode {
	e.t.Helper()
	codes := e.server.AccessCodes()
	if len(codes) != 1 {
		e.t.Fatalf("%d codes on the lock, want exactly one", len(codes))
	}
	return codes[0]
}

// A create whose response is lost makes one code, and returns it.
func TestAccessCode_lostCreateMakesOneCodeAndReturnsIt(t *testing.T) {
	for name, fault := range lostResponses {
		for kind, input := range createInputs {
			t.Run(name+", "+kind, func(t *testing.T) {
				withFixture(t, 1, 0, func(e *fixture) {
					e.injectFault(createPath, 1, fault)
					code, err := e.client(Config{}).CreateAccessCode(e.t.Context(), input(e))
					if err != nil {
						e.t.Fatal(err)
					}
					if have := e.onlyCode(); code.ID != have.ID || code.WorkspaceID != e.server.Workspace().ID {
						e.t.Errorf("returned %s in %s, but %s is on the lock", code.ID, code.WorkspaceID, have.ID)
					}
					if n := e.server.Count(createPath); n != 1 {
						e.t.Errorf("%d creates, want 1", n)
					}
				})
			})
		}
	}
}

func TestAccessCode_lostCreateIsSearchedUntilListed(t *testing.T) {
	for kind, input := range createInputs {
		t.Run(kind, func(t *testing.T) {
			withFixture(t, 1, 0, func(e *fixture) {
				e.locks[0].OnCreate(seamtest.CreateBehavior{InvisibleFor: 4 * time.Second})
				e.injectFault(createPath, 1, lostResponses["the connection breaks"])
				code, err := e.client(Config{}).CreateAccessCode(e.t.Context(), input(e))
				if have := e.onlyCode(); err != nil || code.ID != have.ID || e.server.Count(createPath) != 1 {
					e.t.Errorf("returned %q after %d creates, but %s is on the lock: %v", code.ID, e.server.Count(createPath), have.ID, err)
				}
			})
		})
	}
}

// A create that never arrived is sent once more if its PIN is known: a duplicate would be refused.
func TestAccessCode_lostRequestIsResentOnceWithKnownPIN(t *testing.T) {
	for name, fault := range lostRequests {
		t.Run(name, func(t *testing.T) {
			withFixture(t, 1, 0, func(e *fixture) {
				e.injectFault(createPath, 1, fault)
				code, err := e.client(Config{}).CreateAccessCode(e.t.Context(), fullInput(e))
				if err != nil {
					e.t.Fatal(err)
				}
				if have := e.onlyCode(); code.ID != have.ID || e.server.Count(createPath) != 2 {
					e.t.Errorf("returned %s after %d creates, but %s is on the lock", code.ID, e.server.Count(createPath), have.ID)
				}
			})
		})
	}
}

// If Seam was to choose the PIN, a second create could make a second code.
func TestAccessCode_lostRequestIsNotResentWithoutPIN(t *testing.T) {
	for name, fault := range lostRequests {
		t.Run(name, func(t *testing.T) {
			withFixture(t, 1, 0, func(e *fixture) {
				e.injectFault(createPath, 1, fault)
				_, err := e.client(Config{}).CreateAccessCode(e.t.Context(), emptyInput(e))
				if err == nil || len(e.server.AccessCodes()) != 0 || e.server.Count(createPath) != 1 {
					e.t.Fatalf("%d codes, %d creates: %v", len(e.server.AccessCodes()), e.server.Count(createPath), err)
				}
				assertContains(e.t, err.Error(), "not known", e.locks[0].ID)
				assertContains(e.t, Advice(err, ""), "Seam console", "import")
			})
		})
	}
}

// A create that is lost twice is still accounted for.
func TestAccessCode_createLostTwiceIsRecovered(t *testing.T) {
	for name, fault := range lostResponses {
		t.Run("request lost, then "+name, func(t *testing.T) {
			withFixture(t, 1, 0, func(e *fixture) {
				e.injectFault(createPath, 1, seamtest.Fault{Drop: seamtest.DropBefore})
				e.injectFault(createPath, 1, fault)
				code, err := e.client(Config{RequestTimeout: 30 * time.Second}).CreateAccessCode(e.t.Context(), fullInput(e))
				switch have := e.onlyCode(); {
				case err == nil && code.ID != have.ID:
					e.t.Errorf("returned %s, but %s is on the lock", code.ID, have.ID)
				case err != nil:
					assertContains(e.t, err.Error(), "not known")
					assertContains(e.t, Advice(err, ""), "Seam console", "import")
				}
				if n := e.server.Count(createPath); n != 2 {
					e.t.Errorf("%d creates, want 2", n)
				}
			})
		})
	}
}

// If several codes could be the one that was created, the error names them.
func TestAccessCode_lostCreateNamesAllCandidates(t *testing.T) {
	withFixture(t, 1, 0, func(e *fixture) {
		e.injectFault(createPath, 1, seamtest.Fault{Delay: 5 * time.Second, Drop: seamtest.DropAfter})
		other := make(chan string)
		time.AfterFunc(2*time.Second, func() { other <- e.createCode(e.client(Config{}), emptyInput(e)).ID })
		lost := make(chan error)
		go func() {
			_, err := e.client(Config{}).CreateAccessCode(e.t.Context(), emptyInput(e))
			lost <- err
		}()
		id, err := <-other, <-lost
		codes := e.server.AccessCodes()
		if err == nil || len(codes) != 2 {
			e.t.Fatalf("%d codes: %v", len(codes), err)
		}
		assertContains(e.t, err.Error(), id, codes[0].ID, codes[1].ID)
		assertContains(e.t, Advice(err, ""), "import")
	})
}

// Which codes must a lost create not return?
func TestAccessCode_lostCreateAdoptsOnlyItsOwn(t *testing.T) {
	name := "Guest"
	for what, test := range map[string]struct {
		other func(*fixture, *Client) // leaves another code on the lock
		input func(*fixture) AccessCodeInput
	}{
		"an older code": {func(e *fixture, c *Client) {
			e.createCode(e.client(Config{}), emptyInput(e))
			<-time.After(time.Minute)
		}, emptyInput},
		"one that another run has just made": {func(e *fixture, _ *Client) { e.createCode(e.client(Config{}), emptyInput(e)) }, emptyInput},
		"one of this run":                    {func(e *fixture, c *Client) { e.createCode(c, emptyInput(e)) }, emptyInput},
		"one with another name": {func(e *fixture, _ *Client) { e.createCode(e.client(Config{}), emptyInput(e)) }, func(e *fixture) AccessCodeInput {
			return AccessCodeInput{DeviceID: e.locks[0].ID, Name: &name}
		}},
		"one that ends, for one that does not": {func(e *fixture, _ *Client) { e.createCode(e.client(Config{}), fullInput(e)) }, emptyInput},
		"one that does not end, for one that does": {func(e *fixture, _ *Client) { e.createCode(e.client(Config{}), emptyInput(e)) }, func(e *fixture) AccessCodeInput {
			in := fullInput(e)
			in.Code, in.Name = nil, nil
			return in
		}},
		"one on another lock": {func(e *fixture, _ *Client) {
			e.createCode(e.client(Config{}), AccessCodeInput{DeviceID: e.server.AddLock("Other").ID})
		}, emptyInput},
	} {
		t.Run(what, func(t *testing.T) {
			withFixture(t, 1, 0, func(e *fixture) {
				c := e.client(Config{})
				test.other(e, c)
				other := e.onlyCode()
				e.injectFault(createPath, 1, lostRequests["the connection breaks"])
				code, err := c.CreateAccessCode(e.t.Context(), test.input(e))
				if err == nil {
					e.t.Errorf("returned %s; the other code is %s", code.ID, other.ID)
				}
			})
		})
	}
}

func (e *fixture) createCode(c *Client, in AccessCodeInput) AccessCode {
	e.t.Helper()
	code, err := c.CreateAccessCode(e.t.Context(), in)
	if err != nil {
		e.t.Fatal(err)
	}
	return code
}

// A new code is tracked before the next create on the lock may search for its code.
func TestAccessCode_createIsTrackedBeforeNextCreate(t *testing.T) {
	withFixture(t, 1, 0, func(e *fixture) {
		c := e.client(Config{})
		code, err := c.createOnce(e.t.Context(), emptyInput(e))
		if _, tracked := c.trackedIDs.Load(code.ID); err != nil || !tracked {
			e.t.Errorf("held %v, %v", tracked, err)
		}
	})
}

// A lost create is found by the server's clock, even if the local clock is wrong.
func TestAccessCode_lostCreateIgnoresLocalClock(t *testing.T) {
	for name, ahead := range map[string]time.Duration{"ours is behind": 20 * time.Minute, "ours is ahead": -20 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := seamtest.New(seamtest.WithClock(func() time.Time { return time.Now().Add(ahead) }))
				e := &fixture{t: t, server: server, locks: []*seamtest.Lock{server.AddLock("Skewed")}}
				c := e.client(Config{})
				old := e.createCode(e.client(Config{}), emptyInput(e))
				<-time.After(time.Minute)
				e.injectFault(createPath, 1, lostResponses["the connection breaks"])
				if code := e.createCode(c, emptyInput(e)); code.ID == old.ID {
					e.t.Error("it returned an old code")
				}
			})
		})
	}
}

func TestAccessCode_lostCreateFailsWhenListFails(t *testing.T) {
	for name, fault := range map[string]seamtest.Fault{
		"the list fails":     {Status: 500},
		"the list is HTML":   seamtest.HTML404(""),
		"the list hangs":     {Delay: time.Hour},
		"the list is denied": {Status: 403, Type: "forbidden"},
	} {
		for kind, input := range createInputs {
			t.Run(name+", "+kind, func(t *testing.T) {
				withFixture(t, 1, 0, func(e *fixture) {
					e.injectFault(createPath, 1, lostResponses["the connection breaks"])
					fault.Path, fault.Skip = "/access_codes/list", 1 // the one before the create
					e.server.InjectFault(fault)
					start := time.Now()
					_, err := e.client(Config{}).CreateAccessCode(e.t.Context(), input(e))
					if err == nil || e.server.Count(createPath) != 1 || time.Since(start) > recoveryTimeout+time.Second {
						e.t.Fatalf("%d creates after %v: %v", e.server.Count(createPath), time.Since(start), err)
					}
					e.onlyCode()
					assertContains(e.t, err.Error(), "not known")
					assertContains(e.t, Advice(err, ""), "Seam console", "import")
				})
			})
		}
	}
}

// A canceled run still learns what it created.
func TestAccessCode_canceledCreateIsRecovered(t *testing.T) {
	for name, fault := range map[string]seamtest.Fault{
		"the response is slow":                     {Delay: 20 * time.Second},
		"the response is slow and then it is lost": {Delay: 20 * time.Second, Drop: seamtest.DropAfter},
	} {
		for kind, input := range createInputs {
			t.Run(name+", "+kind, func(t *testing.T) {
				withFixture(t, 1, 0, func(e *fixture) {
					e.injectFault(createPath, 1, fault)
					ctx, cancel := context.WithCancel(e.t.Context())
					time.AfterFunc(5*time.Second, cancel)
					start := time.Now()
					code, err := e.client(Config{}).CreateAccessCode(ctx, input(e))
					if have := e.onlyCode(); err != nil || code.ID != have.ID {
						e.t.Errorf("returned %q, but %s is on the lock: %v", code.ID, have.ID, err)
					}
					if took := time.Since(start); took > DefaultRequestTimeout {
						e.t.Errorf("it took %v", took)
					}
				})
			})
		}
	}
}

// A canceled run creates nothing more.
func TestAccessCode_canceledCreateIsNotResent(t *testing.T) {
	withFixture(t, 1, 0, func(e *fixture) {
		c := e.client(Config{})
		if _, err := c.Workspace(e.t.Context()); err != nil {
			e.t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(e.t.Context())
		cancel()
		for range 200 {
			if _, err := c.CreateAccessCode(ctx, emptyInput(e)); err == nil {
				e.t.Fatal("created")
			}
		}
		if n := e.server.Count(createPath); n != 0 {
			e.t.Errorf("%d creates were sent after the end", n)
		}
	})
}

func TestAccessCode_newCodeNotFoundYetIsPolled(t *testing.T) {
	withFixture(t, 1, 0, func(e *fixture) {
		c, pin := e.client(Config{}), "7391"
		e.locks[0].OnCreate(seamtest.CreateBehavior{InvisibleFor: 12 * time.Second})
		code := e.createCode(c, AccessCodeInput{DeviceID: e.locks[0].ID, Code: &pin})
		start := time.Now()
		seen, err := c.ReadBackAccessCode(e.t.Context(), code)
		if took := time.Since(start); err != nil || seen.ID != code.ID || seen.Code != pin || took < 11*time.Second || took > 17*time.Second {
			e.t.Errorf("saw %q after %v: %v", seen.ID, took, err)
		}
	})
}

func TestAccessCode_newCodeNeverFoundIsError(t *testing.T) {
	withFixture(t, 1, 0, func(e *fixture) {
		c := e.client(Config{})
		e.locks[0].OnCreate(seamtest.CreateBehavior{InvisibleFor: time.Hour})
		code := e.createCode(c, emptyInput(e))
		start := time.Now()
		kept, err := c.ReadBackAccessCode(e.t.Context(), code)
		if took := time.Since(start); err == nil || kept.ID != code.ID || took < 28*time.Second || took > visibilityTimeout+maxPollInterval {
			e.t.Fatalf("kept %q after %v: %v", kept.ID, took, err)
		}
		assertContains(e.t, err.Error(), code.ID)
		assertContains(e.t, Advice(err, ""), "destroy")
	})
}

func TestAccessCode_createErrorHidesPIN(t *testing.T) {
	withFixture(t, 1, 0, func(e *fixture) {
		e.server.EchoSecrets(true)
		e.injectFault(createPath, 0, seamtest.Fault{Status: 400, Type: "invalid_code", Message: "7391 is no good"})
		_, err := e.client(Config{}).CreateAccessCode(e.t.Context(), fullInput(e))
		if err == nil {
			e.t.Fatal("created")
		}
		assertNotContains(e.t, err.Error()+Advice(err, ""), "7391")
	})
}
