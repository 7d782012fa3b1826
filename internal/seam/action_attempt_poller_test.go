package seam

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
)

// slowAttempts end after their duration; the list of them counts how often it is asked.
type slowAttempts struct {
	mu    sync.Mutex
	ends  map[string]time.Time
	lists int
	err   error
}

func (s *slowAttempts) list(_ context.Context, ids []string) (map[string]ActionAttempt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lists++
	seen := map[string]ActionAttempt{}
	for _, id := range ids {
		ends, known := s.ends[id]
		if !known {
			continue
		}
		seen[id] = ActionAttempt{ID: id, Status: AttemptPending}
		if !time.Now().Before(ends) {
			seen[id] = ActionAttempt{ID: id, Status: attemptSuccess}
		}
	}
	return seen, s.err
}

func newPoller(s *slowAttempts) *attemptPoller {
	return &attemptPoller{list: s.list, waiters: map[*attemptWaiter]struct{}{}, wake: make(chan struct{}, 1)}
}

func TestActionAttemptPoller_oneListPerTick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slowAttempts{ends: map[string]time.Time{}}
		p := newPoller(s)
		var waiting sync.WaitGroup
		for i := range 200 {
			id := fmt.Sprint("attempt", i)
			s.ends[id] = time.Now().Add(5 * time.Second)
			waiting.Go(func() {
				seen, alone, err := p.await(t.Context(), id)
				if seen.Status != attemptSuccess || alone || err != nil {
					t.Errorf("%v, alone %v, %v", seen, alone, err)
				}
			})
		}
		start := time.Now()
		waiting.Wait()
		clienttest.AssertTook(t, start, 0, 6250*time.Millisecond) // 1.25 times the age of the attempts
		if s.lists > 20 {
			t.Errorf("%d lists for 200 attempts", s.lists)
		}
	})
}

func TestActionAttemptPoller_lateWaiterHasOwnSchedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slowAttempts{ends: map[string]time.Time{"old": time.Now().Add(time.Hour), "new": time.Now()}}
		p := newPoller(s)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go func() { _, _, _ = p.await(ctx, "old") }()
		<-time.After(time.Minute) // the old wait is polled every 5 s now
		start := time.Now()
		if _, _, err := p.await(t.Context(), "new"); err != nil || time.Since(start) != minPollInterval {
			t.Errorf("answered after %v (%v), want %v", time.Since(start), err, minPollInterval)
		}
		cancel()
		synctest.Wait()
		asked := s.lists
		<-time.After(time.Minute)
		if s.lists != asked {
			t.Error("it goes on polling though nobody waits")
		}
	})
}

func TestActionAttemptPoller_waitEndsWithContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPoller(&slowAttempts{ends: map[string]time.Time{"a": time.Now().Add(time.Hour)}})
		ctx, cancel := context.WithTimeout(t.Context(), 1234*time.Millisecond)
		defer cancel()
		start := time.Now()
		seen, _, err := p.await(ctx, "a")
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 1234*time.Millisecond || seen.Status != AttemptPending {
			t.Errorf("%v, %v after %v", seen, err, time.Since(start))
		}
	})
}

// An attempt that the list does not tell of is fetched by itself.
func TestActionAttemptPoller_unlistedIsFetched(t *testing.T) {
	clienttest.ForEachIn(t, synctest.Test, map[string]*slowAttempts{
		"omitted": {},
		"failing": {err: errors.New("no list")},
	}, func(t *testing.T, s *slowAttempts) {
		if _, alone, err := newPoller(s).await(t.Context(), "a"); !alone || err != nil {
			t.Errorf("alone %v, %v", alone, err)
		}
	})
}

// BenchmarkActionAttemptPoller_tickOf500 is what a tick costs besides the request.
func BenchmarkActionAttemptPoller_tickOf500(b *testing.B) {
	pending := map[string]ActionAttempt{}
	p := &attemptPoller{waiters: map[*attemptWaiter]struct{}{}, wake: make(chan struct{}, 1)}
	p.list = func(context.Context, []string) (map[string]ActionAttempt, error) { return pending, nil }
	for i := range pollBatchSize {
		id := fmt.Sprint("attempt", i)
		pending[id] = ActionAttempt{ID: id, Status: AttemptPending}
		p.waiters[&attemptWaiter{id: id, start: time.Now(), done: make(chan struct{})}] = struct{}{}
	}
	b.ReportAllocs()
	for b.Loop() {
		p.tick(b.Context())
	}
	if len(p.waiters) != pollBatchSize {
		b.Errorf("%d waits are left of %d", len(p.waiters), pollBatchSize)
	}
}
