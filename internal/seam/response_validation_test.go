package seam

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// An invalid response must not look like an empty list.
func TestClient_responseWithoutObjectIsError(t *testing.T) {
	clienttest.ForEach(t, map[string]string{
		"empty": `{}`,
		"ok":    `{"ok":true}`,
		"nulls": `{"events":null,"device_providers":null,"device":null,"devices":null,"access_code":{},"access_codes":null,` +
			`"action_attempt":{"status":"success"},"client_session":{},"webhooks":null}`,
	}, func(t *testing.T, body string) {
		ctx := t.Context()
		c := newTestClient(t, Config{}, clienttest.Answers{"/workspaces/get": workspaceW, "": clienttest.JSON(http.StatusOK, body)})
		for path, err := range map[string]error{
			"/events/list":                   clienttest.ErrorOf(c.Events(ctx, EventFilter{Since: time.Now()})),
			"/devices/list_device_providers": clienttest.ErrorOf(c.DeviceProviders(ctx, "")),
			"/devices/list":                  clienttest.ErrorOf(c.GetDeviceByName(ctx, "Front Door")),
			"/devices/get":                   clienttest.ErrorOf(c.GetDevice(ctx, "d")),
			"/access_codes/list":             clienttest.ErrorOf(collect(c.AccessCodes(ctx, AccessCodeFilter{DeviceID: "d"}))),
			"/access_codes/unmanaged/list":   clienttest.ErrorOf(collect(c.UnmanagedAccessCodes(ctx, "d"))),
			"/access_codes/get":              clienttest.ErrorOf(c.GetAccessCode(ctx, "a")),
			"/action_attempts/get":           clienttest.ErrorOf(c.GetActionAttempt(ctx, "a")),
			"/client_sessions/create":        clienttest.ErrorOf(c.CreateClientSession(ctx, ClientSessionInput{})),
			"/webhooks/list":                 clienttest.ErrorOf(collect(Webhooks.List(ctx, c, map[string]any{}))),
		} {
			t.Run(path, func(t *testing.T) { clienttest.AssertError(t, err, "the response", path, "req-1") })
		}
	})
}

var workspaceW = clienttest.JSON(http.StatusOK, `{"workspace":{"workspace_id":"w"}}`)

// The credentials may come to belong to another workspace between two requests.
func TestWorkspace_changedWhileReadIsError(t *testing.T) {
	asked := 0
	c := newTestClient(t, Config{}, clienttest.Answer(func(*http.Request) clienttest.Response {
		asked++
		return clienttest.JSON(http.StatusOK, fmt.Sprintf(`{"workspace":{"workspace_id":"w%d"}}`, asked))
	}))
	if w, err := c.GetWorkspace(t.Context()); err == nil {
		t.Errorf("it is taken for workspace %s", w.ID)
	}
}

// One list serves everybody: what one makes of it for itself must not reach the others.
func TestAccessCodeCache_readersDoNotShareIssues(t *testing.T) {
	withFixture(t, 1, 1, func(e *fixture) {
		id := e.Codes[0].ID
		e.Server.ChangeAccessCode(id, func(c *seamtest.AccessCode) {
			c.PIN = "4821"
			c.Errors = []seamtest.Issue{{Code: "failed_to_set_on_device", Message: "4821"}}
			c.Warnings = c.Errors
		})
		c := e.client(Config{})
		e.Parallel(8, func(n int) error {
			if n%2 == 0 {
				return clienttest.ErrorOf(c.GetAccessCodeByPIN(e.T.Context(), e.Locks[0].ID, "4821"))
			}
			return clienttest.ErrorOf(c.LookUpAccessCode(e.T.Context(), id, LookupOptions{DeviceID: e.Locks[0].ID, MaxAge: MaxSnapshotAge}))
		}).Wait()
	})
}

func TestRedact_candidateNamesHidePINs(t *testing.T) {
	withFixture(t, 1, 2, func(e *fixture) {
		for _, code := range e.Codes {
			e.Server.ChangeAccessCode(code.ID, func(c *seamtest.AccessCode) { c.PIN, c.Name = "4821", "Gate 4821" })
		}
		c := e.client(Config{})
		_, err := c.GetAccessCodeByPIN(e.T.Context(), e.Locks[0].ID, "4821")
		clienttest.AssertError(t, err, "2 access codes", "Gate ****", e.Codes[0].ID, e.Codes[1].ID)
		clienttest.AssertOmits(t, err.Error(), "4821")
		_, err = c.GetAccessCodeByPIN(e.T.Context(), e.Locks[0].ID, "7319")
		clienttest.AssertError(t, err, "None of the 2", "Gate ****")
		clienttest.AssertOmits(t, err.Error(), "4821", "7319")
	})
}

// A lookup among many does not print them all.
func TestErrors_candidateListIsLimited(t *testing.T) {
	withFixture(t, 30, 0, func(e *fixture) {
		_, err := e.client(Config{}).GetDeviceByName(e.T.Context(), "Cellar")
		clienttest.AssertError(t, err, `"Cellar"`, "and 10 more")
	})
}
