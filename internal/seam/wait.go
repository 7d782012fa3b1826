package seam

import (
	"context"
	"fmt"
	"time"
)

const (
	firstPoll = 250 * time.Millisecond
	lastPoll  = 5 * time.Second
	// pollFailures is how many polls in a row may fail for a passing reason.
	pollFailures = 3
)

// budget is how long something may take. It is used by one goroutine.
type budget struct {
	left  time.Duration
	since time.Time
	timer *time.Timer
}

type budgetKey struct{}

// Within ends after d. Time in which something waits for its turn to write to a lock does
// not count: how long that takes is up to Seam's limits and to what else is to be done.
func Within(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	b := &budget{left: d, since: time.Now()}
	b.timer = time.AfterFunc(d, func() { cancel(fmt.Errorf("it took longer than %v", d)) })
	return context.WithValue(ctx, budgetKey{}, b), func() {
		b.timer.Stop()
		cancel(nil)
	}
}

// uncounted stops the clock of [Within] until it is resumed.
func uncounted(ctx context.Context) (resume func()) {
	b, limited := ctx.Value(budgetKey{}).(*budget)
	if !limited || !b.timer.Stop() {
		return func() {}
	}
	b.left -= time.Since(b.since)
	return func() {
		b.since = time.Now()
		b.timer.Reset(b.left)
	}
}

// timeLeft is how long ctx lasts, if that is limited.
func timeLeft(ctx context.Context) (left time.Duration, limited bool) {
	if b, ok := ctx.Value(budgetKey{}).(*budget); ok {
		left, limited = b.left-time.Since(b.since), true
	}
	if deadline, ok := ctx.Deadline(); ok && (!limited || time.Until(deadline) < left) {
		left, limited = time.Until(deadline), true
	}
	return left, limited
}

// poll asks look until it is done. The next look comes at 1.25 times the age of the
// wait, at least a quarter of a second and at most five seconds after the last.
func poll(ctx context.Context, look func(context.Context) (done bool, err error)) error {
	start, failures := time.Now(), 0
	for {
		if err := sleep(ctx, nextPoll(time.Since(start))); err != nil {
			return err
		}
		done, err := look(ctx)
		switch {
		case ctx.Err() != nil && !done:
			return context.Cause(ctx)
		case err == nil && done:
			return nil
		case err == nil:
			failures = 0
		case !passing(err):
			return err
		default:
			if failures++; failures >= pollFailures {
				return err
			}
		}
	}
}

func nextPoll(age time.Duration) time.Duration {
	return min(max(age/4, firstPoll), lastPoll)
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

// turnstile lets one through at a time. Unlike a mutex, waiting for it can be cancelled.
type turnstile chan struct{}

func newTurnstile() turnstile { return make(turnstile, 1) }

func (t turnstile) enter(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (t turnstile) leave() { <-t }
