package seam

import (
	"context"
	"time"
)

const (
	minPollInterval = 250 * time.Millisecond
	maxPollInterval = 5 * time.Second
	// maxPollFailures is the number of consecutive transient failures that end a poll.
	maxPollFailures = 3
)

// Poll calls look until it is done, ctx ends, or look fails: with an error that is not retryable
// or three times in a row. Each interval is a quarter of the time waited so far, at least 250 ms
// and at most 5 s. The first call comes after one interval.
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

// PollNow is Poll whose first look comes at once.
func PollNow(ctx context.Context, look func(context.Context) (done bool, err error)) error {
	if done, err := look(ctx); done || err != nil && !IsRetryable(err) {
		return err
	}
	return Poll(ctx, look)
}

// pollTwice is PollNow until look is done twice in a row: one answer may be out of date.
func pollTwice(ctx context.Context, look func(context.Context) (done bool, err error)) error {
	answers := 0
	return PollNow(ctx, func(ctx context.Context) (bool, error) {
		done, err := look(ctx)
		if answers++; !done {
			answers = 0
		}
		return answers == 2, err
	})
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
