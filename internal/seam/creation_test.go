package seam

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

const creating = "/access_codes/create"

// lost are the ways in which the answer to a create that was carried out is lost.
var lost = map[string]seamtest.Fault{
	"the connection breaks":        {Drop: seamtest.DropAfter},
	"a gateway answers 502":        {Status: 502, Processed: true},
	"Seam answers 500":             {Status: 500, Type: "internal", Processed: true},
	"it comes too late":            {Delay: time.Minute, DelayAfter: true},
	"it breaks off":                {Truncate: true},
	"it is no JSON":                {Replace: func(int, []byte) (int, []byte) { return 200, []byte("<html>") }},
	"it names no code":             {Replace: func(int, []byte) (int, []byte) { return 200, []byte(`{"ok":true}`) }},
	"it is a page of a web portal": {Status: 200, ContentType: "text/html", Body: "<html>", Processed: true},
}

// neverArrived are the ways in which a create is lost on its way there.
var neverArrived = map[string]seamtest.Fault{
	"the connection breaks": {Drop: seamtest.DropBefore},
	"a gateway answers 502": {Status: 502},
	"it is held up":         {Delay: time.Minute},
}

// whole is a request that leaves nothing open, and open one that leaves all of it.
func whole(e *estate) AccessCodeInput {
	pin, name := "7391", "Guest"
	starts, ends := time.Now().Add(time.Hour).Format(time.RFC3339), time.Now().Add(48*time.Hour).Format(time.RFC3339)
	return AccessCodeInput{DeviceID: e.locks[0].ID, Code: &pin, Name: &name, StartsAt: &starts, EndsAt: &ends}
}

func open(e *estate) AccessCodeInput { return AccessCodeInput{DeviceID: e.locks[0].ID} }

var requests = map[string]func(*estate) AccessCodeInput{"with everything": whole, "with nothing": open}

func (e *estate) plant(path string, times int, fault seamtest.Fault) {
	fault.Path, fault.Times = path, times
	e.seam.InjectFault(fault)
}

// only is the one code that there is.
func (e *estate) only() seamtest.AccessCode {
	e.t.Helper()
	codes := e.seam.AccessCodes()
	if len(codes) != 1 {
		e.t.Fatalf("%d codes on the lock, want exactly one", len(codes))
	}
	return codes[0]
}

func TestACreateWhoseAnswerIsLostMakesOneCodeAndReturnsIt(t *testing.T) {
	for name, fault := range lost {
		for kind, input := range requests {
			t.Run(name+", "+kind, func(t *testing.T) {
				inEstate(t, 1, 0, func(e *estate) {
					e.plant(creating, 1, fault)
					code, err := e.client(Config{}).CreateAccessCode(e.t.Context(), input(e))
					if err != nil {
						e.t.Fatal(err)
					}
					if have := e.only(); code.ID != have.ID || code.WorkspaceID != e.seam.Workspace().ID {
						e.t.Errorf("returned %s in %s, but %s is on the lock", code.ID, code.WorkspaceID, have.ID)
					}
					if n := e.seam.Count(creating); n != 1 {
						e.t.Errorf("%d creates, want 1", n)
					}
				})
			})
		}
	}
}

func TestALostCreateIsLookedForUntilSeamListsIt(t *testing.T) {
	for kind, input := range requests {
		t.Run(kind, func(t *testing.T) {
			inEstate(t, 1, 0, func(e *estate) {
				e.locks[0].OnCreate(seamtest.CreateBehavior{InvisibleFor: 4 * time.Second})
				e.plant(creating, 1, lost["the connection breaks"])
				code, err := e.client(Config{}).CreateAccessCode(e.t.Context(), input(e))
				if have := e.only(); err != nil || code.ID != have.ID || e.seam.Count(creating) != 1 {
					e.t.Errorf("returned %q after %d creates, but %s is on the lock: %v", code.ID, e.seam.Count(creating), have.ID, err)
				}
			})
		})
	}
}

func TestACreateThatNeverArrivedIsSentOnceMoreIfItsPINIsKnown(t *testing.T) {
	for name, fault := range neverArrived {
		t.Run(name, func(t *testing.T) {
			inEstate(t, 1, 0, func(e *estate) {
				e.plant(creating, 1, fault)
				code, err := e.client(Config{}).CreateAccessCode(e.t.Context(), whole(e))
				if err != nil {
					e.t.Fatal(err)
				}
				if have := e.only(); code.ID != have.ID || e.seam.Count(creating) != 2 {
					e.t.Errorf("returned %s after %d creates, but %s is on the lock", code.ID, e.seam.Count(creating), have.ID)
				}
			})
		})
	}
}

func TestACreateThatNeverArrivedIsNotSentAgainIfSeamWasToChooseThePIN(t *testing.T) {
	for name, fault := range neverArrived {
		t.Run(name, func(t *testing.T) {
			inEstate(t, 1, 0, func(e *estate) {
				e.plant(creating, 1, fault)
				_, err := e.client(Config{}).CreateAccessCode(e.t.Context(), open(e))
				if err == nil || len(e.seam.AccessCodes()) != 0 || e.seam.Count(creating) != 1 {
					e.t.Fatalf("%d codes, %d creates: %v", len(e.seam.AccessCodes()), e.seam.Count(creating), err)
				}
				has(e.t, err.Error(), "not known", e.locks[0].ID)
				has(e.t, Advice(err, ""), "Seam console", "import")
			})
		})
	}
}

func TestACreateThatIsLostTwiceIsStillAccountedFor(t *testing.T) {
	for name, fault := range lost {
		t.Run("first on the way there, then "+name, func(t *testing.T) {
			inEstate(t, 1, 0, func(e *estate) {
				e.plant(creating, 1, seamtest.Fault{Drop: seamtest.DropBefore})
				e.plant(creating, 1, fault)
				code, err := e.client(Config{RequestTimeout: 30 * time.Second}).CreateAccessCode(e.t.Context(), whole(e))
				switch have := e.only(); {
				case err == nil && code.ID != have.ID:
					e.t.Errorf("returned %s, but %s is on the lock", code.ID, have.ID)
				case err != nil:
					has(e.t, err.Error(), "not known")
					has(e.t, Advice(err, ""), "Seam console", "import")
				}
				if n := e.seam.Count(creating); n != 2 {
					e.t.Errorf("%d creates, want 2", n)
				}
			})
		})
	}
}

func TestALostCreateThatCouldBeSeveralCodesNamesThem(t *testing.T) {
	inEstate(t, 1, 0, func(e *estate) {
		e.plant(creating, 1, seamtest.Fault{Delay: 5 * time.Second, Drop: seamtest.DropAfter})
		other := make(chan string)
		time.AfterFunc(2*time.Second, func() { other <- e.create(e.client(Config{}), open(e)).ID })
		lost := make(chan error)
		go func() {
			_, err := e.client(Config{}).CreateAccessCode(e.t.Context(), open(e))
			lost <- err
		}()
		id, err := <-other, <-lost
		codes := e.seam.AccessCodes()
		if err == nil || len(codes) != 2 {
			e.t.Fatalf("%d codes: %v", len(codes), err)
		}
		has(e.t, err.Error(), id, codes[0].ID, codes[1].ID)
		has(e.t, Advice(err, ""), "import")
	})
}

func TestWhatALostCreateNeverTakesForItsOwn(t *testing.T) {
	name := "Guest"
	for what, test := range map[string]struct {
		other func(*estate, *Client) // leaves another code on the lock
		input func(*estate) AccessCodeInput
	}{
		"an older code": {func(e *estate, c *Client) {
			e.create(e.client(Config{}), open(e))
			<-time.After(time.Minute)
		}, open},
		"one that another run has just made": {func(e *estate, _ *Client) { e.create(e.client(Config{}), open(e)) }, open},
		"one of this run":                    {func(e *estate, c *Client) { e.create(c, open(e)) }, open},
		"one with another name": {func(e *estate, _ *Client) { e.create(e.client(Config{}), open(e)) }, func(e *estate) AccessCodeInput {
			return AccessCodeInput{DeviceID: e.locks[0].ID, Name: &name}
		}},
		"one that ends, for one that does not": {func(e *estate, _ *Client) { e.create(e.client(Config{}), whole(e)) }, open},
		"one that does not end, for one that does": {func(e *estate, _ *Client) { e.create(e.client(Config{}), open(e)) }, func(e *estate) AccessCodeInput {
			in := whole(e)
			in.Code, in.Name = nil, nil
			return in
		}},
		"one on another lock": {func(e *estate, _ *Client) {
			e.create(e.client(Config{}), AccessCodeInput{DeviceID: e.seam.AddLock("Other").ID})
		}, open},
	} {
		t.Run(what, func(t *testing.T) {
			inEstate(t, 1, 0, func(e *estate) {
				c := e.client(Config{})
				test.other(e, c)
				other := e.only()
				e.plant(creating, 1, neverArrived["the connection breaks"])
				code, err := c.CreateAccessCode(e.t.Context(), test.input(e))
				if err == nil {
					e.t.Errorf("returned %s; the other code is %s", code.ID, other.ID)
				}
			})
		})
	}
}

func (e *estate) create(c *Client, in AccessCodeInput) AccessCode {
	e.t.Helper()
	code, err := c.CreateAccessCode(e.t.Context(), in)
	if err != nil {
		e.t.Fatal(err)
	}
	return code
}

func TestACodeIsKnownAsOursBeforeTheNextCreateMayStart(t *testing.T) {
	inEstate(t, 1, 0, func(e *estate) {
		c := e.client(Config{})
		code, err := c.create(e.t.Context(), open(e))
		if _, held := c.held.Load(code.ID); err != nil || !held {
			e.t.Errorf("held %v, %v", held, err)
		}
	})
}

func TestALostCreateIsFoundByTheServersClock(t *testing.T) {
	for name, ahead := range map[string]time.Duration{"ours is behind": 20 * time.Minute, "ours is ahead": -20 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := seamtest.New(seamtest.WithClock(func() time.Time { return time.Now().Add(ahead) }))
				e := &estate{t: t, seam: server, locks: []*seamtest.Lock{server.AddLock("Skewed")}}
				c := e.client(Config{})
				old := e.create(e.client(Config{}), open(e))
				<-time.After(time.Minute)
				e.plant(creating, 1, lost["the connection breaks"])
				if code := e.create(c, open(e)); code.ID == old.ID {
					e.t.Error("it took an old code for its own")
				}
			})
		})
	}
}

func TestALostCreateThatCannotBeLookedForIsAnError(t *testing.T) {
	for name, fault := range map[string]seamtest.Fault{
		"the list fails":     {Status: 500},
		"the list is HTML":   seamtest.HTML404(""),
		"the list hangs":     {Delay: time.Hour},
		"the list is denied": {Status: 403, Type: "forbidden"},
	} {
		for kind, input := range requests {
			t.Run(name+", "+kind, func(t *testing.T) {
				inEstate(t, 1, 0, func(e *estate) {
					e.plant(creating, 1, lost["the connection breaks"])
					fault.Path, fault.Skip = "/access_codes/list", 1 // the one before the create
					e.seam.InjectFault(fault)
					start := time.Now()
					_, err := e.client(Config{}).CreateAccessCode(e.t.Context(), input(e))
					if err == nil || e.seam.Count(creating) != 1 || time.Since(start) > adoptionTime+time.Second {
						e.t.Fatalf("%d creates after %v: %v", e.seam.Count(creating), time.Since(start), err)
					}
					e.only()
					has(e.t, err.Error(), "not known")
					has(e.t, Advice(err, ""), "Seam console", "import")
				})
			})
		}
	}
}

func TestACancelledRunStillLearnsWhatItCreated(t *testing.T) {
	for name, fault := range map[string]seamtest.Fault{
		"the answer is slow":                     {Delay: 20 * time.Second},
		"the answer is slow and then it is lost": {Delay: 20 * time.Second, Drop: seamtest.DropAfter},
	} {
		for kind, input := range requests {
			t.Run(name+", "+kind, func(t *testing.T) {
				inEstate(t, 1, 0, func(e *estate) {
					e.plant(creating, 1, fault)
					ctx, cancel := context.WithCancel(e.t.Context())
					time.AfterFunc(5*time.Second, cancel)
					start := time.Now()
					code, err := e.client(Config{}).CreateAccessCode(ctx, input(e))
					if have := e.only(); err != nil || code.ID != have.ID {
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

func TestACancelledRunCreatesNothingMore(t *testing.T) {
	inEstate(t, 1, 0, func(e *estate) {
		c := e.client(Config{})
		if _, err := c.Workspace(e.t.Context()); err != nil {
			e.t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(e.t.Context())
		cancel()
		for range 200 {
			if _, err := c.CreateAccessCode(ctx, open(e)); err == nil {
				e.t.Fatal("created")
			}
		}
		if n := e.seam.Count(creating); n != 0 {
			e.t.Errorf("%d creates were sent after the end", n)
		}
	})
}

func TestANewCodeThatSeamDoesNotFindYet(t *testing.T) {
	inEstate(t, 1, 0, func(e *estate) {
		c, pin := e.client(Config{}), "7391"
		e.locks[0].OnCreate(seamtest.CreateBehavior{InvisibleFor: 12 * time.Second})
		code := e.create(c, AccessCodeInput{DeviceID: e.locks[0].ID, Code: &pin})
		start := time.Now()
		seen, err := c.SeeAccessCode(e.t.Context(), code)
		if took := time.Since(start); err != nil || seen.ID != code.ID || seen.Code != pin || took < 11*time.Second || took > 17*time.Second {
			e.t.Errorf("saw %q after %v: %v", seen.ID, took, err)
		}
	})
}

func TestANewCodeThatSeamNeverFinds(t *testing.T) {
	inEstate(t, 1, 0, func(e *estate) {
		c := e.client(Config{})
		e.locks[0].OnCreate(seamtest.CreateBehavior{InvisibleFor: time.Hour})
		code := e.create(c, open(e))
		start := time.Now()
		kept, err := c.SeeAccessCode(e.t.Context(), code)
		if took := time.Since(start); err == nil || kept.ID != code.ID || took < 28*time.Second || took > visibleWithin+lastPoll {
			e.t.Fatalf("kept %q after %v: %v", kept.ID, took, err)
		}
		has(e.t, err.Error(), code.ID)
		has(e.t, Advice(err, ""), "destroy")
	})
}

func TestAnEarly404DoesNotPassForARemoval(t *testing.T) {
	for _, hidden := range []time.Duration{time.Second, 12 * time.Second, 25 * time.Second} {
		t.Run(hidden.String(), func(t *testing.T) {
			inEstate(t, 1, 0, func(e *estate) {
				c, pin := e.client(Config{}), "7391"
				e.locks[0].OnCreate(seamtest.CreateBehavior{InvisibleFor: hidden})
				code := e.create(c, AccessCodeInput{DeviceID: e.locks[0].ID, Code: &pin})
				err := c.RemoveAccessCode(e.t.Context(), Removal{
					AccessCodeID: code.ID, DeviceID: code.DeviceID, WorkspaceID: code.WorkspaceID, Mode: Verified, PIN: pin, CreatedAt: code.CreatedAt.Time,
					Unseen: true, Timeout: 10 * time.Minute, Remember: func(Memory) {}, Warn: func(string, string) {},
				})
				<-time.After(time.Minute)
				if err != nil || e.locks[0].Opens(pin) || len(e.seam.AccessCodes()) > 0 {
					e.t.Errorf("removed (%v), and the PIN opens the door: %v; on Seam: %d", err, e.locks[0].Opens(pin), len(e.seam.AccessCodes()))
				}
			})
		})
	}
}

func TestNoCreateTellsItsPIN(t *testing.T) {
	inEstate(t, 1, 0, func(e *estate) {
		e.seam.EchoSecrets(true)
		e.plant(creating, 0, seamtest.Fault{Status: 400, Type: "invalid_code", Message: "7391 is no good"})
		_, err := e.client(Config{}).CreateAccessCode(e.t.Context(), whole(e))
		if err == nil {
			e.t.Fatal("created")
		}
		hasNot(e.t, err.Error()+Advice(err, ""), "7391")
	})
}
