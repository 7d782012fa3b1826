package removal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// outputRecorder keeps all that a client puts out: errors, advice, warnings, log fields and
// what is kept for a later run.
type outputRecorder struct {
	mu       sync.Mutex
	recorded []string
}

func (w *outputRecorder) record(texts ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.recorded = append(w.recorded, texts...)
}

func (w *outputRecorder) log(_ context.Context, message string, fields map[string]any) {
	w.record(message, fmt.Sprint(fields))
}

func (w *outputRecorder) recordCheckpoint(m Checkpoint) {
	kept, err := json.Marshal(m)
	w.record(string(kept), fmt.Sprint(err))
}

func (w *outputRecorder) recordError(err error) {
	for ; err != nil; err = errors.Unwrap(err) {
		w.record(err.Error(), seam.Advice(err, ""))
		if e, ok := errors.AsType[*seam.Error](err); ok {
			w.record(fmt.Sprint(e.Fields), fmt.Sprint(e.Conflict), e.Type, e.Message)
		}
	}
}

// recordingTransport keeps the responses.
type recordingTransport struct {
	outputRecorder
	next http.RoundTripper
}

func (w *recordingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := w.next.RoundTrip(r)
	if err != nil {
		return res, err
	}
	body, err := io.ReadAll(res.Body)
	w.record(string(body))
	res.Body = io.NopCloser(strings.NewReader(string(body)))
	return res, err
}

type operation = func(context.Context, *seam.Client, AccessCode, Options) error

// operations are what can be asked for with a code whose PIN is known.
var operations = map[string]operation{
	"read": func(ctx context.Context, c *seam.Client, code AccessCode, o Options) error {
		return clienttest.ErrorOf(ReadAccessCode(ctx, c, code, o))
	},
	"create": func(ctx context.Context, c *seam.Client, code AccessCode, _ Options) error {
		created, err := c.CreateAccessCode(ctx, seam.AccessCodeInput{DeviceID: code.DeviceID, Code: new("73914628")})
		if err != nil {
			return err
		}
		if created, err = c.ReadBackAccessCode(ctx, created); err == nil {
			_, err = c.AwaitAccessCode(ctx, created, true, true)
		}
		return err
	},
	"create with a PIN that is taken": func(ctx context.Context, c *seam.Client, code AccessCode, _ Options) error {
		return clienttest.ErrorOf(c.CreateAccessCode(ctx, createInput(code)))
	},
	"change": func(ctx context.Context, c *seam.Client, code AccessCode, o Options) error {
		return clienttest.ErrorOf(UpdateAccessCode(ctx, c, AccessCodeUpdate{
			Input: seam.AccessCodeInput{AccessCodeID: code.ID, Code: new("73914628")}, DeviceID: code.DeviceID, WorkspaceID: o.WorkspaceID,
			PIN: code.PIN, CreatedAt: code.CreatedAt, SaveCheckpoint: o.Save, Warn: o.Warn,
		}))
	},
	"remove":            RemoveAccessCode,
	"remove, by event":  inMode(VerifiedByEvent),
	"request a removal": inMode(Requested),
}

func inMode(mode Mode) operation {
	return func(ctx context.Context, c *seam.Client, code AccessCode, o Options) error {
		o.Mode = mode
		return RemoveAccessCode(ctx, c, code, o)
	}
}

// faultScenarios make operations fail or last long.
func faultScenarios() map[string]func(*fixture) {
	all := map[string]func(*fixture){
		"none": func(*fixture) {},
		"a leftover": func(e *fixture) {
			e.Locks[0].SetDefaultDelete(seamtest.DeleteBehavior{Takes: time.Second, Leftover: &seamtest.UnmanagedAccessCode{}})
			e.Locks[0].SetDefaultUpdate(seamtest.UpdateBehavior{Takes: time.Second, KeepsOldPIN: &seamtest.UnmanagedAccessCode{}})
		},
		"failing attempts": func(e *fixture) {
			issues := []seamtest.Issue{{Code: "failed_to_remove_from_device", Message: "PIN 40817263 stays, 73914628 too"}}
			e.Locks[0].SetDefaultDelete(seamtest.DeleteBehavior{Takes: time.Second, Outcome: seamtest.Fails, ErrorType: "stuck", ErrorMessage: "40817263 is stuck", Errors: issues})
			e.Locks[0].SetDefaultUpdate(seamtest.UpdateBehavior{Takes: time.Second, Outcome: seamtest.Fails, ErrorType: "stuck", ErrorMessage: "40817263 is stuck", Errors: issues})
			e.Locks[0].SetDefaultCreate(seamtest.CreateBehavior{Outcome: seamtest.Fails, ErrorType: "stuck", ErrorMessage: "73914628 is stuck", Errors: issues})
		},
		"attempts without end": func(e *fixture) {
			issues := []seamtest.Issue{{Code: "provider_issue", Message: "PIN 40817263 or 73914628"}}
			e.Locks[0].SetDefaultDelete(seamtest.DeleteBehavior{Outcome: seamtest.StaysPending, Errors: issues, Warnings: issues})
			e.Locks[0].SetDefaultUpdate(seamtest.UpdateBehavior{Outcome: seamtest.StaysPending, Errors: issues})
			e.Locks[0].SetDefaultCreate(seamtest.CreateBehavior{NeverSet: true, Errors: issues})
		},
		"gone already":   func(e *fixture) { e.Server.RemoveAccessCode(e.codes[0].ID) },
		"unmanaged":      func(e *fixture) { e.Server.UnmanageAccessCode(e.codes[0].ID) },
		"no lock":        func(e *fixture) { e.Locks[0].Disappear() },
		"unmanaged lock": func(e *fixture) { e.Locks[0].Unmanage() },
	}
	for _, path := range []string{
		"/access_codes/get", "/access_codes/list", createPath, updatePath, deletePath, "/access_codes/unmanaged/list",
		"/action_attempts/get", "/action_attempts/list", "/devices/get", "/events/list", "/workspaces/get",
	} {
		for name, fault := range map[string]seamtest.Fault{
			"refused":    {Status: 400, Type: "invalid_input", Message: "40817263 and 73914628 are no good"},
			"typed 404":  {Status: 404, Type: "not_found", Message: "No 40817263"},
			"taken":      {Status: 409, Type: "duplicate_access_code", Message: "Cannot set duplicate access code 73914628 named 40817263"},
			"failing":    {Status: 503, Type: "unavailable", Message: "Later"},
			"a web page": {Status: 502, ContentType: "text/html", Body: "<html>40817263 73914628</html>"},
			"no JSON":    {Replace: func(status int, _ []byte) (int, []byte) { return status, []byte("40817263 73914628") }},
		} {
			all[path+" "+name] = func(e *fixture) { e.InjectFault(path, 0, fault) }
		}
	}
	return all
}

// Whatever fails, no error, advice, warning, log field or stored checkpoint holds a secret.
func TestRedact_noOutputHoldsSecrets(t *testing.T) {
	cases, failed, echoed := 0, 0, 0
	clienttest.ForEachPairIn(t, fixtures(1, 2), faultScenarios(), operations, func(e *fixture, cause func(*fixture), do operation) {
		cases++
		cause(e)
		e.Server.EchoSecrets(true)
		w, line, key := &outputRecorder{}, &recordingTransport{next: e.Server.Transport()}, e.Server.Workspace().APIKey
		c := e.client(seam.Config{MaxRetries: 1, Log: w.log, Transport: line})
		o := e.options()
		o.Timeout, o.Save = time.Minute, w.recordCheckpoint
		o.Warn = func(summary, detail string) { w.record(summary, detail) }
		ctx, cancel := context.WithTimeout(e.T.Context(), 2*time.Minute)
		defer cancel()
		err := do(ctx, c, e.codes[0], o)
		w.recordError(err)
		for _, text := range w.recorded {
			clienttest.AssertOmits(e.T, text, key, "40817263", "40817264", "73914628")
		}
		if err != nil {
			failed++
		}
		if raw := strings.Join(line.recorded, ""); strings.Contains(raw, key) && strings.Contains(raw, "40817263") {
			echoed++
		}
	})
	if failed < 200 || echoed < 200 {
		t.Errorf("of %d cases, %d failed and in %d the secrets came back: too few to tell", cases, failed, echoed)
	}
}
