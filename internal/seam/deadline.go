package seam

import (
	"context"
	"fmt"
	"time"
)

// Deadline is how long something may take, over several contexts one after the other. Time
// spent waiting to be allowed to write to a lock does not count: how long that takes is up
// to Seam's limits and to what else is to be done. It is used by one goroutine.
type Deadline struct {
	cause     error // of contexts that it ends
	remaining time.Duration
	since     time.Time // since when its time is not counted yet
	timer     *time.Timer
}

// NewDeadline lasts for d. Contexts that it ends have this cause.
func NewDeadline(d time.Duration, cause error) *Deadline {
	return &Deadline{cause: cause, remaining: d}
}

type deadlineKey struct{}

// Context ends with the deadline, whose clock runs until cancel is called.
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

// stop reports whether the clock was running and is stopped now.
func (d *Deadline) stop() bool {
	now := time.Now()
	d.remaining, d.since = d.remaining-now.Sub(d.since), now
	return d.timer.Stop()
}

// WithTimeout ends after d, by a [Deadline] of its own.
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

// remainingTime is how long ctx lasts, if that is limited.
func remainingTime(ctx context.Context) (left time.Duration, limited bool) {
	if d, ok := ctx.Value(deadlineKey{}).(*Deadline); ok {
		left, limited = d.remaining-time.Since(d.since), true
	}
	if deadline, ok := ctx.Deadline(); ok && (!limited || time.Until(deadline) < left) {
		left, limited = time.Until(deadline), true
	}
	return left, limited
}
