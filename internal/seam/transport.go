package seam

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

const maxResponseSize = 64 << 20 // bytes; a list of 50,000 codes is about this large

// deliveryKey marks the context of a call that must not be executed twice. Its value is a
// delivery.
type deliveryKey struct{}

type delivery bool

const (
	detached   delivery = true  // wait for the response even after the caller is canceled
	cancelable delivery = false // stop waiting when the caller is canceled
)

// newRetryClient returns a client with the policy of [checkRetry]. The HTTP method does not
// matter: all Seam endpoints use POST.
func newRetryClient(cfg Config) *retryablehttp.Client {
	return &retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport:     bufferedTransport{newTransport(cfg), cfg.RequestTimeout}, // instead of Timeout, which hides the cause
			CheckRedirect: refuseRedirect,
		},
		RetryMax:     cfg.MaxRetries,
		CheckRetry:   checkRetry,
		Backoff:      func(_, _ time.Duration, n int, res *http.Response) time.Duration { return backoff(n, res) },
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
}

func newTransport(cfg Config) http.RoundTripper {
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

// refuseRedirect prevents credentials and PINs from being sent to another host.
func refuseRedirect(req *http.Request, _ []*http.Request) error {
	return NewAdvice(fmt.Sprintf("The endpoint redirects to %s://%s, and credentials are not sent there.", req.URL.Scheme, req.URL.Host), "Set endpoint (or SEAM_ENDPOINT) to a URL that does not redirect.")
}

// bufferedTransport reads each response to its end, so that a truncated response counts as a
// lost connection and is retried.
type bufferedTransport struct {
	next    http.RoundTripper
	timeout time.Duration
}

var (
	errTruncated = errors.New("the response was truncated")
	errTooLarge  = fmt.Errorf("the response is larger than %d MiB", maxResponseSize>>20)
	// errMayHaveArrived marks the failure of a call that must not be executed twice and may have
	// been executed.
	errMayHaveArrived = errors.New("it may have arrived")
)

// RoundTrip sends a request and reads its whole response. It does not cancel detached calls.
func (t bufferedTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, once := req.Context(), isSentOnce(req.Context())
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if ctx.Value(deliveryKey{}) == detached {
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, t.timeout, fmt.Errorf("none within %v", t.timeout))
	defer cancel()
	res, err := t.roundTripBuffered(req.WithContext(ctx))
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil && once && !notSent(err) {
		err = fmt.Errorf("%w: %w", errMayHaveArrived, err)
	}
	return res, err
}

func (t bufferedTransport) roundTripBuffered(req *http.Request) (*http.Response, error) {
	res, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxResponseSize+1))
	if closing := res.Body.Close(); err == nil {
		err = closing
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errTruncated, err)
	case len(body) > maxResponseSize:
		return nil, errTooLarge
	case res.StatusCode/100 == 2 && isJSON(res.Header) && !json.Valid(body):
		return nil, errTruncated
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

// isJSON reports whether the content type is JSON, including types with the suffix +json such as
// application/problem+json.
func isJSON(header http.Header) bool {
	kind, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	return err == nil && (kind == "application/json" || strings.HasSuffix(kind, "+json"))
}
