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

// An answer that is no answer must not look like "there is nothing".
func TestAnAnswerWithoutWhatWasAskedForIsAnError(t *testing.T) {
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
			_, err := c.DeviceNamed(ctx, "Front Door")
			return err
		},
		"/devices/get": func(ctx context.Context, c *Client) error {
			_, err := c.DeviceNow(ctx, "d")
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
			_, err := c.AccessCodeNow(ctx, "a")
			return err
		},
		"/action_attempts/get": func(ctx context.Context, c *Client) error {
			_, err := c.ActionAttemptNow(ctx, "a")
			return err
		},
		"/client_sessions/create": func(ctx context.Context, c *Client) error {
			_, err := c.CreateClientSession(ctx, ClientSessionInput{})
			return err
		},
		"/webhooks/list": func(ctx context.Context, c *Client) error {
			_, err := c.Webhooks(ctx)
			return err
		},
	} {
		for _, body := range []string{`{}`, `{"ok":true}`, `{"events":null,"device_providers":null,"device":null,"devices":null,"access_code":{},"access_codes":null,"action_attempt":{"status":"success"},"client_session":{},"webhooks":null}`} {
			t.Run(path+" "+body, func(t *testing.T) {
				c := clientOf(t, Config{}, responder(func(r *http.Request) (fake, error) {
					if r.URL.Path == "/workspaces/get" {
						return replyJSON(http.StatusOK, `{"workspace":{"workspace_id":"w"}}`), nil
					}
					return replyJSON(http.StatusOK, body), nil
				}))
				err := read(t.Context(), c)
				if err == nil {
					t.Fatal("it is taken for an answer")
				}
				has(t, err.Error(), "the answer", path, "req-1")
			})
		}
	}
}

func TestTheWorkspaceChangesWhileItIsRead(t *testing.T) {
	asked := 0
	c := clientOf(t, Config{}, responder(func(*http.Request) (fake, error) {
		asked++
		return replyJSON(http.StatusOK, fmt.Sprintf(`{"workspace":{"workspace_id":"w%d"}}`, asked)), nil
	}))
	if w, err := c.WorkspaceNow(t.Context()); err == nil {
		t.Errorf("it is taken for workspace %s", w.ID)
	}
}

// One list serves everybody: what one makes of it for itself must not reach the others.
func TestReadsOfOneCodeDoNotDisturbEachOther(t *testing.T) {
	inEstate(t, 1, 1, func(e *estate) {
		id := e.tasks[0].AccessCodeID
		e.seam.ChangeAccessCode(id, func(c *seamtest.AccessCode) {
			c.PIN = "4821"
			c.Errors = []seamtest.Issue{{Code: "failed_to_set_on_device", Message: "4821"}}
			c.Warnings = c.Errors
		})
		c := e.client(Config{})
		var all sync.WaitGroup
		for n := range 8 {
			all.Go(func() {
				if n%2 == 0 {
					_, err := c.AccessCodeWithPIN(e.t.Context(), e.locks[0].ID, "4821")
					if err != nil {
						e.t.Error(err)
					}
					return
				}
				if _, err := c.find(e.t.Context(), e.locks[0].ID, id, snapshotAge); err != nil {
					e.t.Error(err)
				}
			})
		}
		all.Wait()
	})
}

func TestCandidatesAreNamedWithoutPINs(t *testing.T) {
	inEstate(t, 1, 2, func(e *estate) {
		for _, task := range e.tasks {
			e.seam.ChangeAccessCode(task.AccessCodeID, func(c *seamtest.AccessCode) { c.PIN, c.Name = "4821", "Gate 4821" })
		}
		c := e.client(Config{})
		_, err := c.AccessCodeWithPIN(e.t.Context(), e.locks[0].ID, "4821")
		if err == nil {
			t.Fatal("one of two is taken")
		}
		has(t, err.Error(), "2 access codes", "Gate ****", e.tasks[0].AccessCodeID, e.tasks[1].AccessCodeID)
		hasNot(t, err.Error(), "4821")
		_, err = c.AccessCodeWithPIN(e.t.Context(), e.locks[0].ID, "7319")
		if err == nil {
			t.Fatal("none is found")
		}
		has(t, err.Error(), "None of the 2", "Gate ****")
		hasNot(t, err.Error(), "4821", "7319")
	})
}

// A lookup among many does not print them all.
func TestCandidatesAreNotListedWithoutEnd(t *testing.T) {
	inEstate(t, 30, 0, func(e *estate) {
		_, err := e.client(Config{}).DeviceNamed(e.t.Context(), "Cellar")
		if err == nil {
			t.Fatal("there is no such device")
		}
		has(t, err.Error(), `"Cellar"`, "and 10 more")
	})
}
