package seam

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// estate is a Seam with codes on locks, and a client of it, in a synctest bubble.
type estate struct {
	t     *testing.T
	seam  *seamtest.Server
	locks []*seamtest.Lock
	tasks []Removal
}

func inEstate(t *testing.T, locks, codesEach int, test func(*estate)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		e := &estate{t: t, seam: seamtest.New(seamtest.WithLatency(100 * time.Millisecond))}
		maker := e.client(Config{})
		for l := range locks {
			lock := e.seam.AddLock(fmt.Sprint("Lock ", l))
			e.locks = append(e.locks, lock)
			for i := range codesEach {
				pin := fmt.Sprint(40817263 + i)
				code, err := maker.CreateAccessCode(t.Context(), AccessCodeInput{DeviceID: lock.ID, Code: &pin})
				if err != nil {
					t.Fatal(err)
				}
				e.tasks = append(e.tasks, Removal{
					AccessCodeID: code.ID, DeviceID: lock.ID, WorkspaceID: code.WorkspaceID, Mode: Verified, PIN: pin, CreatedAt: code.CreatedAt.Time,
					Timeout: 10 * time.Minute, Remember: func(Memory) {}, Warn: func(summary, detail string) { t.Logf("warning: %s: %s", summary, detail) },
				})
			}
		}
		<-time.After(time.Hour)
		e.seam.ResetRequests()
		test(e)
	})
}

func (e *estate) client(config Config) *Client {
	e.t.Helper()
	config.APIKey, config.Transport, config.MaxRetries = e.seam.Workspace().APIKey, e.seam.Transport(), DefaultMaxRetries
	c, err := New(config)
	if err != nil {
		e.t.Fatal(err)
	}
	return c
}

// each does something with all codes at once.
func (e *estate) each(do func(context.Context, Removal) error) {
	e.t.Helper()
	var all sync.WaitGroup
	for _, task := range e.tasks {
		all.Go(func() {
			if err := do(e.t.Context(), task); err != nil {
				e.t.Errorf("access code %s: %v", task.AccessCodeID, err)
			}
		})
	}
	all.Wait()
}

func read(c *Client) func(context.Context, Removal) error {
	return func(ctx context.Context, task Removal) error {
		_, err := c.ReadAccessCode(ctx, task)
		return err
	}
}

func TestReadingGrowsWithLocksNotWithCodes(t *testing.T) {
	inEstate(t, 5, 20, func(e *estate) {
		e.each(read(e.client(Config{})))
		if n := len(e.seam.Requests()); n != 6 {
			t.Errorf("%d requests for 100 codes on 5 locks, want one list each and the workspace", n)
		}
		e.seam.ResetRequests()
		e.each(read(e.client(Config{OneByOne: true})))
		if n := e.seam.Count("/access_codes/get"); n != 100 {
			t.Errorf("%d gets one by one, want 100", n)
		}
	})
}

func TestRemovingSharesPollsAndProofs(t *testing.T) {
	inEstate(t, 5, 10, func(e *estate) {
		e.seam.SetDefaultDelete(seamtest.DeleteBehavior{Takes: 5 * time.Second})
		start := time.Now()
		e.each(e.client(Config{}).RemoveAccessCode)
		if took := time.Since(start); took > 8*time.Second {
			t.Errorf("took %v for removals of 5s", took)
		}
		for path, most := range map[string]int{
			"/action_attempts/list": 25, "/action_attempts/get": 0, "/access_codes/delete": 50,
			"/access_codes/get": 50, "/devices/get": 25, "/access_codes/unmanaged/list": 25, "/access_codes/list": 25,
		} {
			if n := e.seam.Count(path); n > most {
				t.Errorf("%d requests to %s, want at most %d", n, path, most)
			}
		}
		for _, lock := range e.locks {
			if pins := lock.PINs(); len(pins) > 0 {
				t.Errorf("%s still holds %d PINs", lock.Name, len(pins))
			}
		}
	})
}

func TestWhatIsMissingFromTheListIsLookedUp(t *testing.T) {
	for name, fault := range map[string]seamtest.Fault{
		"left out": {Path: "/access_codes/list", Replace: func(int, []byte) (int, []byte) {
			return 200, []byte(`{"access_codes":[],"pagination":{"has_next_page":false,"next_page_cursor":null},"ok":true}`)
		}},
		"the list fails":      {Path: "/access_codes/list", Status: 500},
		"page 2 fails":        {Path: "/access_codes/list", Status: 500, Match: func(body map[string]any) bool { return body["page_cursor"] != nil }},
		"the cursor circles":  {Path: "/access_codes/list", Replace: circle},
		"the list has no end": {Path: "/access_codes/list", Truncate: true},
	} {
		t.Run(name, func(t *testing.T) {
			inEstate(t, 1, 5, func(e *estate) {
				e.seam.PageSize(2)
				e.seam.InjectFault(fault)
				e.each(read(e.client(Config{})))
			})
		})
	}
}

// circle answers every page with the same cursor.
func circle(status int, _ []byte) (int, []byte) {
	return status, []byte(`{"access_codes":[],"pagination":{"has_next_page":true,"next_page_cursor":"again"},"ok":true}`)
}

func TestOurOwnWriteOutdatesTheList(t *testing.T) {
	inEstate(t, 1, 2, func(e *estate) {
		c := e.client(Config{})
		e.each(read(c))
		if err := c.RemoveAccessCode(e.t.Context(), e.tasks[0]); err != nil {
			t.Fatal(err)
		}
		_, err := c.ReadAccessCode(e.t.Context(), e.tasks[0])
		if _, gone := errors.AsType[*Gone](err); !gone {
			t.Errorf("a code that was just removed reads as %v", err)
		}
	})
}

func TestTwoClientsShareNothing(t *testing.T) {
	inEstate(t, 1, 1, func(e *estate) {
		one, other := e.client(Config{}), e.client(Config{})
		e.each(read(other))
		if err := one.RemoveAccessCode(e.t.Context(), e.tasks[0]); err != nil {
			t.Fatal(err)
		}
		<-time.After(snapshotAge)
		_, err := other.ReadAccessCode(e.t.Context(), e.tasks[0])
		if _, gone := errors.AsType[*Gone](err); !gone {
			t.Errorf("after the age of a list, the other client reads %v", err)
		}
	})
}
