package seam

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
)

// retryCall is a kind of call, on a code of the fixture.
type retryCall struct {
	path string
	call func(context.Context, *fixture, *Client) error
}

var retryCalls = map[string]retryCall{
	"read": {"/access_codes/get", func(ctx context.Context, e *fixture, c *Client) error { return readWith(ctx, c, e.Codes[0]) }},
	"update": writeCall("/access_codes/update", WriteUpdate, func(ctx context.Context, e *fixture, c *Client) error {
		return clienttest.ErrorOf(c.RequestAccessCodeUpdate(ctx, AccessCodeInput{AccessCodeID: e.Codes[0].ID, Name: new("Renamed")}))
	}),
	"delete": writeCall("/access_codes/delete", WriteDelete, func(ctx context.Context, e *fixture, c *Client) error {
		return clienttest.ErrorOf(c.RequestAccessCodeDeletion(ctx, e.Codes[0].ID, false))
	}),
	"create": {createPath, func(ctx context.Context, e *fixture, c *Client) error {
		return clienttest.ErrorOf(c.CreateAccessCode(ctx, AccessCodeInput{DeviceID: e.Locks[0].ID}))
	}},
}

func writeCall(path string, kind WriteKind, request func(context.Context, *fixture, *Client) error) retryCall {
	return retryCall{path, func(ctx context.Context, e *fixture, c *Client) error {
		release, err := c.AcquireWrite(ctx, e.Codes[0].DeviceID, kind)
		if err != nil {
			return err
		}
		defer release()
		return request(ctx, e, c)
	}}
}

// failing makes the call, and lets it fail a number of times. It returns the times between its
// requests and how long it took.
func (r retryCall) failing(
	ctx context.Context, e *fixture, maxRetries, times int, fail http.RoundTripper,
) (gaps []time.Duration, took time.Duration, err error) {
	e.T.Helper()
	o := &faultyTransport{path: r.path, times: times, fail: fail}
	c, start := e.clientThrough(maxRetries, o), time.Now()
	err = r.call(ctx, e, c)
	return o.gaps(), time.Since(start), err
}

// Which failures are retried, for which call, and how often?
func TestRetry_byFailureAndCall(t *testing.T) {
	type testCase struct {
		fail    http.RoundTripper
		creates bool // repeated for creates as well: it certainly did not arrive
		others  bool
	}
	failures := map[string]testCase{
		"500":                {status(500), false, true},
		"502":                {status(502), false, true},
		"503":                {status(503), false, true},
		"connection reset":   {connection("read"), false, true},
		"broken while sent":  {connection("write"), false, true},
		"no connection":      {connection("dial"), true, true},
		"400":                {status(400), false, false},
		"401":                {status(401), false, false},
		"403":                {status(403), false, false},
		"404 of another way": {status(404), false, false},
		"408":                {status(408), false, false},
		"422":                {status(422), false, false},
	}
	for _, retries := range []int{0, 3} {
		t.Run(fmt.Sprint("max_retries ", retries), func(t *testing.T) {
			clienttest.ForEachPairIn(t, fixtures(1), failures, retryCalls, func(e *fixture, test testCase, call retryCall) {
				gaps, _, err := call.failing(e.T.Context(), e, retries, -1, test.fail)
				clienttest.AssertError(e.T, err) // it never went through
				want := 1
				if call.path == createPath && test.creates || call.path != createPath && test.others {
					want += retries
				}
				if len(gaps)+1 != want {
					e.T.Fatalf("asked %d times, want %d", len(gaps)+1, want)
				}
				for i, gap := range gaps {
					if pause := minBackoff << i; gap < pause/2 || gap > pause {
						e.T.Errorf("repeat %d came after %v, want %v to %v", i+1, gap, pause/2, pause)
					}
				}
			})
		})
	}
}

// A write that Seam puts off does not use up max_retries.
func TestRateLimit_429OnWriteDoesNotCountAsRetry(t *testing.T) {
	type testCase struct {
		fail  http.RoundTripper
		pause time.Duration
	}
	failures := map[string]testCase{
		"without Retry-After":       {status(429), time.Minute},
		"in HTML":                   {html429, time.Minute},
		"with Retry-After":          {retryLater(429, func() string { return "20" }), 20 * time.Second},
		"with Retry-After, at once": {retryLater(429, func() string { return "0" }), time.Second},
	}
	writes := maps.Clone(retryCalls)
	delete(writes, "read")
	clienttest.ForEachPairIn(t, fixtures(1), failures, writes, func(e *fixture, test testCase, call retryCall) {
		gaps, _, err := call.failing(e.T.Context(), e, 1, 4, test.fail)
		if err != nil || len(gaps) != 4 {
			e.T.Fatalf("%d repeats, want 4: %v", len(gaps), err)
		}
		for i, gap := range gaps {
			if gap < test.pause || gap > test.pause+time.Second {
				e.T.Errorf("repeat %d came after %v, want %v", i+1, gap, test.pause)
			}
		}
	})
	clienttest.ForEachIn(t, fixtures(1), failures, func(e *fixture, test testCase) {
		if gaps, _, err := retryCalls["read"].failing(e.T.Context(), e, 1, 4, test.fail); err == nil || len(gaps) != 1 {
			e.T.Errorf("%d repeats of a read, want the one of max_retries: %v", len(gaps), err)
		}
	})
}

// A wrong clock on this machine must not turn a wait of seconds into one of hours.
func TestRetry_retryAfterDateUsesServerClock(t *testing.T) {
	clocks := map[string]time.Duration{"ours is behind": 3 * time.Hour, "ours is ahead": -3 * time.Hour}
	clienttest.ForEachPairIn(t, fixtures(1), clocks, retryCalls, func(e *fixture, ahead time.Duration, call retryCall) {
		gaps, _, err := call.failing(e.T.Context(), e, 1, 1, clienttest.Answer(func(*http.Request) clienttest.Response {
			res, now := clienttest.JSON(429, planned), time.Now().Add(ahead)
			res.Header["Date"], res.Header["Retry-After"] = httpDate(now), httpDate(now.Add(20*time.Second))
			return res
		}))
		clienttest.Must(e.T, err)
		if gaps[0] < 20*time.Second || gaps[0] > 21*time.Second {
			e.T.Errorf("asked again after %v, want 20s", gaps[0])
		}
	})
}

var html429 = clienttest.Answers{"": clienttest.Typed(429, "text/html", "<html><h1>Slow down</h1></html>")}

func TestRetry_backoffGrowsToMaximum(t *testing.T) {
	for n, most := range []time.Duration{500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000} {
		most *= time.Millisecond
		for range 100 {
			if pause := backoff(n, nil); pause < most/2 || pause > most {
				t.Fatalf("pause %d is %v, want %v to %v", n, pause, most/2, most)
			}
		}
	}
	if pause := backoff(1000, nil); pause < maxBackoff/2 || pause > maxBackoff {
		t.Errorf("pause 1000 is %v", pause)
	}
}

// A failure that passes is not noticed.
func TestRetry_transientFailureIsHidden(t *testing.T) {
	clienttest.ForEachIn(t, fixtures(1), retryCalls, func(e *fixture, call retryCall) {
		_, _, err := call.failing(e.T.Context(), e, DefaultMaxRetries, 5, status(429))
		clienttest.Must(e.T, err)
	})
}

func TestRetry_retryAfterIsMinimum(t *testing.T) {
	type testCase struct {
		after       func() string
		least, most time.Duration
	}
	clienttest.ForEachPairIn(t, fixtures(1), map[string]testCase{
		"seconds":            {func() string { return "7" }, 7 * time.Second, 7250 * time.Millisecond},
		"no seconds":         {func() string { return "0" }, 0, 250 * time.Millisecond},
		"a date":             {func() string { return httpDate(time.Now().Add(8 * time.Second)) }, 7 * time.Second, 8250 * time.Millisecond},
		"a date in the past": {func() string { return httpDate(time.Now().Add(-time.Hour)) }, 0, 250 * time.Millisecond},
		"nonsense":           {func() string { return "soon" }, 250 * time.Millisecond, 500 * time.Millisecond},
		"negative":           {func() string { return "-5" }, 250 * time.Millisecond, 500 * time.Millisecond},
		"a fraction":         {func() string { return "1.5" }, 250 * time.Millisecond, 500 * time.Millisecond},
	}, map[string]int{"429": 429, "503": 503}, func(e *fixture, test testCase, code int) {
		gaps, _, err := retryCalls["read"].failing(e.T.Context(), e, 1, 1, retryLater(code, test.after))
		clienttest.Must(e.T, err)
		if gaps[0] < test.least || gaps[0] > test.most {
			e.T.Errorf("asked again after %v, want %v to %v", gaps[0], test.least, test.most)
		}
	})
}

func httpDate(at time.Time) string { return at.UTC().Format(http.TimeFormat) }

// A Retry-After beyond the deadline fails at once, and says why.
func TestRetry_waitBeyondDeadlineFailsAtOnce(t *testing.T) {
	clienttest.ForEachPairIn(t, fixtures(1), map[string]func() string{
		"seconds": func() string { return "3600" },
		"a date":  func() string { return httpDate(time.Now().Add(time.Hour)) },
		"forever": func() string { return "Fri, 31 Dec 9999 23:59:59 GMT" },
	}, retryCalls, func(e *fixture, after func() string, call retryCall) {
		ctx, cancel := context.WithTimeout(e.T.Context(), 15*time.Minute)
		defer cancel()
		gaps, took, err := call.failing(ctx, e, 5, -1, retryLater(429, after))
		if err == nil || took > 2*time.Second || len(gaps) > 0 {
			e.T.Fatalf("after %v and %d repeats: %v", took, len(gaps), err)
		}
		clienttest.AssertContains(e.T, err.Error(), "HTTP 429", "asks to wait")
	})
}

func TestErrors_untypedResponse(t *testing.T) {
	withFixture(t, 1, 1, func(e *fixture) {
		_, _, err := retryCalls["read"].failing(e.T.Context(), e, 1, -1, html429)
		clienttest.AssertError(e.T, err, "Too Many Requests", "HTTP 429")
		clienttest.AssertOmits(e.T, err.Error(), "html", "Slow down")
		clienttest.AssertContains(e.T, Advice(err, ""), "max_retries")
	})
}

func TestRetry_cancelEndsBackoff(t *testing.T) {
	clienttest.ForEachIn(t, fixtures(1), retryCalls, func(e *fixture, call retryCall) {
		ctx, cancel := context.WithCancel(e.T.Context())
		time.AfterFunc(10*time.Second, cancel)
		gaps, took, err := call.failing(ctx, e, 5, -1, retryLater(429, func() string { return "60" }))
		if took < 10*time.Second || took > 11*time.Second {
			e.T.Errorf("ended after %v, cancelled after 10s", took)
		}
		if !errors.Is(err, context.Canceled) || len(gaps) > 0 {
			e.T.Errorf("asked again %d times: %v", len(gaps), err)
		}
	})
}
