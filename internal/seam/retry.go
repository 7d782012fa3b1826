package seam

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"time"
)

const (
	minBackoff    = 500 * time.Millisecond
	maxBackoff    = 30 * time.Second
	maxRetryAfter = 24 * time.Hour // cap for the Retry-After header
)

// checkRetry is the retry policy. It retries transient failures while the context allows the
// wait. A call that must not be executed twice is retried only if it certainly was not executed.
func checkRetry(ctx context.Context, res *http.Response, err error) (bool, error) {
	if err != nil {
		_, hasAdvice := errors.AsType[*AdviceError](err)
		return !hasAdvice && !errors.Is(err, errMayHaveArrived) && !errors.Is(err, errTooLarge) && ctx.Err() == nil, nil
	}
	tooMany := res.StatusCode == http.StatusTooManyRequests
	if tooMany && ctx.Value(rateLimitKey{}) != nil || !tooMany && (isSentOnce(ctx) || res.StatusCode < 500) {
		return false, nil
	}
	wait, _ := retryAfter(res.Header)
	if left, limited := remainingTime(ctx); limited && left < wait {
		return false, nil
	}
	return ctx.Err() == nil, nil
}

func isSentOnce(ctx context.Context) bool { return ctx.Value(deliveryKey{}) != nil }

// notSent reports whether err happened before a connection was established.
func notSent(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}

// backoff returns the pause before retry n: from 500 ms, doubled each time up to 30 s, with
// jitter. A Retry-After header sets the minimum.
func backoff(n int, res *http.Response) time.Duration {
	pause := min(minBackoff<<min(n, 10), maxBackoff)
	if res != nil {
		if wait, ok := retryAfter(res.Header); ok {
			return wait + rand.N(pause/2)
		}
	}
	return pause/2 + rand.N(pause/2)
}

// retryAfter parses the Retry-After header, in seconds or as a date. A date is compared with the
// response's Date header, because the local clock may be wrong.
func retryAfter(header http.Header) (time.Duration, bool) {
	text := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return min(time.Duration(seconds)*time.Second, maxRetryAfter), true
	}
	if date, err := http.ParseTime(text); err == nil {
		now, err := http.ParseTime(header.Get("Date"))
		if err != nil {
			now = time.Now()
		}
		return min(max(0, date.Sub(now)), maxRetryAfter), true
	}
	return 0, false
}
