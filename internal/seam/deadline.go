package seam

import (
	"context"
	"fmt"
	"time"
)

// deadline is how long something may take. It is used by one goroutine.
type deadline struct {
	remaining time.Duration
	since     time.Time
	timer     *time.Timer
}

type deadlineKey struct{}

// WithTimeout ends after d. Time spent waiting to be allowed to write to a lock does not
// count: how long that takes is up to Seam's limits and to what else is to be done.
func WithTimeout(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	b := &deadline{remaining: d, since: time.Now()}
	b.timer = time.AfterFunc(d, func() { cancel(fmt.Errorf("it took longer than %v", d)) })
	return context.WithValue(ctx, deadlineKey{}, b), func() {
		b.timer.Stop()
		cancel(nil)
	}
}

// pauseDeadline stops the clock of [WithTimeout] until it is resumed.
func pauseDeadline(ctx context.Context) (resume func()) {
	b, limited := ctx.Value(deadlineKey{}).(*deadline)
	if !limited || !b.timer.Stop() {
		return func() {}
	}
	b.remaining -= time.Since(b.since)
	return func() {
		b.since = time.Now()
		b.timer.Reset(b.remaining)
	}
}

// remainingTime is how long ctx lasts, if that is limited.
func remainingTime(ctx context.Context) (left time.Duration, limited bool) {
	if b, ok := ctx.Value(deadlineKey{}).(*deadline); ok {
		left, limited = b.remaining-time.Since(b.since), true
	}
	if deadline, ok := ctx.Deadline(); ok && (!limited || time.Until(deadline) < left) {
		left, limited = time.Until(deadline), true
	}
	return left, limited
}
