package seam

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestClient_validatesCredentials(t *testing.T) {
	const pat = "seam_at1_canary9ZyXw"
	type testCase struct {
		config Config
		says   string // empty if accepted
	}
	clienttest.ForEach(t, map[string]testCase{
		"an API key":                       {Config{APIKey: testKey}, ""},
		"an API key and its workspace":     {Config{APIKey: testKey, WorkspaceID: "ws"}, ""},
		"a token and a workspace":          {Config{PersonalAccessToken: pat, WorkspaceID: "ws"}, ""},
		"none":                             {Config{}, "no Seam credentials"},
		"only a workspace":                 {Config{WorkspaceID: "ws"}, "no Seam credentials"},
		"both":                             {Config{APIKey: testKey, PersonalAccessToken: pat, WorkspaceID: "ws"}, "Both"},
		"a token without a workspace":      {Config{PersonalAccessToken: pat}, "none is named"},
		"a token in the place of a key":    {Config{APIKey: pat}, "is a personal access token"},
		"a line break at the end":          {Config{APIKey: testKey + "\n"}, "cannot be sent"},
		"a carriage return":                {Config{APIKey: testKey + "\r"}, "cannot be sent"},
		"a space inside":                   {Config{APIKey: "seam_ " + testKey}, "cannot be sent"},
		"only a space":                     {Config{APIKey: " "}, "cannot be sent"},
		"a NUL":                            {Config{APIKey: testKey + "\x00"}, "cannot be sent"},
		"a DEL":                            {Config{APIKey: testKey + "\x7f"}, "cannot be sent"},
		"a letter beyond ASCII":            {Config{APIKey: testKey + "é"}, "cannot be sent"},
		"bytes that are no text":           {Config{APIKey: testKey + "\xff"}, "cannot be sent"},
		"a workspace with a line break":    {Config{PersonalAccessToken: pat, WorkspaceID: "ws\n"}, "cannot be sent"},
		"a workspace of an emoji, and key": {Config{APIKey: testKey, WorkspaceID: "🔑"}, "cannot be sent"},
	}, func(t *testing.T, test testCase) {
		_, err := New(test.config)
		if test.says == "" {
			clienttest.Must(t, err)
			return
		}
		clienttest.AssertError(t, err, test.says)
		advice := Advice(err, "")
		clienttest.AssertOmits(t, err.Error()+advice, testKey, pat)
		if advice == "" {
			t.Error("it does not say what to do")
		}
	})
}

func TestClient_validatesEndpoint(t *testing.T) {
	for endpoint, goesTo := range map[string]string{
		"":                            "https://connect.getseam.com/health",
		"https://seam.example":        "https://seam.example/health",
		"https://seam.example/":       "https://seam.example/health",
		"https://seam.example:8443/v": "https://seam.example:8443/v/health",
		"HTTPS://seam.example":        "https://seam.example/health",
		"http://localhost:3020":       "http://localhost:3020/health",
		"http://127.0.0.1":            "http://127.0.0.1/health",
		"http://127.9.9.9:1/":         "http://127.9.9.9:1/health",
		"http://[::1]:3020":           "http://[::1]:3020/health",
	} {
		t.Run("accepted "+endpoint, func(t *testing.T) {
			s := &clienttest.Recorder{Response: clienttest.JSON(200, `{}`)}
			_, err := newTestClient(t, Config{Endpoint: endpoint}, s).post(t.Context(), "/health", struct{}{}, &struct{}{})
			if err != nil || s.Requests[0].URL.String() != goesTo {
				t.Errorf("asked %s (%v), want %s", s.Requests[0].URL, err, goesTo)
			}
		})
	}
	for _, endpoint := range []string{
		"http://seam.example", "http://10.0.0.1", "http://0.0.0.0", "http://192.168.0.1:3020", "http://[fe80::1]", "http://[::]",
		"http://localhost.seam.example", "http://127.0.0.1.seam.example", "http://127.1",
		"https://me:hunter2@seam.example", "http://hunter2@localhost",
		"https://seam.example?x=hunter2", "https://seam.example?", "https://seam.example/#x",
		"ftp://localhost", "seam.example", "localhost:3020", "//seam.example", "/v1", "https://", "https:///v1", "https://:443", "https:seam.example", "https://a b", "%", " ",
	} {
		t.Run("refused "+endpoint, func(t *testing.T) {
			_, err := New(Config{APIKey: testKey, Endpoint: endpoint})
			clienttest.AssertError(t, err)
			clienttest.AssertContains(t, Advice(err, ""), "https")
			clienttest.AssertOmits(t, err.Error()+Advice(err, ""), "hunter2", testKey)
		})
	}
}

func TestClient_requestHeaders(t *testing.T) {
	type testCase struct {
		config                   Config
		authorization, workspace string
	}
	clienttest.ForEach(t, map[string]testCase{
		"with a key":                   {Config{APIKey: testKey}, "Bearer " + testKey, ""},
		"with a key and its workspace": {Config{APIKey: testKey, WorkspaceID: "ws-1"}, "Bearer " + testKey, ""},
		"with a token":                 {Config{PersonalAccessToken: "seam_at1_x", WorkspaceID: "ws-1"}, "Bearer seam_at1_x", "ws-1"},
	}, func(t *testing.T, test testCase) {
		test.config.UserAgent = "terraform-provider-seam/test"
		s := &clienttest.Recorder{Response: clienttest.JSON(200, `{}`)}
		_, err := newTestClient(t, test.config, s).post(t.Context(), "/health", map[string]string{"a": "b"}, &struct{}{})
		clienttest.Must(t, err)
		for name, want := range map[string]string{
			"Authorization": test.authorization, "Seam-Workspace": test.workspace,
			"Content-Type": "application/json", "User-Agent": "terraform-provider-seam/test",
		} {
			if got := s.Requests[0].Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		if s.Requests[0].Method != http.MethodPost || s.Bodies[0] != `{"a":"b"}` {
			t.Errorf("%s %s", s.Requests[0].Method, s.Bodies[0])
		}
	})
}

// Where do credentials and PINs go if the endpoint redirects? Nowhere.
func TestClient_redirectGetsNoCredentials(t *testing.T) {
	pin := "4821"
	type request = func(context.Context, *Client) error
	codes := map[string]int{"301": 301, "302": 302, "303": 303, "307": 307, "308": 308}
	clienttest.ForEachPairIn(t, synctest.Test, map[string]request{
		"read": func(ctx context.Context, c *Client) error {
			return clienttest.ErrorOf(c.LookUpAccessCode(ctx, "id", LookupOptions{}))
		},
		"create": func(ctx context.Context, c *Client) error {
			return clienttest.ErrorOf(c.postCreate(ctx, AccessCodeInput{Code: &pin}))
		},
	}, codes, func(t *testing.T, call request, code int) {
		s := new(clienttest.Recorder)
		s.Status, s.Header = code, map[string]string{"Location": "https://elsewhere.example/x?y"}
		err := call(t.Context(), newTestClient(t, Config{MaxRetries: 5}, s))
		if err == nil || len(s.Requests) != 1 || s.Requests[0].URL.Host != "connect.getseam.com" {
			t.Fatalf("%d requests: %v", len(s.Requests), err)
		}
		clienttest.AssertContains(t, err.Error(), "https://elsewhere.example")
		clienttest.AssertContains(t, Advice(err, ""), "endpoint")
		clienttest.AssertOmits(t, err.Error(), testKey, pin)
		if mayHaveExecuted(err) {
			t.Error("a redirect counts as if the request may have been carried out")
		}
	})
}

// endlessBody is an answer that never stops.
type endlessBody struct{ read atomic.Int64 }

func (e *endlessBody) Read(p []byte) (int, error) {
	clear(p)
	e.read.Add(int64(len(p)))
	return len(p), nil
}

// A response that never ends is an error, not a full memory.
func TestTransport_endlessResponseIsError(t *testing.T) {
	body := &endlessBody{}
	s := &clienttest.Recorder{Response: clienttest.JSON(200, "")}
	s.Stream = body
	_, err := newTestClient(t, Config{MaxRetries: 5}, s).LookUpAccessCode(t.Context(), "id", LookupOptions{})
	clienttest.AssertError(t, err, "larger than 64 MiB", "/access_codes/get")
	if len(s.Requests) != 1 {
		t.Errorf("asked %d times", len(s.Requests))
	}
	if read := body.read.Load(); read > maxResponseSize+1<<20 {
		t.Errorf("%d bytes were read", read)
	}
}

// stalledBody is a body of which nothing more comes.
type stalledBody struct{ ctx context.Context } //nolint:containedctx // the request's, which ends the wait

func (s stalledBody) Read([]byte) (int, error) {
	<-s.ctx.Done()
	return 0, context.Cause(s.ctx)
}

// How long may a response take, from its header to its end?
func TestTransport_requestTimeout(t *testing.T) {
	type testCase struct{ request, caller, want time.Duration }
	clienttest.ForEachPairIn(t, synctest.Test, map[string]http.RoundTripper{
		"no answer": clienttest.NoAnswer(func(r *http.Request) error {
			<-r.Context().Done()
			return context.Cause(r.Context())
		}),
		"half an answer": clienttest.Answer(func(r *http.Request) clienttest.Response {
			res := clienttest.JSON(200, "")
			res.Stream = stalledBody{r.Context()}
			return res
		}),
	}, map[string]testCase{
		"request_timeout": {7 * time.Second, time.Hour, 7 * time.Second},
		"the default":     {0, time.Hour, DefaultRequestTimeout},
		"the caller's":    {7 * time.Second, 3 * time.Second, 3 * time.Second},
	}, func(t *testing.T, hang http.RoundTripper, test testCase) {
		c := newTestClient(t, Config{RequestTimeout: test.request}, hang)
		over := errors.New("the caller's time is over")
		ctx, cancel := context.WithTimeoutCause(t.Context(), test.caller, over)
		defer cancel()
		start := time.Now()
		_, err := c.LookUpAccessCode(ctx, "id", LookupOptions{})
		clienttest.AssertTook(t, start, test.want, test.want)
		clienttest.AssertError(t, err, "/access_codes/get")
		if _, lost := errors.AsType[*NoResponseError](err); lost == errors.Is(err, over) {
			t.Errorf("%v: lost %v", err, lost)
		}
	})
}

// A response that does not come from Seam is an error, whatever its status.
func TestClient_undocumentedResponseIsError(t *testing.T) {
	clienttest.ForEach(t, map[string]clienttest.Response{
		"HTML":             clienttest.Typed(200, "text/html", "<html>log in</html>"),
		"JSON as text":     clienttest.Typed(200, "text/plain", "{}"),
		"no content type":  {Status: 200, Body: "{}"},
		"nothing":          {Status: 204},
		"a list":           clienttest.JSON(200, "[]"),
		"a text":           clienttest.JSON(200, `"access_code"`),
		"another type":     clienttest.JSON(200, `{"access_code":{"access_code_id":7}}`),
		"null":             clienttest.JSON(200, "null"),
		"no code":          clienttest.JSON(200, `{"ok":true}`),
		"another code":     clienttest.JSON(200, `{"access_code":{"access_code_id":"another"}}`),
		"an error, really": clienttest.JSON(200, `{"error":{"type":"access_code_not_found"},"ok":false}`),
	}, func(t *testing.T, res clienttest.Response) {
		s := &clienttest.Recorder{Response: res}
		seen, err := newTestClient(t, Config{MaxRetries: 5}, s).LookUpAccessCode(t.Context(), "id", LookupOptions{})
		if e, ok := errors.AsType[*Error](err); !ok || e.Status/100 != 2 || seen.Gone || len(s.Requests) != 1 {
			t.Errorf("asked %d times: %+v, %v", len(s.Requests), seen, err)
		}
	})
}

// A response that breaks off is requested again, like one that never came.
func TestRetry_truncatedResponseIsRetried(t *testing.T) {
	clienttest.ForEachIn(t, fixtures(1), map[string]seamtest.Fault{
		"the connection breaks": {Truncate: true},
		"the body just ends":    {Replace: func(status int, body []byte) (int, []byte) { return status, body[:len(body)/2] }},
		"the body is empty":     {Replace: func(status int, _ []byte) (int, []byte) { return status, nil }},
		"the error breaks":      {Status: 500, Truncate: true},
	}, func(e *fixture, fault seamtest.Fault) {
		e.InjectFault("/access_codes/get", 2, fault)
		clienttest.Must(e.T, readWith(e.T.Context(), e.client(Config{DisableBulkReads: true}), e.Codes[0]))
		e.AssertRequests("/access_codes/get", 3)
	})
}

func TestErrors_everyStatusHasAdvice(t *testing.T) {
	const typed = `{"error":{"type":"some_type","message":"Some message"},"ok":false}`
	type testCase struct {
		status int
		body   string
		advice string
	}
	clienttest.ForEach(t, map[string]testCase{
		"unknown key":       {401, typed, "Check the API key"},
		"forbidden":         {403, typed, "may not do this"},
		"too often":         {429, typed, "max_retries"},
		"Seam's fault":      {500, typed, "internal problem"},
		"a gateway":         {502, "bad gateway", "internal problem"},
		"another 404":       {404, "not found", "Check endpoint"},
		"a proxy's refusal": {400, `{"message":"no"}`, "Check endpoint"},
		"not allowed":       {405, "", "Check endpoint"},
		"a wrong request":   {400, typed, "Correct what Seam objects to"},
		"a conflict":        {409, typed, "Correct what Seam objects to"},
	}, func(t *testing.T, test testCase) {
		s := &clienttest.Recorder{Response: clienttest.JSON(test.status, test.body)}
		_, err := newTestClient(t, Config{}, s).LookUpAccessCode(t.Context(), "id", LookupOptions{})
		clienttest.AssertContains(t, Advice(err, ""), test.advice)
		clienttest.AssertError(t, err, "/access_codes/get", "req-1", "HTTP")
		if test.body == typed {
			clienttest.AssertContains(t, err.Error(), "some_type", "Some message")
		}
	})
}
