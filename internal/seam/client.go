// Package seam is a client of the Seam API (https://connect.getseam.com). It decides which
// responses prove that an object is gone. It does not depend on any tool that uses it.
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

// Config holds the endpoint, the credentials and the retry settings of a client.
type Config struct {
	Endpoint            string // DefaultEndpoint if empty; plain http only to loopback
	APIKey              string // either APIKey or PersonalAccessToken is required
	PersonalAccessToken string // requires WorkspaceID
	WorkspaceID         string // with an API key: the workspace that the key must belong to
	UserAgent           string
	MaxRetries          int           // retries of a call after a transient failure
	RequestTimeout      time.Duration // of one HTTP request; DefaultRequestTimeout if zero
	DisableBulkReads    bool          // read each code and each attempt with its own request
	ReceiptsFile        string        // file for removal receipts, or directory that gets a file for each client; none if empty
	Transport           http.RoundTripper
	Log                 func(ctx context.Context, message string, fields map[string]any)
}

// Client calls the Seam API. It is safe for concurrent use. It is meant for one run:
// it reads the workspace of the credentials once and caches reads.
type Client struct {
	endpoint          string
	header            http.Header
	http              *retryablehttp.Client
	requestTimeout    time.Duration
	receiptsPath      string // file to which receipts are appended
	receiptsDirectory string // its directory, if a directory is configured
	log               func(ctx context.Context, message string, fields map[string]any)
	redactor          redactor
	clock             clock
	workspace         workspace
	deviceStates      deviceStates
	attempts          attemptPoller
	credentialsCheck  sharedRead[string]   // the workspace ID, read to check the credentials
	managedDevices    sharedRead[[]Device] // all managed devices
	bulkReads         bool
	trackedIDs        sync.Map // IDs of access codes that this run has created, read, or planned from a state
	adoptedIDs        sync.Map // IDs of access codes that this run is adopting or has adopted
	names             sync.Map // names of access codes and locks that this run has read, by ID
	receiptsMutex     sync.Mutex
	creates           sync.Map // by path, a createQueue for the creates of objects without a key
	snapshots         sync.Map // by path, a sharedRead of all objects
	pinReleases       pinReleases
	assignedPINs      sync.Map // PINs that this run has set on codes, as assignedPIN
	creatingPINs      sync.Map // PINs of creates in progress, as lockPIN
}

// New validates cfg and returns a client. It sends no request.
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
		bulkReads:      !cfg.DisableBulkReads,
		log:            cfg.Log,
		workspace:      workspace{mutex: newCtxMutex(), expected: cfg.WorkspaceID},
	}
	c.receiptsDirectory, c.receiptsPath = splitReceipts(cfg.ReceiptsFile)
	c.attempts = attemptPoller{list: c.listAttempts, waiters: map[*attemptWaiter]struct{}{}, wake: make(chan struct{}, 1)}
	c.credentialsCheck.fetch = withCredentialsTimeout(c.Workspace)
	c.managedDevices.fetch = c.allDevices
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
		return "", NewAdvice("The endpoint is not a URL of the form https://host.", "Set endpoint (or SEAM_ENDPOINT) to such a URL, or remove it to use "+DefaultEndpoint+".")
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
		return nil, NewAdvice("The API key is a personal access token.", "Set it as SEAM_PERSONAL_ACCESS_TOKEN (or personal_access_token), together with the workspace id.")
	case cfg.PersonalAccessToken != "" && cfg.WorkspaceID == "":
		return nil, NewAdvice("A personal access token is valid for many workspaces, and none is named.", "Set SEAM_WORKSPACE_ID (or workspace_id).")
	case cfg.PersonalAccessToken != "":
		token = cfg.PersonalAccessToken
		setWorkspace(header, cfg.WorkspaceID)
	}
	if strings.ContainsFunc(token+cfg.WorkspaceID, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, NewAdvice("The Seam credentials contain a space, a line break or another character that cannot be sent.", "Copy them again from the Seam console.")
	}
	header.Set("Authorization", "Bearer "+token)
	return header, nil
}

// ResponseMeta holds the request ID and the time of a response.
type ResponseMeta struct {
	RequestID string
	At        time.Time // the server's clock, in seconds
	date      time.Time // the Date header; zero if there is none
}

// post calls an endpoint that is safe to retry.
func (c *Client) post(ctx context.Context, path string, in, out any) (ResponseMeta, error) {
	return c.send(ctx, path, in, out)
}

// postOnce calls an endpoint that must not be retried if the first call may have been executed.
// The call continues after ctx is canceled, until its response arrives or the request times out.
func (c *Client) postOnce(ctx context.Context, path string, in, out any) (ResponseMeta, error) {
	return c.send(context.WithValue(ctx, deliveryKey{}, detached), path, in, out)
}

// postOnceCancelable is postOnce for a call that ends when ctx is canceled.
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
	if id, other := ctx.Value(workspaceKey{}).(string); other {
		setWorkspace(req.Header, id)
	}
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
		a.RequestID = e.RequestID // it may be in the body only
	}
	if !a.date.IsZero() && (err == nil || refused && e.typed) {
		c.clock.set(a.date) // a gateway's Date is not trusted
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
		return &Error{Path: path, Status: res.StatusCode, RequestID: a.RequestID, Message: "the response is not the JSON that Seam documents"}
	}
	return nil
}
