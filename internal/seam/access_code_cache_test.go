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

// fixture is a Seam with codes on locks, and a client of it, in a synctest bubble.
type fixture struct {
	t      *testing.T
	server *seamtest.Server
	locks  []*seamtest.Lock
	codes  []AccessCode
}

func withFixture(t *testing.T, locks, codesEach int, test func(*fixture)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		e := &fixture{t: t, server: seamtest.New(seamtest.WithLatency(100 * time.Millisecond))}
		creator := e.client(Config{})
		for l := range locks {
			lock := e.server.AddLock(fmt.Sprint("Lock ", l))
			e.locks = append(e.locks, lock)
			for i := range codesEach {
				pin := fmt.Sprint(40817263 + i)
				code, err := creator.CreateAccessCode(t.Context(), AccessCodeInput{DeviceID: lock.ID, Code: &pin})
				if err != nil {
					t.Fatal(err)
				}
				e.codes = append(e.codes, code)
			}
		}
		<-time.After(time.Hour)
		e.server.ResetRequests()
		test(e)
	})
}

func (e *fixture) client(config Config) *Client {
	e.t.Helper()
	config.APIKey, config.Transport, config.MaxRetries = e.server.Workspace().APIKey, e.server.Transport(), DefaultMaxRetries
	c, err := New(config)
	if err != nil {
		e.t.Fatal(err)
	}
	return c
}

// forEach does something with all codes at once.
func (e *fixture) forEach(do func(context.Context, AccessCode) error) {
	e.t.Helper()
	var all sync.WaitGroup
	for _, code := range e.codes {
		all.Go(func() {
			if err := do(e.t.Context(), code); err != nil {
				e.t.Errorf("access code %s: %v", code.ID, err)
			}
		})
	}
	all.Wait()
}

// readWith looks a code up as a refresh does, and fails if it is gone.
func readWith(c *Client) func(context.Context, AccessCode) error {
	return func(ctx context.Context, code AccessCode) error {
		if err := c.RequireWorkspace(ctx, code.WorkspaceID); err != nil {
			return err
		}
		seen, err := c.LookUpAccessCode(ctx, code.ID, LookupOptions{DeviceID: code.DeviceID, MaxAge: MaxSnapshotAge})
		if err == nil && seen.Gone {
			err = errors.New("gone")
		}
		return err
	}
}

func TestAccessCodeCache_requestsGrowWithLocksNotCodes(t *testing.T) {
	withFixture(t, 5, 20, func(e *fixture) {
		e.forEach(readWith(e.client(Config{})))
		if n := len(e.server.Requests()); n != 6 {
			t.Errorf("%d requests for 100 codes on 5 locks, want one list each and the workspace", n)
		}
		e.server.ResetRequests()
		e.forEach(readWith(e.client(Config{DisableBulkReads: true})))
		if n := e.server.Count("/access_codes/get"); n != 100 {
			t.Errorf("%d gets one by one, want 100", n)
		}
	})
}

// A code that a list leaves out, or a list that fails, proves nothing: the code is fetched by itself.
func TestAccessCodeCache_missingFromListIsFetched(t *testing.T) {
	for name, fault := range map[string]seamtest.Fault{
		"left out": {Path: "/access_codes/list", Replace: func(int, []byte) (int, []byte) {
			return 200, []byte(`{"access_codes":[],"pagination":{"has_next_page":false,"next_page_cursor":null},"ok":true}`)
		}},
		"the list fails":      {Path: "/access_codes/list", Status: 500},
		"page 2 fails":        {Path: "/access_codes/list", Status: 500, Match: func(body map[string]any) bool { return body["page_cursor"] != nil }},
		"the cursor circles":  {Path: "/access_codes/list", Replace: repeatCursor},
		"the list has no end": {Path: "/access_codes/list", Truncate: true},
	} {
		t.Run(name, func(t *testing.T) {
			withFixture(t, 1, 5, func(e *fixture) {
				e.server.PageSize(2)
				e.server.InjectFault(fault)
				e.forEach(readWith(e.client(Config{})))
			})
		})
	}
}

// repeatCursor answers every page with the same cursor.
func repeatCursor(status int, _ []byte) (int, []byte) {
	return status, []byte(`{"access_codes":[],"pagination":{"has_next_page":true,"next_page_cursor":"again"},"ok":true}`)
}
