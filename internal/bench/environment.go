package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// environment is a fake Seam with codes or grants on locks, or with users of an access system, and a
// directory with the configuration and state of the same objects.
type environment struct {
	dir      string
	seam     *seamtest.Server
	locks    []*seamtest.Lock
	grant    string       // with [kindExclusive]
	system   accessSystem // with [kindUsers]
	endpoint string
	server   *http.Server
}

// kind says what objects an environment has.
type kind int

const (
	kindCodes     kind = iota
	kindGrants         // for one person each, with one code each
	kindExclusive      // codes, and for each lock the resource that allows them, and one grant's code
	kindUsers          // of an access system, each in one group
)

// fixture describes an environment.
type fixture struct {
	scale

	kind       kind
	removal    string // of each code; empty for the default
	configOnly bool   // the objects are in the configuration only
}

// pins are how many PINs the locks hold.
func (p fixture) pins() int {
	switch p.kind {
	case kindExclusive:
		return p.codes + p.locks // the grant's on each lock
	case kindUsers:
		return 0
	default:
		return p.codes
	}
}

// newEnvironment creates the objects directly, without the provider and without Seam's rate limits
// and latency, because this setup is not measured.
func (b *bench) newEnvironment(ctx context.Context, p fixture) (*environment, error) {
	e := &environment{seam: seamtest.New()}
	for i := 0; p.kind != kindUsers && i < p.locks; i++ {
		e.locks = append(e.locks, e.seam.AddLock(fmt.Sprintf("Lock %d", i)))
	}
	var err error
	if e.dir, err = os.MkdirTemp(b.buildDir, "environment-"); err != nil {
		return nil, err
	}
	if err := errors.Join(e.seed(ctx, p), e.writeConfig(p), e.serve(ctx)); err != nil {
		return nil, errors.Join(err, e.close())
	}
	e.seam.InjectFault(seamtest.Fault{Delay: b.latency})
	e.seam.SetDefaultDelete(seamtest.DeleteBehavior{Takes: b.removal})
	e.seam.EnforceLimits(true)
	e.seam.ResetRequests()
	return e, nil
}

func (e *environment) serve(ctx context.Context) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	e.endpoint = "http://" + listener.Addr().String()
	e.server = &http.Server{Handler: normalizeMethod(e.seam), ReadHeaderTimeout: time.Minute}
	go func() { _ = e.server.Serve(listener) }()
	return nil
}

// normalizeMethod turns a request with another method and parameters in its address, as the
// JavaScript SDK sends them, into the POST that seamtest serves.
func normalizeMethod(seam http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost && !strings.HasPrefix(r.URL.Path, "/_seamtest/") {
			parameters := map[string]string{}
			for name, values := range r.URL.Query() {
				parameters[name] = values[0]
			}
			delete(parameters, "_strict") // an option of the SDK, not a parameter
			body, _ := json.Marshal(parameters)
			r.Method, r.Body = http.MethodPost, io.NopCloser(bytes.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
		}
		seam.ServeHTTP(w, r)
	})
}

func (e *environment) close() error {
	var closing error
	if e.server != nil {
		closing = e.server.Close()
	}
	return errors.Join(closing, os.RemoveAll(e.dir))
}

// seed creates the objects and writes the state in which an apply would have left them.
func (e *environment) seed(ctx context.Context, p fixture) error {
	switch {
	case p.configOnly:
		return nil
	case p.kind == kindGrants:
		return e.seedGrants(ctx, p.codes)
	case p.kind == kindExclusive:
		return e.seedExclusive(ctx, p.codes)
	case p.kind == kindUsers:
		return e.seedUsers(ctx, p.codes, p.locks)
	}
	codes, err := e.createCodes(ctx, p.codes)
	return errors.Join(err, e.writeState(newCodeResource(codes, p.removal)))
}

func (e *environment) createCodes(ctx context.Context, n int) ([]accessCode, error) {
	codes := make([]accessCode, n)
	for i := range codes {
		var made struct {
			AccessCode accessCode `json:"access_code"`
		}
		body := map[string]any{"device_id": e.lockOf(i), "name": nameOf(i), "code": pinOf(i)}
		if err := e.call(ctx, "/access_codes/create", body, &made); err != nil {
			return nil, err
		}
		codes[i] = made.AccessCode
	}
	return codes, nil
}

// accessCode is what the state keeps of Seam's answer.
type accessCode struct {
	ID          string    `json:"access_code_id"`
	WorkspaceID string    `json:"workspace_id"`
	DeviceID    string    `json:"device_id"`
	Name        string    `json:"name"`
	Code        string    `json:"code"`
	Type        string    `json:"type"`
	CreatedAt   time.Time `json:"created_at"`
}

func (e *environment) lockOf(i int) string { return e.locks[i%len(e.locks)].ID }

// call sends a request to the fake directly.
func (e *environment) call(ctx context.Context, path string, body, answer any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://localhost"+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	req.Header = http.Header{"Authorization": {"Bearer " + e.seam.Workspace().APIKey}, "Content-Type": {"application/json"}}
	client := &http.Client{Transport: e.seam.Transport()}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s with %s: %s", path, text, res.Status)
	}
	return json.NewDecoder(res.Body).Decode(answer)
}

// storedPINs counts the PINs that the locks still hold.
func (e *environment) storedPINs() (n int) {
	for _, lock := range e.locks {
		n += len(lock.PINs())
	}
	return n
}
