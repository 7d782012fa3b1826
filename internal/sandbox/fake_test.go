package sandbox

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// These tests run the sandbox tests and the sweeper against our fake Seam.

func newFake(t *testing.T) (*seamtest.Server, *seamtest.Lock, api, journal) {
	t.Helper()
	fake := seamtest.New()
	lock := fake.AddLock("Front Door")
	return fake, lock, api{fake.Start(t), fake.Workspace().APIKey}, journal{filepath.Join(t.TempDir(), "journal.txt")}
}

func TestSandbox_runsAgainstTheFake(t *testing.T) {
	fake, lock, a, j := newFake(t)
	s, err := open(t.Context(), a, j)
	if err != nil {
		t.Fatal(err)
	}
	s.test(t)
	if len(lock.PINs()) > 0 || len(fake.Objects("user_identity")) > 0 || len(fake.Objects("access_grant")) > 0 {
		t.Error("something is left")
	}
	if _, err := os.Stat(j.path); !os.IsNotExist(err) {
		t.Errorf("the journal is left: %v", err)
	}
}

func TestSandbox_sweepsWhatAKilledRunHasLeft(t *testing.T) {
	fake, lock, a, j := newFake(t)
	s, err := open(t.Context(), a, j)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.must(t.Context(), "/access_codes/create", object{"device_id": lock.ID, "name": s.newName(t), "code": "4821"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.createGrant(t.Context(), s.newName(t)); err != nil {
		t.Fatal(err)
	}
	if deleted, err := j.sweep(t.Context(), a); err != nil || deleted != 3 {
		t.Errorf("%d deleted: %v", deleted, err)
	}
	if len(lock.PINs()) > 0 || len(fake.Objects("user_identity")) > 0 {
		t.Error("something is left")
	}
}

// The sweeper must not touch what it did not create: a name that is recorded without the prefix, or that
// has the prefix and is not recorded.
func TestSandbox_sweepLeavesEverythingElse(t *testing.T) {
	_, lock, a, j := newFake(t)
	s, err := open(t.Context(), a, j)
	if err != nil {
		t.Fatal(err)
	}
	s.newName(t)
	for pin, name := range map[string]string{"4821": "Guest", "5932": namePrefix + "code-of-somebody-else"} {
		if _, err := a.must(t.Context(), "/access_codes/create", object{"device_id": lock.ID, "name": name, "code": pin}); err != nil {
			t.Fatal(err)
		}
	}
	content, err := os.ReadFile(j.path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(j.path, append(content, "Guest\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	if deleted, err := j.sweep(t.Context(), a); err != nil || deleted != 0 || !lock.Opens("4821") || !lock.Opens("5932") {
		t.Errorf("%d deleted: %v", deleted, err)
	}
}

func TestSandbox_refusesAnotherWorkspace(t *testing.T) {
	requests := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests++
		_, _ = w.Write([]byte(`{"workspace": {"workspace_id": "1", "is_sandbox": false}, "ok": true}`))
	}))
	defer server.Close()
	_, err := open(t.Context(), api{server.URL, "key"}, journal{filepath.Join(t.TempDir(), "journal.txt")})
	if err == nil || !strings.Contains(err.Error(), "not one of a sandbox workspace") || requests != 1 {
		t.Errorf("%d requests: %v", requests, err)
	}
}
