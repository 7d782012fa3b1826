package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// grantFixture is a person and two doors.
type grantFixture struct {
	*harness
	back   *seamtest.Lock
	person string
}

func withGrants(t *testing.T, test func(*grantFixture)) {
	t.Helper()
	withHarnessFor(t, "seam_access_grant", func(h *harness) { test(newGrantFixture(h)) })
}

func newGrantFixture(h *harness) *grantFixture {
	person := h.seam.AddObject("user_identity", map[string]any{"full_name": "Ana"})
	return &grantFixture{h, h.seam.AddLock("Back Door"), person.ID}
}

// config is a grant with the PIN 4821 on both doors.
func (f *grantFixture) config() values {
	return values{
		"user_identity_id": f.person, "device_ids": []any{f.lock.ID, f.back.ID}, "name": "Stay",
		"requested_access_methods": []any{values{"mode": "code", "code": "4821"}},
	}
}

// requireBoth fails the test if the PIN does not open both doors, or with false if it opens one.
func (f *grantFixture) requireBoth(pin string, want bool) {
	f.t.Helper()
	for _, door := range []*seamtest.Lock{f.lock, f.back} {
		if door.Opens(pin) != want {
			f.t.Errorf("PIN %s opens %s: %v, want %v", pin, door.Name, !want, want)
		}
	}
}

func TestAccessGrant_conforms(t *testing.T) {
	c := acctest.NounCase("access_grant", "access_grants")
	c.Configs = func(h *acctest.Harness) (before, after, other arguments) {
		f := newGrantFixture(wrapHarness(h))
		config := f.with(values{"mode": "code", "code": canary}).with(values{"ends_at": "2100-01-01T00:00:00Z"})
		return arguments(config), arguments(config.with(values{"name": "Long stay", "ends_at": "2110-01-01T00:00:00Z"})), arguments(config.with(values{"device_ids": []any{f.lock.ID}}))
	}
	c.Replaces = "device_ids"
	c.Secrets = func(*acctest.Harness) []string { return []string{canary} }
	conform(t, c)
}

func TestAccessGrant_lifecycle(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.requireNoDiagnostics(f.apply(f.config()))
		f.requireSettled(f.config())
		f.requireBoth("4821", true)
		f.restart()
		shorter := f.config().with(values{"ends_at": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)})
		f.requireNoDiagnostics(f.apply(shorter))
		f.requireSettled(shorter)
		f.restart()
		f.requireNoDiagnostics(f.destroy())
		f.requireNoState()
		f.requireBoth("4821", false)
	})
}
