package removal

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// A lock is written to as fast as Seam allows, and no faster.
func TestDeviceLimiter_writesAtSeamsLimit(t *testing.T) {
	withFixture(t, 1, 60, func(e *fixture) {
		e.Server.EnforceLimits(true)
		c, start := e.client(seam.Config{}), time.Now()
		creates := e.createMany(c, e.Locks[0], 30, 50000)
		e.removeAll(c)
		creates.Wait()
		clienttest.AssertTook(e.T, start, 2*time.Minute, 2*time.Minute+30*time.Second) // what Seam's limits demand
		if n := e.Server.RateLimitedCount(); n != 0 {
			e.T.Errorf("Seam refused %d writes", n)
		}
		for _, r := range e.Server.Requests() {
			if r.Status == http.StatusConflict {
				e.T.Errorf("%s overlapped another write", r.Path)
			}
		}
		if n := len(e.Locks[0].PINs()); n != 30 {
			e.T.Errorf("the lock holds %d PINs, want the 30 new ones", n)
		}
	})
}

func TestDeviceLimiter_updatesHaveOwnLimit(t *testing.T) {
	withFixture(t, 1, 25, func(e *fixture) {
		e.Server.EnforceLimits(true)
		c, start, name := e.client(seam.Config{}), time.Now(), "Renamed"
		e.eachCode(func(ctx context.Context, code AccessCode) error {
			return e.update(ctx, c, code, seam.AccessCodeInput{Name: &name})
		})
		if took := time.Since(start); took < 2*time.Minute || took > 2*time.Minute+15*time.Second || e.Server.RateLimitedCount() != 0 {
			e.T.Errorf("25 updates took %v, and Seam refused %d; its limits demand 2m", took, e.Server.RateLimitedCount())
		}
	})
}

// Writes overlap on several locks, but not on one.
func TestDeviceLimiter_serializesPerLock(t *testing.T) {
	withFixture(t, 4, 5, func(e *fixture) {
		c := e.client(seam.Config{})
		var creates []*sync.WaitGroup
		for _, lock := range e.Locks {
			creates = append(creates, e.createMany(c, lock, 5, 50000))
		}
		e.removeAll(c)
		for _, all := range creates {
			all.Wait()
		}
		for _, path := range []string{createPath, deletePath} {
			if onOne, overall := e.Server.MaxInFlight(path); onOne != 1 || overall < 2 {
				e.T.Errorf("%s: %d at once on one lock and %d in all, want 1 and several", path, onOne, overall)
			}
		}
	})
}

func TestDeviceLimiter_serializesDifferentWrites(t *testing.T) {
	withFixture(t, 1, 5, func(e *fixture) {
		e.Server.EnforceLimits(true) // refuses overlaps
		c, name := e.client(seam.Config{}), "Renamed"
		creates := e.createMany(c, e.Locks[0], 5, 50000)
		e.eachCode(func(ctx context.Context, code AccessCode) error {
			return errors.Join(e.update(ctx, c, code, seam.AccessCodeInput{Name: &name}), e.remove(ctx, c, code))
		})
		creates.Wait()
		for _, r := range e.Server.Requests() {
			if r.Status != http.StatusOK && r.Status != http.StatusNotFound {
				e.T.Errorf("%s answered %d", r.Path, r.Status)
			}
		}
	})
}

// A lock that is slow to confirm does not delay the next write to it.
func TestDeviceLimiter_slowLockDoesNotBlockWrites(t *testing.T) {
	withFixture(t, 1, 10, func(e *fixture) {
		e.Server.SetDefaultDelete(seamtest.DeleteBehavior{Takes: 30 * time.Second})
		c, start := e.client(seam.Config{}), time.Now()
		e.removeAll(c)
		clienttest.AssertTook(e.T, start, 0, 40*time.Second)
	})
}

func TestDeviceLimiter_canceledBehindSlowWrite(t *testing.T) {
	withFixture(t, 1, 1, func(e *fixture) {
		e.InjectFault(createPath, 1, seamtest.Fault{Delay: 20 * time.Second})
		c := e.client(seam.Config{})
		create := e.createMany(c, e.Locks[0], 1, 50000)
		synctest.Wait()
		ctx, cancel := context.WithCancel(e.T.Context())
		time.AfterFunc(5*time.Second, cancel)
		start := time.Now()
		err := e.remove(ctx, c, e.codes[0])
		if took := time.Since(start); !errors.Is(err, context.Canceled) || took > 6*time.Second {
			e.T.Errorf("given up after 5s, it ended after %v: %v", took, err)
		}
		e.AssertRequests(deletePath, 0)
		create.Wait()
		e.mustRemove(c, e.codes[0])
	})
}

// While one write waits out a 429, the others to that lock wait with it.
func TestRateLimit_429BlocksOtherWritesToLock(t *testing.T) {
	withFixture(t, 2, 2, func(e *fixture) {
		busy, free := e.Locks[0], e.Locks[1]
		e.InjectFault(deletePath, 1, seamtest.Fault{
			Status: 429, Type: "too_many_requests", Header: http.Header{"Retry-After": {"20"}},
			Match: func(body map[string]any) bool { return body["access_code_id"] == e.codes[0].ID },
		})
		c, start := e.client(seam.Config{}), time.Now()
		var all sync.WaitGroup
		all.Go(func() { e.mustRemove(c, e.codes[0]) })
		<-time.After(2 * time.Second)
		for _, creates := range []*sync.WaitGroup{e.createMany(c, busy, 3, 50000), e.createMany(c, free, 3, 60000)} {
			defer creates.Wait()
		}
		e.mustRemove(c, e.codes[1])
		all.Wait()
		<-time.After(time.Minute)
		writes := map[string][]time.Duration{} // since the start, by path or, for creates, by lock
		for _, r := range e.Server.Requests() {
			device, _ := r.Body["device_id"].(string)
			if r.Path == deletePath || r.Path == createPath {
				writes[cmp.Or(device, r.Path)] = append(writes[cmp.Or(device, r.Path)], r.At.Sub(start))
			}
		}
		for lock, test := range map[*seamtest.Lock]struct{ least, most time.Duration }{
			busy: {20 * time.Second, 25 * time.Second}, free: {2 * time.Second, 3 * time.Second},
		} {
			creates := writes[lock.ID]
			if len(creates) != 3 || slices.Min(creates) < test.least || slices.Max(creates) > test.most {
				e.T.Errorf("%s was written to after %v, want three times between %v and %v", lock.Name, creates, test.least, test.most)
			}
		}
		if deletes := writes[deletePath]; len(deletes) != 3 || deletes[0].Round(time.Second) != 0 {
			e.T.Errorf("deletes after %v, want the first, its repeat and the second after 20s", deletes)
		}
	})
}

// A delete that waits minutes for its turn is about the code as it is then: are the backup codes
// removed that were pulled meanwhile?
func TestDeviceLimiter_lateDeleteSeesABackupCode(t *testing.T) {
	withFixture(t, 1, 25, func(e *fixture) {
		end := time.Now().Add(24 * time.Hour)
		for i := range e.codes {
			e.codes[i].EndsAt = end
			e.Server.ChangeAccessCode(e.codes[i].ID, func(code *seamtest.AccessCode) { code.StartsAt, code.EndsAt = end.Add(-25*time.Hour), end })
		}
		var pulled []string
		time.AfterFunc(30*time.Second, func() {
			for _, code := range e.codes {
				if id := e.Server.PullBackupAccessCode(code.ID); id != "" {
					pulled = append(pulled, id)
				}
			}
		})
		e.removeAll(e.client(seam.Config{}))
		if len(pulled) != 5 || len(e.Locks[0].PINs()) > 0 {
			t.Errorf("%d backup codes were pulled, and the lock holds %q", len(pulled), e.Locks[0].PINs())
		}
	})
}
