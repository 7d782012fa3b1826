// Package seam talks to the Seam API (https://connect.getseam.com) and holds the
// procedures that prove what it says: what counts as gone, and how a PIN is removed.
// It knows nothing of the tools that use it.
package seam

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// Defaults of [Config].
const (
	DefaultEndpoint       = "https://connect.getseam.com"
	DefaultMaxRetries     = 5
	DefaultRequestTimeout = 30 * time.Second
)

// Config says which Seam to talk to, as whom, and how patiently.
type Config struct {
	Endpoint            string // DefaultEndpoint if empty; plain http only to loopback
	APIKey              string // either this,
	PersonalAccessToken string // or this together with WorkspaceID
	WorkspaceID         string // beside an API key: the workspace the key has to belong to
	UserAgent           string
	MaxRetries          int           // repeats of a call that failed for a passing reason
	RequestTimeout      time.Duration // of one HTTP exchange; DefaultRequestTimeout if zero
	DisableBulkReads    bool          // ask for each code and each attempt by itself, not for many at once
	ReceiptsFile        string        // where ended removals are recorded; none if empty
	Transport           http.RoundTripper
	Log                 func(ctx context.Context, message string, fields map[string]any)
}

// Client calls the Seam API. It is safe for concurrent use and meant to live for one
// run: the workspace behind the credentials is asked once.
type Client struct {
	endpoint         string
	header           http.Header
	http             *retryablehttp.Client
	requestTimeout   time.Duration
	receiptsPath     string
	log              func(ctx context.Context, message string, fields map[string]any)
	redactor         redactor
	clock            clock
	workspace        workspace
	deviceStates     deviceStates
	attempts         attemptPoller
	credentialsCheck sharedRead[string]   // the workspace, for the plans that check the credentials
	devicesByName    sharedRead[[]Device] // all devices, to find one by its name
	bulkReads        bool
	trackedIDs       sync.Map // ids of access codes that this run has created or read, or planned from a state
	adoptedIDs       sync.Map // ids of access codes that this run adopts, or has adopted
	names            sync.Map // of access codes and locks that this run has seen, by id
	receiptsMutex    sync.Mutex
	creates          sync.Map // by path, a ctxMutex for the creates of objects without a key
	pinReleases      pinReleases
	assignedPINs     sync.Map // PINs that this run has given to codes, as assignedPIN
	creatingPINs     sync.Map // PINs of creates under way, as lockPIN
}

// New checks cfg and makes a client of it. It makes no request.
func New(cfg Config) (*Client, error) {
	endpoint, err := checkEndpoint(cfg.Endpoint)
	if err != nil {
		return nil, err
	}
	header, err := credentials(cfg)
	if err != nil {
		return nil, err
	}
	if cfg.RequestTimeout == 0 {
		cfg.RequestTimeout = DefaultRequestTimeout
	}
	if cfg.Log == nil {
		cfg.Log = func(context.Context, string, map[string]any) {}
	}
	c := &Client{
		endpoint:       endpoint,
		header:         header,
		http:           newRetryClient(cfg),
		requestTimeout: cfg.RequestTimeout,
		receiptsPath:   cfg.ReceiptsFile,
		bulkReads:      !cfg.DisableBulkReads,
		log:            cfg.Log,
		workspace:      workspace{mutex: newCtxMutex(), expected: cfg.WorkspaceID},
	}
	c.attempts = attemptPoller{list: c.listAttempts, waiters: map[*attemptWaiter]struct{}{}, wake: make(chan struct{}, 1)}
	c.credentialsCheck.fetch = withCredentialsTimeout(c.Workspace)
	c.devicesByName.fetch = c.allDevices
	c.redactor.add(cfg.APIKey)
	c.redactor.add(cfg.PersonalAccessToken)
	return c, nil
}

func checkEndpoint(endpoint string) (string, error) {
	if endpoint == "" {
		endpoint = DefaultEndpoint
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return "", NewAdvice("The endpoint is not a URL of the form https://host.", "Set endpoint (or SEAM_ENDPOINT) to such a URL, or leave it out for "+DefaultEndpoint+".")
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
		return "", NewAdvice(fmt.Sprintf("The endpoint %s://%s would carry credentials and PINs unencrypted.", u.Scheme, u.Host), "Use https; plain http is accepted only for a server on this machine (localhost).")
	}
	return strings.TrimRight(u.String(), "/"), nil
}

func isLoopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

func credentials(cfg Config) (http.Header, error) {
	header := http.Header{"Content-Type": {"application/json"}, "User-Agent": {cfg.UserAgent}}
	token := cfg.APIKey
	switch {
	case cfg.APIKey != "" && cfg.PersonalAccessToken != "":
		return nil, NewAdvice("Both an API key and a personal access token are given.", "Keep one of the two.")
	case cfg.APIKey == "" && cfg.PersonalAccessToken == "":
		return nil, NewAdvice("There are no Seam credentials.", "Set SEAM_API_KEY (or api_key), or SEAM_PERSONAL_ACCESS_TOKEN and SEAM_WORKSPACE_ID (or personal_access_token and workspace_id).")
	case strings.HasPrefix(cfg.APIKey, "seam_at"):
		return nil, NewAdvice("The API key is a personal access token.", "Give it as SEAM_PERSONAL_ACCESS_TOKEN (or personal_access_token), together with the workspace id.")
	case cfg.PersonalAccessToken != "" && cfg.WorkspaceID == "":
		return nil, NewAdvice("A personal access token reaches many workspaces, and none is named.", "Set SEAM_WORKSPACE_ID (or workspace_id).")
	case cfg.PersonalAccessToken != "":
		token = cfg.PersonalAccessToken
		header.Set("Seam-Workspace", cfg.WorkspaceID)
	}
	if strings.ContainsFunc(token+cfg.WorkspaceID, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, NewAdvice("The Seam credentials hold a space, a line break or another character that cannot be sent.", "Copy them again from the Seam console.")
	}
	header.Set("Authorization", "Bearer "+token)
	return header, nil
}

// ResponseMeta is what came with an answer besides its content.
type ResponseMeta struct {
	RequestID string
	At        time.Time // the server's clock, to the second
	date      time.Time // the same if the answer says it, else zero
}

// post calls an endpoint that is safe to call again.
func (c *Client) post(ctx context.Context, path string, in, out any) (ResponseMeta, error) {
	return c.send(ctx, path, in, out)
}

// postOnce calls an endpoint that must not be called again if the first call may have
// arrived.
func (c *Client) postOnce(ctx context.Context, path string, in, out any) (ResponseMeta, error) {
	return c.send(context.WithValue(ctx, deliveryKey{}, detached), path, in, out)
}

// postOnceCancelable is postOnce for a call that may be cut short.
func (c *Client) postOnceCancelable(ctx context.Context, path string, in, out any) (ResponseMeta, error) {
	return c.send(context.WithValue(ctx, deliveryKey{}, cancelable), path, in, out)
}

func (c *Client) send(ctx context.Context, path string, in, out any) (ResponseMeta, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return ResponseMeta{}, fmt.Errorf("encoding the request to %s: %w", path, err)
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodPost, c.endpoint+path, body)
	if err != nil {
		return ResponseMeta{}, fmt.Errorf("building the request to %s: %w", path, err)
	}
	req.Header = c.header.Clone()
	start := time.Now()
	res, err := c.http.Do(req)
	if err != nil {
		err = c.transportError(ctx, path, err)
		c.log(ctx, "Seam did not answer", map[string]any{"path": path, "took": time.Since(start).String(), "error": err.Error()})
		return ResponseMeta{}, err
	}
	defer func() { _ = res.Body.Close() }()
	a := c.newResponseMeta(res)
	err = c.decode(path, res, a, out)
	e, refused := errors.AsType[*Error](err)
	if refused {
		a.RequestID = e.RequestID // the body may name it where the header does not
	}
	if !a.date.IsZero() && (err == nil || refused && e.typed) {
		c.clock.set(a.date) // a gateway's page may have any date
	}
	c.log(ctx, "Seam answered", map[string]any{"path": path, "status": res.StatusCode, "request_id": a.RequestID, "took": time.Since(start).String()})
	return a, err
}

func (c *Client) newResponseMeta(res *http.Response) ResponseMeta {
	a := ResponseMeta{RequestID: c.redactor.sanitizeID(res.Header.Get("Seam-Request-Id")), At: c.Now()}
	if date, err := http.ParseTime(res.Header.Get("Date")); err == nil {
		a.At, a.date = date, date
	}
	return a
}

func (c *Client) decode(path string, res *http.Response, a ResponseMeta, out any) error {
	var body bytes.Buffer
	if _, err := body.ReadFrom(res.Body); err != nil {
		return c.transportError(context.Background(), path, err)
	}
	if res.StatusCode/100 != 2 {
		return c.decodeError(path, res, a, body.Bytes())
	}
	if !isJSON(res.Header) || json.Unmarshal(body.Bytes(), out) != nil {
		return &Error{Path: path, Status: res.StatusCode, RequestID: a.RequestID, Message: "the answer is not the JSON that Seam documents"}
	}
	return nil
}
