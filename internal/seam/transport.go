package seam

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"mime"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

const (
	firstBackoff = 500 * time.Millisecond
	lastBackoff  = 30 * time.Second
	longestWait  = 24 * time.Hour // that a server is believed to ask for
	maxAnswer    = 64 << 20       // bytes; a list of 50,000 codes is about this large
)

// onceKey marks the context of a call that must not reach Seam twice, with how long its
// answer is waited for.
type onceKey struct{}

type patience bool

const (
	untilAnswered patience = true  // whoever asked may have left: it is better to know what became of it
	whileWanted   patience = false // what became of it is not worth a wait
)

// repeater repeats calls by what they mean, not by their HTTP method: all of Seam's are
// POST.
func repeater(cfg Config) *retryablehttp.Client {
	return &retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport:     complete{transport(cfg), cfg.RequestTimeout}, // instead of Timeout, which hides the cause
			CheckRedirect: refuseRedirect,
		},
		RetryMax:     cfg.MaxRetries,
		CheckRetry:   worthRepeating,
		Backoff:      func(_, _ time.Duration, n int, res *http.Response) time.Duration { return backoff(n, res) },
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
}

func transport(cfg Config) http.RoundTripper {
	if cfg.Transport != nil {
		return cfg.Transport
	}
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          512,
		MaxIdleConnsPerHost:   512,
		IdleConnTimeout:       90 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

// refuseRedirect keeps credentials and PINs with the host they were meant for.
func refuseRedirect(req *http.Request, _ []*http.Request) error {
	return problem(fmt.Sprintf("The endpoint redirects to %s://%s, and credentials are not sent there.", req.URL.Scheme, req.URL.Host), "Set endpoint (or SEAM_ENDPOINT) to the address that answers itself.")
}

// complete reads each answer to its end, so that one that breaks off counts as a lost
// connection and is repeated like one.
type complete struct {
	next    http.RoundTripper
	timeout time.Duration
}

var (
	errIncomplete = errors.New("the answer broke off")
	errTooLarge   = fmt.Errorf("the answer is larger than %d MiB", maxAnswer>>20)
	// errInFlight marks the failure of a call that must not arrive twice and may have.
	errInFlight = errors.New("it may have arrived")
)

// RoundTrip also keeps some calls that must not arrive twice from being cancelled half-way.
func (t complete) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, once := req.Context(), isOnce(req.Context())
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if ctx.Value(onceKey{}) == untilAnswered {
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, t.timeout, fmt.Errorf("none within %v", t.timeout))
	defer cancel()
	res, err := t.exchange(req.WithContext(ctx))
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil && once && !neverSent(err) {
		err = fmt.Errorf("%w: %w", errInFlight, err)
	}
	return res, err
}

func (t complete) exchange(req *http.Request) (*http.Response, error) {
	res, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if closing := res.Body.Close(); err == nil {
		err = closing
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errIncomplete, err)
	case len(body) > maxAnswer:
		return nil, errTooLarge
	case res.StatusCode/100 == 2 && isJSON(res.Header) && !json.Valid(body):
		return nil, errIncomplete
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

// isJSON also takes the kinds that are JSON by their suffix, such as
// application/problem+json.
func isJSON(header http.Header) bool {
	kind, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	return err == nil && (kind == "application/json" || strings.HasSuffix(kind, "+json"))
}

// worthRepeating is the retry policy: passing failures, as long as the caller can wait,
// and for calls that must not arrive twice only those that certainly did not arrive.
func worthRepeating(ctx context.Context, res *http.Response, err error) (bool, error) {
	if err != nil {
		_, told := errors.AsType[*Problem](err)
		return !told && !errors.Is(err, errInFlight) && !errors.Is(err, errTooLarge) && ctx.Err() == nil, nil
	}
	tooMany := res.StatusCode == http.StatusTooManyRequests
	if tooMany && ctx.Value(limitedKey{}) != nil || !tooMany && (isOnce(ctx) || res.StatusCode < 500) {
		return false, nil
	}
	wait, _ := retryAfter(res.Header)
	if left, limited := timeLeft(ctx); limited && left < wait {
		return false, nil
	}
	return ctx.Err() == nil, nil
}

func isOnce(ctx context.Context) bool { return ctx.Value(onceKey{}) != nil }

// neverSent reports whether err happened before a connection stood.
func neverSent(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}

// backoff doubles from half a second to half a minute, with jitter; what the server
// asks for is a minimum.
func backoff(n int, res *http.Response) time.Duration {
	pause := min(firstBackoff<<min(n, 10), lastBackoff)
	if res != nil {
		if wait, ok := retryAfter(res.Header); ok {
			return wait + rand.N(pause/2)
		}
	}
	return pause/2 + rand.N(pause/2)
}

// retryAfter reads a Retry-After header, in seconds or as a date. A date is one of the
// server's clock, so it is compared with the answer's own: ours may be wrong.
func retryAfter(header http.Header) (time.Duration, bool) {
	text := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return min(time.Duration(seconds)*time.Second, longestWait), true
	}
	if date, err := http.ParseTime(text); err == nil {
		now, err := http.ParseTime(header.Get("Date"))
		if err != nil {
			now = time.Now()
		}
		return min(max(0, date.Sub(now)), longestWait), true
	}
	return 0, false
}
