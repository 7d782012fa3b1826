package seam

import (
	"context"
	"fmt"
	"time"
)

// Deadline is a time budget shared by several contexts, used one after the other. Time spent
// waiting to write to a lock is not counted, because it depends on Seam's rate limits and on the
// other writes of this run. It is not safe for concurrent use.
type Deadline struct {
	cause     error // context.Cause after the deadline
	remaining time.Duration
	since     time.Time // up to which remaining is accurate
	timer     *time.Timer
}

// NewDeadline returns a deadline with the budget d. Contexts that exceed it have this cause.
func NewDeadline(d time.Duration, cause error) *Deadline {
	return &Deadline{cause: cause, remaining: d}
}

type deadlineKey struct{}

// Context returns a context that is canceled when the budget is used up. The budget is consumed
// until cancel is called.
func (d *Deadline) Context(ctx context.Context) (_ context.Context, cancel context.CancelFunc) {
	ctx, end := context.WithCancelCause(ctx)
	d.since = time.Now()
	d.timer = time.AfterFunc(d.remaining, func() { end(d.cause) })
	if d.remaining <= 0 {
		end(d.cause)
	}
	return context.WithValue(ctx, deadlineKey{}, d), func() {
		d.stop()
		end(nil)
	}
}

// stop stops the clock and reports whether it was running.
func (d *Deadline) stop() bool {
	now := time.Now()
	d.remaining, d.since = d.remaining-now.Sub(d.since), now
	return d.timer.Stop()
}

// WithTimeout returns a context with its own [Deadline] of d.
func WithTimeout(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return NewDeadline(d, fmt.Errorf("it took longer than %v", d)).Context(ctx)
}

// detach is a context that goes on when ctx ends, and after its [Deadline].
func detach(ctx context.Context) context.Context {
	return context.WithValue(context.WithoutCancel(ctx), deadlineKey{}, nil)
}

// pauseDeadline stops the clock of a [Deadline] until it is resumed.
func pauseDeadline(ctx context.Context) (resume func()) {
	d, limited := ctx.Value(deadlineKey{}).(*Deadline)
	if !limited || !d.stop() {
		return func() {}
	}
	return func() {
		d.since = time.Now()
		d.timer.Reset(d.remaining)
	}
}

// remainingTime returns the time until ctx expires, if it has a deadline.
func remainingTime(ctx context.Context) (left time.Duration, limited bool) {
	if d, ok := ctx.Value(deadlineKey{}).(*Deadline); ok {
		left, limited = d.remaining-time.Since(d.since), true
	}
	if deadline, ok := ctx.Deadline(); ok && (!limited || time.Until(deadline) < left) {
		left, limited = time.Until(deadline), true
	}
	return left, limited
}
