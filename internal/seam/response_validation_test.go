package seam

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// An invalid response must not look like an empty list.
func TestClient_responseWithoutObjectIsError(t *testing.T) {
	for path, read := range map[string]func(context.Context, *Client) error{
		"/events/list": func(ctx context.Context, c *Client) error {
			_, err := c.Events(ctx, EventFilter{Since: time.Now()})
			return err
		},
		"/devices/list_device_providers": func(ctx context.Context, c *Client) error {
			_, err := c.DeviceProviders(ctx, "")
			return err
		},
		"/devices/list": func(ctx context.Context, c *Client) error {
			_, err := c.GetDeviceByName(ctx, "Front Door")
			return err
		},
		"/devices/get": func(ctx context.Context, c *Client) error {
			_, err := c.GetDevice(ctx, "d")
			return err
		},
		"/access_codes/list": func(ctx context.Context, c *Client) error {
			_, err := collect(c.AccessCodes(ctx, AccessCodeFilter{DeviceID: "d"}))
			return err
		},
		"/access_codes/unmanaged/list": func(ctx context.Context, c *Client) error {
			_, err := collect(c.UnmanagedAccessCodes(ctx, "d"))
			return err
		},
		"/access_codes/get": func(ctx context.Context, c *Client) error {
			_, err := c.GetAccessCode(ctx, "a")
			return err
		},
		"/action_attempts/get": func(ctx context.Context, c *Client) error {
			_, err := c.GetActionAttempt(ctx, "a")
			return err
		},
		"/client_sessions/create": func(ctx context.Context, c *Client) error {
			_, err := c.CreateClientSession(ctx, ClientSessionInput{})
			return err
		},
		"/webhooks/list": func(ctx context.Context, c *Client) error {
			_, err := collect(Webhooks.List(ctx, c, map[string]any{}))
			return err
		},
	} {
		for _, body := range []string{`{}`, `{"ok":true}`, `{"events":null,"device_providers":null,"device":null,"devices":null,"access_code":{},"access_codes":null,"action_attempt":{"status":"success"},"client_session":{},"webhooks":null}`} {
			t.Run(path+" "+body, func(t *testing.T) {
				c := newTestClient(t, Config{}, roundTripFunc(func(r *http.Request) (fakeResponse, error) {
					if r.URL.Path == "/workspaces/get" {
						return replyJSON(http.StatusOK, `{"workspace":{"workspace_id":"w"}}`), nil
					}
					return replyJSON(http.StatusOK, body), nil
				}))
				err := read(t.Context(), c)
				if err == nil {
					t.Fatal("it is accepted")
				}
				assertContains(t, err.Error(), "the response", path, "req-1")
			})
		}
	}
}

// The credentials may come to belong to another workspace between two requests.
func TestWorkspace_changedWhileReadIsError(t *testing.T) {
	asked := 0
	c := newTestClient(t, Config{}, roundTripFunc(func(*http.Request) (fakeResponse, error) {
		asked++
		return replyJSON(http.StatusOK, fmt.Sprintf(`{"workspace":{"workspace_id":"w%d"}}`, asked)), nil
	}))
	if w, err := c.GetWorkspace(t.Context()); err == nil {
		t.Errorf("it is taken for workspace %s", w.ID)
	}
}

// One list serves everybody: what one makes of it for itself must not reach the others.
func TestAccessCodeCache_readersDoNotShareIssues(t *testing.T) {
	withFixture(t, 1, 1, func(e *fixture) {
		id := e.codes[0].ID
		e.server.ChangeAccessCode(id, func(c *seamtest.AccessCode) {
			c.PIN = "4821"
			c.Errors = []seamtest.Issue{{Code: "failed_to_set_on_device", Message: "4821"}}
			c.Warnings = c.Errors
		})
		c := e.client(Config{})
		var all sync.WaitGroup
		for n := range 8 {
			all.Go(func() {
				if n%2 == 0 {
					_, err := c.GetAccessCodeByPIN(e.t.Context(), e.locks[0].ID, "4821")
					if err != nil {
						e.t.Error(err)
					}
					return
				}
				if _, err := c.LookUpAccessCode(e.t.Context(), id, LookupOptions{DeviceID: e.locks[0].ID, MaxAge: MaxSnapshotAge}); err != nil {
					e.t.Error(err)
				}
			})
		}
		all.Wait()
	})
}

func TestRedact_candidateNamesHidePINs(t *testing.T) {
	withFixture(t, 1, 2, func(e *fixture) {
		for _, code := range e.codes {
			e.server.ChangeAccessCode(code.ID, func(c *seamtest.AccessCode) { c.PIN, c.Name = "4821", "Gate 4821" })
		}
		c := e.client(Config{})
		_, err := c.GetAccessCodeByPIN(e.t.Context(), e.locks[0].ID, "4821")
		if err == nil {
			t.Fatal("one of two is taken")
		}
		assertContains(t, err.Error(), "2 access codes", "Gate ****", e.codes[0].ID, e.codes[1].ID)
		assertNotContains(t, err.Error(), "4821")
		_, err = c.GetAccessCodeByPIN(e.t.Context(), e.locks[0].ID, "7319")
		if err == nil {
			t.Fatal("none is found")
		}
		assertContains(t, err.Error(), "None of the 2", "Gate ****")
		assertNotContains(t, err.Error(), "4821", "7319")
	})
}

// A lookup among many does not print them all.
func TestErrors_candidateListIsLimited(t *testing.T) {
	withFixture(t, 30, 0, func(e *fixture) {
		_, err := e.client(Config{}).GetDeviceByName(e.t.Context(), "Cellar")
		if err == nil {
			t.Fatal("there is no such device")
		}
		assertContains(t, err.Error(), `"Cellar"`, "and 10 more")
	})
}
