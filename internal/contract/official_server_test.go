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

	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
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
	s := &server{name: officialName, checked: map[deviation]bool{}}
	s.serverControls = &officialControls{s}
	for s.endpoint == "" {
		s.endpoint = startNode(t, script)
	}
	seed := s.send(t, http.MethodGet, "/_fake/default_seed", nil).body
	s.key, s.foreignKey = stringAt(seed, "seam_apikey1_token"), stringAt(seed, "seam_apikey2_token")
	s.workspace = stringAt(seed, "seed_workspace_1")
	s.lock, s.otherLock = stringAt(seed, "august_device_1"), stringAt(seed, "august_device_2")
	s.system, s.token = stringAt(seed, "visionline_acs_system_1"), stringAt(seed, "seam_at1_token")
	return s
}

// exitWithStdin makes a Node process end when its standard input does, so that it cannot
// outlive a test binary that was killed.
const exitWithStdin = `data:text/javascript,process.stdin.on("end",()=>process.exit()).resume()`

// startNode returns the endpoint once the fake answers there; none if somebody else took
// the port meanwhile.
func startNode(t *testing.T, script string) string {
	port := freePort(t)
	var output bytes.Buffer
	ended, end := context.WithCancel(context.Background())
	node := exec.CommandContext(t.Context(), "node", "--import", exitWithStdin, script, "--seed")
	node.Env = append(os.Environ(), "PORT="+port)
	node.Stdout, node.Stderr = &output, &output
	_, err := node.StdinPipe()
	clienttest.Must(t, err)
	if err := node.Start(); err != nil {
		t.Fatalf("the official fake needs Node: %v", err)
	}
	go func() {
		defer end()
		_ = node.Wait()
	}()
	t.Cleanup(func() { <-ended.Done() }) // the test's context is done by now, which kills it
	endpoint := "http://127.0.0.1:" + port
	if waitUntilHealthy(ended, endpoint) {
		return endpoint
	}
	if ended.Err() == nil {
		t.Fatalf("the official fake does not answer after %v", startTimeout)
	}
	if !bytes.Contains(output.Bytes(), []byte("EADDRINUSE")) {
		t.Fatalf("the official fake ended: %s", output.Bytes())
	}
	return ""
}

// freePort is a port that is free on every address, since the fake listens on all.
func freePort(t *testing.T) string {
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{})
	clienttest.Must(t, err)
	defer func() { _ = listener.Close() }()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	clienttest.Must(t, err)
	return port
}

// waitUntilHealthy waits until the endpoint is healthy or its process has ended.
func waitUntilHealthy(ended context.Context, endpoint string) bool {
	ctx, cancel := context.WithTimeout(ended, startTimeout)
	defer cancel()
	for !healthy(ctx, endpoint) {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(50 * time.Millisecond):
		}
	}
	return true
}

func healthy(ctx context.Context, endpoint string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint+"/health", nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(req)
	return err == nil && res.Body.Close() == nil && res.StatusCode == http.StatusOK
}

// officialControls controls the official fake.
type officialControls struct{ *server }

func (r *officialControls) addUnmanagedAccessCode(t *testing.T, pin string) string {
	return stringAt(r.ok(t, "/access_codes/simulate/create_unmanaged_access_code", jsonObject{"device_id": r.lock, "name": "Outside", "code": pin}), "access_code", "access_code_id")
}

// removeUnmanagedAccessCode uses that the fake deletes unmanaged codes where managed ones are.
func (r *officialControls) removeUnmanagedAccessCode(t *testing.T, id string) {
	r.ok(t, "/access_codes/delete", jsonObject{"access_code_id": id})
}

// delayRemoval turns the attempt back to pending before the client knows of it.
func (r *officialControls) delayRemoval(t *testing.T, w *recordingTransport) {
	var attempt string
	w.afterResponse("/access_codes/delete", func(body jsonObject) {
		attempt = stringAt(body, "action_attempt", "action_attempt_id")
		r.setAttempt(t, jsonObject{"action_attempt_id": attempt, "status": "pending"})
	})
	w.afterResponse("/action_attempts/get", func(jsonObject) {
		r.setAttempt(t, jsonObject{"action_attempt_id": attempt, "status": "success"})
	})
}

func (r *officialControls) failRemoval(t *testing.T, w *recordingTransport, kind string) {
	w.afterResponse("/access_codes/delete", func(body jsonObject) {
		r.setAttempt(t, jsonObject{
			"action_attempt_id": stringAt(body, "action_attempt", "action_attempt_id"), "status": "error",
			"error": jsonObject{"type": kind, "message": "The lock did not do it"},
		})
	})
}

func (r *officialControls) setAttempt(t *testing.T, to jsonObject) {
	r.ok(t, "/_fake/update_action_attempt", to)
}

func (r *officialControls) completeConnectWebview(t *testing.T, id string) {
	r.ok(t, "/_fake/complete_connect_webview", jsonObject{"connect_webview_id": id})
}

func (r *officialControls) failPath(t *testing.T, path string) (restore func()) {
	simulate := func(routes ...string) {
		r.ok(t, "/_fake/simulate_workspace_outage", jsonObject{"workspace_id": r.workspace, "routes": append([]string{}, routes...)})
	}
	simulate(path)
	return func() { simulate() }
}
