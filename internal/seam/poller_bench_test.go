package seam

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// BenchmarkPollerTickOf500Waits is what a tick costs besides the request.
func BenchmarkPollerTickOf500Waits(b *testing.B) {
	pending := map[string]ActionAttempt{}
	p := &poller{waits: map[*attemptWait]struct{}{}, wake: make(chan struct{}, 1)}
	p.list = func(context.Context, []string) (map[string]ActionAttempt, error) { return pending, nil }
	for i := range pollChunk {
		id := fmt.Sprint("attempt", i)
		pending[id] = ActionAttempt{ID: id, Status: attemptPending}
		p.waits[&attemptWait{id: id, start: time.Now(), done: make(chan struct{})}] = struct{}{}
	}
	b.ReportAllocs()
	for b.Loop() {
		p.tick(b.Context())
	}
	if len(p.waits) != pollChunk {
		b.Errorf("%d waits are left of %d", len(p.waits), pollChunk)
	}
}
