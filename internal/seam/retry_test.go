package seam

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// retryCalls are the kinds of call, each on a code of the fixture.
var retryCalls = map[string]struct {
	path string
	call func(context.Context, *fixture, *Client) error
}{
	"read": {"/access_codes/get", func(ctx context.Context, e *fixture, c *Client) error {
		return readWith(c)(ctx, e.codes[0])
	}},
	"update": {"/access_codes/update", func(ctx context.Context, e *fixture, c *Client) error {
		release, err := c.AcquireWrite(ctx, e.codes[0].DeviceID, WriteUpdate)
		if err != nil {
			return err
		}
		defer release()
		name := "Renamed"
		_, err = c.RequestAccessCodeUpdate(ctx, AccessCodeInput{AccessCodeID: e.codes[0].ID, Name: &name})
		return err
	}},
	"delete": {"/access_codes/delete", func(ctx context.Context, e *fixture, c *Client) error {
		release, err := c.AcquireWrite(ctx, e.codes[0].DeviceID, WriteDelete)
		if err != nil {
			return err
		}
		defer release()
		_, err = c.RequestAccessCodeDeletion(ctx, e.codes[0].ID, false)
		return err
	}},
	"create": {"/access_codes/create", func(ctx context.Context, e *fixture, c *Client) error {
		_, err := c.CreateAccessCode(ctx, AccessCodeInput{DeviceID: e.locks[0].ID})
		return err
	}},
}

// Which failures are retried, for which call, and how often?
func TestRetry_byFailureAndCall(t *testing.T) {
	for name, test := range map[string]struct {
		fail    failure
		creates bool // repeated for creates as well: it certainly did not arrive
		others  bool
	}{
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
	} {
		for kind, call := range retryCalls {
			for _, retries := range []int{0, 3} {
				t.Run(fmt.Sprintf("%s, %s, max_retries %d", name, kind, retries), func(t *testing.T) {
					withFixture(t, 1, 1, func(e *fixture) {
						o := &faultyTransport{path: call.path, times: -1, fail: test.fail}
						if err := call.call(e.t.Context(), e, e.clientThrough(Config{MaxRetries: retries, DisableBulkReads: true}, o)); err == nil {
							e.t.Error("no error, though it never went through")
						}
						want := 1
						if kind == "create" && test.creates || kind != "create" && test.others {
							want += retries
						}
						gaps := o.gaps()
						if len(gaps)+1 != want {
							e.t.Fatalf("asked %d times, want %d", len(gaps)+1, want)
						}
						for i, gap := range gaps {
							if pause := minBackoff << i; gap < pause/2 || gap > pause {
								e.t.Errorf("repeat %d came after %v, want %v to %v", i+1, gap, pause/2, pause)
							}
						}
					})
				})
			}
		}
	}
}

// A write that Seam puts off does not use up max_retries.
func TestRateLimit_429OnWriteDoesNotCountAsRetry(t *testing.T) {
	for name, test := range map[string]struct {
		fail  failure
		pause time.Duration
	}{
		"without Retry-After":       {status(429), time.Minute},
		"in HTML":                   {html429, time.Minute},
		"with Retry-After":          {retryLater(429, func() string { return "20" }), 20 * time.Second},
		"with Retry-After, at once": {retryLater(429, func() string { return "0" }), time.Second},
	} {
		for kind, call := range retryCalls {
			t.Run(name+", "+kind, func(t *testing.T) {
				withFixture(t, 1, 1, func(e *fixture) {
					o := &faultyTransport{path: call.path, times: 4, fail: test.fail}
					err := call.call(e.t.Context(), e, e.clientThrough(Config{MaxRetries: 1, DisableBulkReads: true}, o))
					if kind == "read" {
						if err == nil || len(o.gaps()) != 1 {
							e.t.Errorf("%d repeats, want the one of max_retries: %v", len(o.gaps()), err)
						}
						return
					}
					if err != nil || len(o.gaps()) != 4 {
						e.t.Fatalf("%d repeats, want 4: %v", len(o.gaps()), err)
					}
					for i, gap := range o.gaps() {
						if gap < test.pause || gap > test.pause+time.Second {
							e.t.Errorf("repeat %d came after %v, want %v", i+1, gap, test.pause)
						}
					}
				})
			})
		}
	}
}

func TestRateLimit_429OnWriteEndsWithTimeout(t *testing.T) {
	for kind, call := range retryCalls {
		if kind == "read" {
			continue
		}
		t.Run(kind, func(t *testing.T) {
			withFixture(t, 1, 1, func(e *fixture) {
				o := &faultyTransport{path: call.path, times: -1, fail: status(429)}
				ctx, cancel := WithTimeout(e.t.Context(), 150*time.Second)
				defer cancel()
				start := time.Now()
				err := call.call(ctx, e, e.clientThrough(Config{MaxRetries: 5, DisableBulkReads: true}, o))
				if took := time.Since(start); err == nil || took < 2*time.Minute || took > 125*time.Second {
					e.t.Fatalf("after %v: %v", took, err)
				}
				assertContains(e.t, err.Error(), "HTTP 429")
				if next := Advice(err, ""); strings.Contains(next, "max_retries") || next == "" {
					e.t.Errorf("advice: %q", next)
				}
			})
		})
	}
}

// A wrong clock on this machine must not turn a wait of seconds into one of hours.
func TestRetry_retryAfterDateUsesServerClock(t *testing.T) {
	for name, ahead := range map[string]time.Duration{"ours is behind": 3 * time.Hour, "ours is ahead": -3 * time.Hour} {
		for kind, call := range retryCalls {
			t.Run(name+", "+kind, func(t *testing.T) {
				withFixture(t, 1, 1, func(e *fixture) {
					o := &faultyTransport{path: call.path, times: 1, fail: func() (fakeResponse, error) {
						made, err := status(429)()
						now := time.Now().Add(ahead)
						made.header["Date"], made.header["Retry-After"] = httpDate(now), httpDate(now.Add(20*time.Second))
						return made, err
					}}
					if err := call.call(e.t.Context(), e, e.clientThrough(Config{MaxRetries: 1, DisableBulkReads: true}, o)); err != nil {
						e.t.Fatal(err)
					}
					if gap := o.gaps()[0]; gap < 20*time.Second || gap > 21*time.Second {
						e.t.Errorf("asked again after %v, want 20s", gap)
					}
				})
			})
		}
	}
}

func html429() (fakeResponse, error) {
	return reply(429, map[string]string{"Content-Type": "text/html"}, "<html><h1>Slow down</h1></html>"), nil
}

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
	for kind, call := range retryCalls {
		t.Run(kind, func(t *testing.T) {
			withFixture(t, 1, 1, func(e *fixture) {
				o := &faultyTransport{path: call.path, times: 5, fail: status(429)}
				if err := call.call(e.t.Context(), e, e.clientThrough(Config{MaxRetries: DefaultMaxRetries, DisableBulkReads: true}, o)); err != nil {
					e.t.Error(err)
				}
			})
		})
	}
}

func TestRetry_retryAfterIsMinimum(t *testing.T) {
	for name, test := range map[string]struct {
		after       func() string
		least, most time.Duration
	}{
		"seconds":            {func() string { return "7" }, 7 * time.Second, 7250 * time.Millisecond},
		"no seconds":         {func() string { return "0" }, 0, 250 * time.Millisecond},
		"a date":             {func() string { return httpDate(time.Now().Add(8 * time.Second)) }, 7 * time.Second, 8250 * time.Millisecond},
		"a date in the past": {func() string { return httpDate(time.Now().Add(-time.Hour)) }, 0, 250 * time.Millisecond},
		"nonsense":           {func() string { return "soon" }, 250 * time.Millisecond, 500 * time.Millisecond},
		"negative":           {func() string { return "-5" }, 250 * time.Millisecond, 500 * time.Millisecond},
		"a fraction":         {func() string { return "1.5" }, 250 * time.Millisecond, 500 * time.Millisecond},
	} {
		for _, code := range []int{429, 503} {
			t.Run(fmt.Sprint(name, " with ", code), func(t *testing.T) {
				withFixture(t, 1, 1, func(e *fixture) {
					o := &faultyTransport{path: "/access_codes/get", times: 1, fail: retryLater(code, test.after)}
					if err := readWith(e.clientThrough(Config{MaxRetries: 1, DisableBulkReads: true}, o))(e.t.Context(), e.codes[0]); err != nil {
						e.t.Fatal(err)
					}
					if gap := o.gaps()[0]; gap < test.least || gap > test.most {
						e.t.Errorf("asked again after %v, want %v to %v", gap, test.least, test.most)
					}
				})
			})
		}
	}
}

func httpDate(at time.Time) string { return at.UTC().Format(http.TimeFormat) }

// A Retry-After beyond the deadline fails at once, and says why.
func TestRetry_waitBeyondDeadlineFailsAtOnce(t *testing.T) {
	for name, after := range map[string]func() string{
		"seconds": func() string { return "3600" },
		"a date":  func() string { return httpDate(time.Now().Add(time.Hour)) },
		"forever": func() string { return "Fri, 31 Dec 9999 23:59:59 GMT" },
	} {
		for kind, call := range retryCalls {
			t.Run(name+", "+kind, func(t *testing.T) {
				withFixture(t, 1, 1, func(e *fixture) {
					o := &faultyTransport{path: call.path, times: -1, fail: retryLater(429, after)}
					c := e.clientThrough(Config{MaxRetries: 5, DisableBulkReads: true}, o)
					ctx, cancel := context.WithTimeout(e.t.Context(), 15*time.Minute)
					defer cancel()
					start := time.Now()
					err := call.call(ctx, e, c)
					if took := time.Since(start); err == nil || took > 2*time.Second || len(o.gaps()) > 0 {
						e.t.Fatalf("after %v and %d repeats: %v", took, len(o.gaps()), err)
					}
					assertContains(e.t, err.Error(), "HTTP 429", "asks to wait")
				})
			})
		}
	}
}

func TestErrors_untypedResponse(t *testing.T) {
	withFixture(t, 1, 1, func(e *fixture) {
		o := &faultyTransport{path: "/access_codes/get", times: -1, fail: html429}
		err := readWith(e.clientThrough(Config{MaxRetries: 1, DisableBulkReads: true}, o))(e.t.Context(), e.codes[0])
		if err == nil {
			e.t.Fatal("no error")
		}
		assertContains(e.t, err.Error(), "Too Many Requests", "HTTP 429")
		assertNotContains(e.t, err.Error(), "html", "Slow down")
		assertContains(e.t, Advice(err, ""), "max_retries")
	})
}

func TestRetry_cancelEndsBackoff(t *testing.T) {
	for kind, call := range retryCalls {
		t.Run(kind, func(t *testing.T) {
			withFixture(t, 1, 1, func(e *fixture) {
				o := &faultyTransport{path: call.path, times: -1, fail: retryLater(429, func() string { return "60" })}
				c := e.clientThrough(Config{MaxRetries: 5, DisableBulkReads: true}, o)
				ctx, cancel := context.WithCancel(e.t.Context())
				time.AfterFunc(10*time.Second, cancel)
				start := time.Now()
				err := call.call(ctx, e, c)
				if took := time.Since(start); took < 10*time.Second || took > 11*time.Second {
					e.t.Errorf("ended after %v, cancelled after 10s", took)
				}
				if !errors.Is(err, context.Canceled) {
					e.t.Errorf("%v", err)
				}
				if len(o.gaps()) > 0 {
					e.t.Errorf("asked again %d times", len(o.gaps()))
				}
			})
		})
	}
}
