package seam

import (
	"context"
	"fmt"
	"testing"
	"time"
)

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
