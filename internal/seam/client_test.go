package seam

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestClient_validatesCredentials(t *testing.T) {
	const pat = "seam_at1_canary9ZyXw"
	for name, test := range map[string]struct {
		config Config
		says   string // empty if accepted
	}{
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
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(test.config)
			if test.says == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			if err == nil {
				t.Fatal("accepted")
			}
			advice := Advice(err, "")
			assertContains(t, err.Error(), test.says)
			assertNotContains(t, err.Error()+advice, testKey, pat)
			if advice == "" {
				t.Error("it does not say what to do")
			}
		})
	}
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
			var asked string
			c := newTestClient(t, Config{Endpoint: endpoint}, roundTripFunc(func(r *http.Request) (fakeResponse, error) {
				asked = r.URL.String()
				return replyJSON(200, `{}`), nil
			}))
			if _, err := c.post(t.Context(), "/health", struct{}{}, &struct{}{}); err != nil || asked != goesTo {
				t.Errorf("asked %s (%v), want %s", asked, err, goesTo)
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
			if err == nil {
				t.Fatal("accepted")
			}
			assertContains(t, Advice(err, ""), "https")
			assertNotContains(t, err.Error()+Advice(err, ""), "hunter2", testKey)
		})
	}
}

func TestClient_requestHeaders(t *testing.T) {
	for name, test := range map[string]struct {
		config                   Config
		authorization, workspace string
	}{
		"with a key":                   {Config{APIKey: testKey}, "Bearer " + testKey, ""},
		"with a key and its workspace": {Config{APIKey: testKey, WorkspaceID: "ws-1"}, "Bearer " + testKey, ""},
		"with a token":                 {Config{PersonalAccessToken: "seam_at1_x", WorkspaceID: "ws-1"}, "Bearer seam_at1_x", "ws-1"},
	} {
		t.Run(name, func(t *testing.T) {
			var header http.Header
			var method, body string
			test.config.UserAgent = "terraform-provider-seam/test"
			c := newTestClient(t, test.config, roundTripFunc(func(r *http.Request) (fakeResponse, error) {
				sent, err := io.ReadAll(r.Body)
				header, method, body = r.Header.Clone(), r.Method, string(sent)
				return replyJSON(200, `{}`), err
			}))
			if _, err := c.post(t.Context(), "/health", map[string]string{"a": "b"}, &struct{}{}); err != nil {
				t.Fatal(err)
			}
			for name, want := range map[string]string{
				"Authorization": test.authorization, "Seam-Workspace": test.workspace,
				"Content-Type": "application/json", "User-Agent": "terraform-provider-seam/test",
			} {
				if got := header.Get(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			if method != http.MethodPost || body != `{"a":"b"}` {
				t.Errorf("%s %s", method, body)
			}
		})
	}
}

// Where do credentials and PINs go if the endpoint redirects? Nowhere.
func TestClient_redirectGetsNoCredentials(t *testing.T) {
	pin := "4821"
	for _, code := range []int{301, 302, 303, 307, 308} {
		for kind, call := range map[string]func(*Client) error{
			"read":   func(c *Client) error { _, err := c.LookUpAccessCode(t.Context(), "id", LookupOptions{}); return err },
			"create": func(c *Client) error { _, err := c.postCreate(t.Context(), AccessCodeInput{Code: &pin}); return err },
		} {
			t.Run(kind+" "+http.StatusText(code), func(t *testing.T) {
				hosts := []string{}
				c := newTestClient(t, Config{MaxRetries: 5}, roundTripFunc(func(r *http.Request) (fakeResponse, error) {
					hosts = append(hosts, r.URL.Host)
					return reply(code, map[string]string{"Location": "https://elsewhere.example/x?y"}, ""), nil
				}))
				err := call(c)
				if err == nil || strings.Join(hosts, " ") != "connect.getseam.com" {
					t.Fatalf("asked %v: %v", hosts, err)
				}
				assertContains(t, err.Error(), "https://elsewhere.example")
				assertContains(t, Advice(err, ""), "endpoint")
				assertNotContains(t, err.Error(), testKey, pin)
				if mayHaveExecuted(err) {
					t.Error("a redirect counts as if the request may have been carried out")
				}
			})
		}
	}
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
	body, asked := &endlessBody{}, 0
	c := newTestClient(t, Config{MaxRetries: 5}, roundTripFunc(func(*http.Request) (fakeResponse, error) {
		asked++
		res := replyJSON(200, "")
		res.body = body
		return res, nil
	}))
	_, err := c.LookUpAccessCode(t.Context(), "id", LookupOptions{})
	if err == nil || asked != 1 {
		t.Fatalf("asked %d times: %v", asked, err)
	}
	assertContains(t, err.Error(), "larger than 64 MiB", "/access_codes/get")
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
	for name, hang := range map[string]roundTripFunc{
		"no answer": func(r *http.Request) (fakeResponse, error) {
			<-r.Context().Done()
			return fakeResponse{}, context.Cause(r.Context())
		},
		"half an answer": func(r *http.Request) (fakeResponse, error) {
			res := replyJSON(200, "")
			res.body = stalledBody{r.Context()}
			return res, nil
		},
	} {
		for limit, test := range map[string]struct{ request, caller, want time.Duration }{
			"request_timeout": {7 * time.Second, time.Hour, 7 * time.Second},
			"the default":     {0, time.Hour, DefaultRequestTimeout},
			"the caller's":    {7 * time.Second, 3 * time.Second, 3 * time.Second},
		} {
			t.Run(name+", "+limit, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					c := newTestClient(t, Config{RequestTimeout: test.request}, hang)
					over := errors.New("the caller's time is over")
					ctx, cancel := context.WithTimeoutCause(t.Context(), test.caller, over)
					defer cancel()
					start := time.Now()
					_, err := c.LookUpAccessCode(ctx, "id", LookupOptions{})
					if took := time.Since(start); err == nil || took != test.want {
						t.Fatalf("after %v: %v; want %v", took, err, test.want)
					}
					assertContains(t, err.Error(), "/access_codes/get")
					if _, lost := errors.AsType[*NoResponseError](err); lost == errors.Is(err, over) {
						t.Errorf("%v: lost %v", err, lost)
					}
				})
			})
		}
	}
}

// A response that does not come from Seam is an error, whatever its status.
func TestClient_undocumentedResponseIsError(t *testing.T) {
	for name, res := range map[string]func() fakeResponse{
		"HTML": func() fakeResponse {
			return reply(200, map[string]string{"Content-Type": "text/html"}, "<html>log in</html>")
		},
		"JSON as text":     func() fakeResponse { return reply(200, map[string]string{"Content-Type": "text/plain"}, "{}") },
		"no content type":  func() fakeResponse { return reply(200, nil, "{}") },
		"nothing":          func() fakeResponse { return reply(204, nil, "") },
		"a list":           func() fakeResponse { return replyJSON(200, "[]") },
		"a text":           func() fakeResponse { return replyJSON(200, `"access_code"`) },
		"another type":     func() fakeResponse { return replyJSON(200, `{"access_code":{"access_code_id":7}}`) },
		"null":             func() fakeResponse { return replyJSON(200, "null") },
		"no code":          func() fakeResponse { return replyJSON(200, `{"ok":true}`) },
		"another code":     func() fakeResponse { return replyJSON(200, `{"access_code":{"access_code_id":"another"}}`) },
		"an error, really": func() fakeResponse { return replyJSON(200, `{"error":{"type":"access_code_not_found"},"ok":false}`) },
	} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			c := newTestClient(t, Config{MaxRetries: 5}, roundTripFunc(func(*http.Request) (fakeResponse, error) {
				asked++
				return res(), nil
			}))
			seen, err := c.LookUpAccessCode(t.Context(), "id", LookupOptions{})
			if e, ok := errors.AsType[*Error](err); !ok || e.Status/100 != 2 || seen.Gone || asked != 1 {
				t.Errorf("asked %d times: %+v, %v", asked, seen, err)
			}
		})
	}
}

// A response that breaks off is requested again, like one that never came.
func TestRetry_truncatedResponseIsRetried(t *testing.T) {
	for name, fault := range map[string]seamtest.Fault{
		"the connection breaks": {Truncate: true},
		"the body just ends":    {Replace: func(status int, body []byte) (int, []byte) { return status, body[:len(body)/2] }},
		"the body is empty":     {Replace: func(status int, _ []byte) (int, []byte) { return status, nil }},
		"the error breaks":      {Status: 500, Truncate: true},
	} {
		t.Run(name, func(t *testing.T) {
			withFixture(t, 1, 1, func(e *fixture) {
				fault.Path, fault.Times = "/access_codes/get", 2
				e.server.InjectFault(fault)
				if err := readWith(e.client(Config{DisableBulkReads: true}))(e.t.Context(), e.codes[0]); err != nil {
					e.t.Fatal(err)
				}
				if n := e.server.Count("/access_codes/get"); n != 3 {
					e.t.Errorf("asked %d times, want 3", n)
				}
			})
		})
	}
}

func TestErrors_everyStatusHasAdvice(t *testing.T) {
	const typed = `{"error":{"type":"some_type","message":"Some message"},"ok":false}`
	for name, test := range map[string]struct {
		status int
		body   string
		advice string
	}{
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
	} {
		t.Run(name, func(t *testing.T) {
			c := newTestClient(t, Config{}, roundTripFunc(func(*http.Request) (fakeResponse, error) { return replyJSON(test.status, test.body), nil }))
			_, err := c.LookUpAccessCode(t.Context(), "id", LookupOptions{})
			if err == nil {
				t.Fatal("no error")
			}
			assertContains(t, Advice(err, ""), test.advice)
			assertContains(t, err.Error(), "/access_codes/get", "req-1", "HTTP")
			if test.body == typed {
				assertContains(t, err.Error(), "some_type", "Some message")
			}
		})
	}
}
