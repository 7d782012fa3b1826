package seam

import (
	"context"
	"time"
)

const (
	firstPoll = 250 * time.Millisecond
	lastPoll  = 5 * time.Second
	// pollFailures is how many polls in a row may fail for a passing reason.
	pollFailures = 3
)

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
