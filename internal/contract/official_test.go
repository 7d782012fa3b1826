//go:build contract

package contract

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"testing"
	"time"
)

const startTimeout = time.Minute

// startOfficial runs Seam's own fake in a Node process that ends with the test.
func startOfficial(t *testing.T) *server {
	script := os.Getenv("SEAM_FAKE")
	if script == "" {
		t.Fatal("SEAM_FAKE does not name the official fake's dist/server.js: run `make contract`, which installs it and sets SEAM_FAKE")
	}
	if _, err := os.Stat(script); err != nil {
		t.Fatalf("SEAM_FAKE names no file: run `make contract`, which installs it: %v", err)
	}
	s := &server{name: official, asked: map[deviation]bool{}}
	s.controls = &remote{s}
	for s.endpoint == "" {
		s.endpoint = runNode(t, script)
	}
	seed := s.send(t, http.MethodGet, "/_fake/default_seed", nil).body
	s.key, s.foreignKey = text(seed, "seam_apikey1_token"), text(seed, "seam_apikey2_token")
	s.workspace = text(seed, "seed_workspace_1")
	s.lock, s.otherLock = text(seed, "august_device_1"), text(seed, "august_device_2")
	return s
}

// endsWithUs makes a Node process end when its standard input does, so that it cannot
// outlive a test binary that was killed.
const endsWithUs = `data:text/javascript,process.stdin.on("end",()=>process.exit()).resume()`

// runNode returns the endpoint once the fake answers there; none if somebody else took
// the port meanwhile.
func runNode(t *testing.T, script string) string {
	port := freePort(t)
	var said bytes.Buffer
	ended, end := context.WithCancel(context.Background())
	node := exec.CommandContext(t.Context(), "node", "--import", endsWithUs, script, "--seed")
	node.Env = append(os.Environ(), "PORT="+port)
	node.Stdout, node.Stderr = &said, &said
	_, err := node.StdinPipe()
	must(t, err)
	if err := node.Start(); err != nil {
		t.Fatalf("the official fake needs Node: %v", err)
	}
	go func() {
		defer end()
		_ = node.Wait()
	}()
	t.Cleanup(func() { <-ended.Done() }) // the test's context is done by now, which kills it
	endpoint := "http://127.0.0.1:" + port
	if answers(ended, endpoint) {
		return endpoint
	}
	if ended.Err() == nil {
		t.Fatalf("the official fake does not answer after %v", startTimeout)
	}
	if !bytes.Contains(said.Bytes(), []byte("EADDRINUSE")) {
		t.Fatalf("the official fake ended: %s", said.Bytes())
	}
	return ""
}

// freePort is a port that is free on every address, since the fake listens on all.
func freePort(t *testing.T) string {
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{})
	must(t, err)
	defer func() { _ = listener.Close() }()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	must(t, err)
	return port
}

// answers waits until the endpoint is healthy or its process has ended.
func answers(ended context.Context, endpoint string) bool {
	ctx, cancel := context.WithTimeout(ended, startTimeout)
	defer cancel()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		if healthy(ctx, endpoint) {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-again.C:
		}
	}
}

func healthy(ctx context.Context, endpoint string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint+"/health", nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(req)
	return err == nil && res.Body.Close() == nil && res.StatusCode == http.StatusOK
}

// remote controls the official fake.
type remote struct{ *server }

func (r *remote) addUnmanaged(t *testing.T, pin string) string {
	return text(r.ok(t, "/access_codes/simulate/create_unmanaged_access_code", object{"device_id": r.lock, "name": "Outside", "code": pin}), "access_code", "access_code_id")
}

// removeUnmanaged uses that the fake deletes unmanaged codes where managed ones are.
func (r *remote) removeUnmanaged(t *testing.T, id string) {
	r.ok(t, "/access_codes/delete", object{"access_code_id": id})
}

// removesSlowly turns the attempt back to pending before the client knows of it.
func (r *remote) removesSlowly(t *testing.T, w *wire) {
	var attempt string
	w.after("/access_codes/delete", func(body object) {
		attempt = text(body, "action_attempt", "action_attempt_id")
		r.setAttempt(t, object{"action_attempt_id": attempt, "status": "pending"})
	})
	w.after("/action_attempts/get", func(object) {
		r.setAttempt(t, object{"action_attempt_id": attempt, "status": "success"})
	})
}

func (r *remote) failsToRemove(t *testing.T, w *wire, kind string) {
	w.after("/access_codes/delete", func(body object) {
		r.setAttempt(t, object{
			"action_attempt_id": text(body, "action_attempt", "action_attempt_id"), "status": "error",
			"error": object{"type": kind, "message": "The lock did not do it"},
		})
	})
}

func (r *remote) setAttempt(t *testing.T, to object) { r.ok(t, "/_fake/update_action_attempt", to) }

func (r *remote) breaksDown(t *testing.T, path string) (mend func()) {
	simulate := func(routes ...string) {
		r.ok(t, "/_fake/simulate_workspace_outage", object{"workspace_id": r.workspace, "routes": append([]string{}, routes...)})
	}
	simulate(path)
	return func() { simulate() }
}
