package seam

import (
	"context"
	"time"
)

const (
	minPollInterval = 250 * time.Millisecond
	maxPollInterval = 5 * time.Second
	// maxPollFailures is how many polls in a row may fail for a passing reason.
	maxPollFailures = 3
)

// Poll calls look until it is done. The next look comes at 1.25 times the age of the
// wait, at least a quarter of a second and at most five seconds after the last.
func Poll(ctx context.Context, look func(context.Context) (done bool, err error)) error {
	start, failures := time.Now(), 0
	for {
		if err := sleep(ctx, pollInterval(time.Since(start))); err != nil {
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
		case !IsRetryable(err):
			return err
		default:
			if failures++; failures >= maxPollFailures {
				return err
			}
		}
	}
}

// pollNow is Poll whose first look comes at once.
func pollNow(ctx context.Context, look func(context.Context) (done bool, err error)) error {
	if done, err := look(ctx); done || err != nil && !IsRetryable(err) {
		return err
	}
	return Poll(ctx, look)
}

func pollInterval(age time.Duration) time.Duration {
	return min(max(age/4, minPollInterval), maxPollInterval)
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
