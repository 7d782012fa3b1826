package seam

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// No PIN survives in a text.
func TestRedact_masksDigitRuns(t *testing.T) {
	for _, pin := range []string{"4821", "04821", "000000", "4821637", "48216379", "482163795", "4821637950", "48216379501", "482163795012"} {
		for _, surroundings := range []string{
			"%s", "PIN %s is taken", "%s.", "(%s)", "\"%s\"", "'%s'", "`%s`", "[%s]", "{%s}", "<b>%s</b>", "#%s", "code=%s", "code:%s", "code=%s&x=1",
			`{"code":"%s"}`, `{\"code\":\"%s\"}`, "line\n%s\nline", "\t%s\t", "%s,%[1]s;%[1]s", "x%sx", "code_%s_", "é%sé", "PIN:%s!", "-%s-", "+%s", "/%s/", "%s%%",
			"Cannot set duplicate access code %s named Guest",
			"%s on f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6 %s", "at 2026-03-01T12:00:00Z: %s", "%s 2026-03-01",
			"2026-03-01%s", "2026-03-01T12:00:00%s", "2026-03-01-%s", "2026-03-%s", "2026-03-01T12:%s", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6%s",
		} {
			var s redactor
			text := fmt.Sprintf(surroundings, pin)
			if scrubbed := s.redact(text); strings.Contains(scrubbed, pin) {
				t.Errorf("%q became %q", text, scrubbed)
			}
		}
	}
}

func TestRedact_keepsIDsAndTimes(t *testing.T) {
	var s redactor
	for _, text := range []string{
		"", "no digits at all", "3 of 12 codes, 429 in all",
		"access code f81d4fae-7dec-11d0-a765-00a0c91e6bf6 is gone", "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6",
		"12345678-1234-1234-1234-123456789012", "ids 12345678-1234-1234-1234-123456789012,12345678-1234-1234-1234-123456789012.",
		"2026-03-01", "since 2026-03-01.", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00.123456Z", "2026-03-01T12:00:00+02:00", "2026-03-01T12:00:00.000-11:00",
		"at 2026-03-01 12:00:00", "from 2026-03-01T12:00Z to 2026-03-02T12:00Z", "2026-03-01T12:00",
	} {
		if scrubbed := s.redact(text); scrubbed != text {
			t.Errorf("%q became %q", text, scrubbed)
		}
	}
}

func TestRedact_masksKnownSecrets(t *testing.T) {
	for name, test := range map[string]struct {
		secrets []string
		text    string
		want    string
	}{
		"a key":                      {[]string{testKey}, "Bearer " + testKey + ".", "Bearer ****."},
		"a key twice":                {[]string{testKey}, testKey + testKey, "********"},
		"a PIN with letters":         {[]string{"AB12"}, "PIN AB12#", "PIN ****#"},
		"a PIN with a hash":          {[]string{"12#4"}, "PIN 12#4", "PIN ****"},
		"one unknown":                {nil, "PIN AB12", "PIN AB12"},
		"too short to be a secret":   {[]string{"a"}, "a door", "a door"},
		"none":                       {[]string{""}, "a door", "a door"},
		"a PIN that begins the key":  {[]string{"seam", "seam_testXY"}, "key seam_testXY, PIN seam", "key ****, PIN ****"},
		"a PIN that is in the key":   {[]string{"seam_testXY", "test"}, "seam_testXY test", "**** ****"},
		"a secret that holds digits": {[]string{"AB1234CD"}, "PIN AB1234CD", "PIN ****"},
	} {
		t.Run(name, func(t *testing.T) {
			for range 50 { // the secrets are in no order
				var s redactor
				for _, secret := range test.secrets {
					s.add(secret)
				}
				if got := s.redact(test.text); got != test.want {
					t.Fatalf("%q, want %q", got, test.want)
				}
			}
		})
	}
}

// encodings are the ways in which a known secret may come back.
func encodings(secret string) map[string]string {
	var percent strings.Builder
	for _, b := range []byte(secret) {
		fmt.Fprintf(&percent, "%%%02X", b)
	}
	all := map[string]string{
		"as it is": secret, "upper case": strings.ToUpper(secret), "lower case": strings.ToLower(secret),
		"percent-encoded": percent.String(), "in lower case": strings.ToLower(percent.String()), "in part": secret[:1] + percent.String()[3:],
		"base64": base64.StdEncoding.EncodeToString([]byte(secret)), "base64 without padding": base64.RawStdEncoding.EncodeToString([]byte(secret)),
		"base64 for URLs": base64.URLEncoding.EncodeToString([]byte(secret)), "both": base64.RawURLEncoding.EncodeToString([]byte(secret)),
		"inside base64":             base64.StdEncoding.EncodeToString([]byte("user:" + secret + ":x")),
		"with an invisible mark":    secret[:2] + "\u200b" + secret[2:],
		"with a control character":  secret[:1] + "\x00" + secret[1:],
		"with a mark of direction":  secret[:3] + "\u202e" + secret[3:],
		"with an isolated part":     "\u2066" + secret + "\u2069",
		"with a byte order mark":    "\ufeff" + secret,
		"percent-encoded, isolated": "\u2066" + percent.String() + "\u2069",
	}
	if NumericPIN.MatchString(secret) {
		for name, between := range map[string]string{"spaces": " ", "dashes": "-", "long dashes": "–", "wide spaces": "\u00a0", "lines": "\n", "both": " - ", "encoded spaces": "%20"} {
			all["with "+name] = strings.Join(strings.Split(secret, ""), between)
			all["with "+name+", in two"] = secret[:2] + between + secret[2:]
		}
	}
	return all
}

// Known secrets are masked in any encoding.
func TestRedact_masksEncodedSecrets(t *testing.T) {
	for _, secret := range []string{"4821", "04821", "482163795012", "AB12#", "b7c2", testKey, "seam_at1_3hT9aBcDeF0123456789"} {
		for name, disguise := range encodings(secret) {
			var s redactor
			s.add(testKey)
			s.add(secret)
			if got := s.redact("PIN " + disguise + " is taken"); got != "PIN **** is taken" {
				t.Errorf("%s, %s: %q became %q", secret, name, disguise, got)
			}
		}
	}
}

func TestRedact_knownPINsKeepIDsAndTimes(t *testing.T) {
	var s redactor
	for _, pin := range []string{"4821", "2026", "1122", "b7c2", "0301", "1200"} {
		s.add(pin)
	}
	for _, text := range []string{
		"access code f81d4821-b7c2-2026-1122-00a0c91e4821 is gone", "at 2026-03-01T12:00:00Z, and on 2026-03-01", "3 of 12 codes", "HTTP 404 on /access_codes/get", "2 locks, 3 codes",
	} {
		if got := s.redact(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestRedact_stripsControlCharacters(t *testing.T) {
	var s redactor
	for text, want := range map[string]string{
		"a\nb\r\nc\td":                   "a b  c d",
		"\x1b[31mred\x1b[0m\x07":         "[31mred[0m",
		"c1 \u0085\u009b31m":             "c1  31m",
		"\u202eevil\u202c \u2066x\u2069": "evil x",
		"\u200e\u200f\u200b\u200d\ufeff": "",
		"line\u2028line\u2029":           "line line ",
		"Zoë, 東京, café":                  "Zoë, 東京, café",
		"broken \xff":                    "broken \ufffd",
		strings.Repeat("ä", 500):         strings.Repeat("ä", 500),
		strings.Repeat("ä", 501):         strings.Repeat("ä", 499) + "…",
	} {
		if got := s.redact(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestRedact_sanitizesIDs(t *testing.T) {
	for id, want := range map[string]string{
		"f81d4fae-7dec-11d0-a765-00a0c91e6bf6": "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
		"f81d4821-7dec-11d0-a765-00a0c91e6bf6": "f81d4821-7dec-11d0-a765-00a0c91e6bf6",
		"req_01HX-9":                           "req_01HX-9",
		"a\nb\x1b[31m \"<c>":                   "",
		strings.Repeat("x", 64):                strings.Repeat("x", 64),
		strings.Repeat("x", 65):                "",
		"":                                     "",
		"4821":                                 "",
		"481516234":                            "",
		"req-4821":                             "",
		"req-4-8-2-1":                          "",
		"x" + testKey:                          "",
	} {
		var s redactor
		s.add("4821")
		s.add(testKey)
		if got := s.sanitizeID(id); got != want {
			t.Errorf("%q became %q, want %q", id, got, want)
		}
	}
}

// outputRecorder keeps all that a client puts out: errors, advice, warnings, log fields and
// what is kept for a later run.
type outputRecorder struct {
	mu       sync.Mutex
	recorded []string
}

func (w *outputRecorder) record(texts ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.recorded = append(w.recorded, texts...)
}

func (w *outputRecorder) log(_ context.Context, message string, fields map[string]any) {
	w.record(message, fmt.Sprint(fields))
}

func (w *outputRecorder) recordCheckpoint(m Checkpoint) {
	kept, err := json.Marshal(m)
	w.record(string(kept), fmt.Sprint(err))
}

func (w *outputRecorder) recordError(err error) {
	for ; err != nil; err = errors.Unwrap(err) {
		w.record(err.Error(), Advice(err, ""))
		if e, ok := errors.AsType[*Error](err); ok {
			w.record(fmt.Sprint(e.Fields), fmt.Sprint(e.Conflict), e.Type, e.Message)
		}
	}
}

// recordingTransport keeps the responses.
type recordingTransport struct {
	next http.RoundTripper
	mu   sync.Mutex
	raw  strings.Builder
}

func (w *recordingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := w.next.RoundTrip(r)
	if err != nil {
		return res, err
	}
	body, err := io.ReadAll(res.Body)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.raw.Write(body)
	res.Body = io.NopCloser(strings.NewReader(string(body)))
	return res, err
}

// operations are what a client can be asked to do with a code whose PIN is known.
var operations = map[string]func(context.Context, *Client, Removal) error{
	"read": func(ctx context.Context, c *Client, task Removal) error {
		_, err := c.ReadAccessCode(ctx, task)
		return err
	},
	"create": func(ctx context.Context, c *Client, task Removal) error {
		pin := "73914628"
		code, err := c.CreateAccessCode(ctx, AccessCodeInput{DeviceID: task.DeviceID, Code: &pin})
		if err != nil {
			return err
		}
		if code, err = c.ReadBackAccessCode(ctx, code); err == nil {
			_, err = c.AwaitAccessCode(ctx, code, true, true)
		}
		return err
	},
	"create with a PIN that is taken": func(ctx context.Context, c *Client, task Removal) error {
		_, err := c.CreateAccessCode(ctx, AccessCodeInput{DeviceID: task.DeviceID, Code: &task.PIN})
		return err
	},
	"change": func(ctx context.Context, c *Client, task Removal) error {
		pin := "73914628"
		_, err := c.UpdateAccessCode(ctx, AccessCodeUpdate{
			Input: AccessCodeInput{AccessCodeID: task.AccessCodeID, Code: &pin}, DeviceID: task.DeviceID, WorkspaceID: task.WorkspaceID,
			PIN: task.PIN, CreatedAt: task.CreatedAt, SaveCheckpoint: task.SaveCheckpoint, Warn: task.Warn,
		})
		return err
	},
	"remove":            func(ctx context.Context, c *Client, task Removal) error { return c.RemoveAccessCode(ctx, task) },
	"remove, by event":  inMode(VerifiedByEvent),
	"request a removal": inMode(Requested),
}

func inMode(mode Mode) func(context.Context, *Client, Removal) error {
	return func(ctx context.Context, c *Client, task Removal) error {
		task.Mode = mode
		return c.RemoveAccessCode(ctx, task)
	}
}

// faultScenarios make operations fail or last long.
func faultScenarios() map[string]func(*fixture) {
	all := map[string]func(*fixture){
		"none": func(*fixture) {},
		"a ghost": func(e *fixture) {
			e.locks[0].SetDefaultDelete(seamtest.DeleteBehavior{Takes: time.Second, Leftover: &seamtest.UnmanagedAccessCode{}})
			e.locks[0].SetDefaultUpdate(seamtest.UpdateBehavior{Takes: time.Second, KeepsOldPIN: &seamtest.UnmanagedAccessCode{}})
		},
		"failing attempts": func(e *fixture) {
			issues := []seamtest.Issue{{Code: "failed_to_remove_from_device", Message: "PIN 40817263 stays, 73914628 too"}}
			e.locks[0].SetDefaultDelete(seamtest.DeleteBehavior{Takes: time.Second, Outcome: seamtest.Fails, ErrorType: "stuck", ErrorMessage: "40817263 is stuck", Errors: issues})
			e.locks[0].SetDefaultUpdate(seamtest.UpdateBehavior{Takes: time.Second, Outcome: seamtest.Fails, ErrorType: "stuck", ErrorMessage: "40817263 is stuck", Errors: issues})
			e.locks[0].SetDefaultCreate(seamtest.CreateBehavior{Outcome: seamtest.Fails, ErrorType: "stuck", ErrorMessage: "73914628 is stuck", Errors: issues})
		},
		"attempts without end": func(e *fixture) {
			issues := []seamtest.Issue{{Code: "provider_issue", Message: "PIN 40817263 or 73914628"}}
			e.locks[0].SetDefaultDelete(seamtest.DeleteBehavior{Outcome: seamtest.StaysPending, Errors: issues, Warnings: issues})
			e.locks[0].SetDefaultUpdate(seamtest.UpdateBehavior{Outcome: seamtest.StaysPending, Errors: issues})
			e.locks[0].SetDefaultCreate(seamtest.CreateBehavior{NeverSet: true, Errors: issues})
		},
		"gone already":   func(e *fixture) { e.server.RemoveAccessCode(e.removals[0].AccessCodeID) },
		"unmanaged":      func(e *fixture) { e.server.UnmanageAccessCode(e.removals[0].AccessCodeID) },
		"no lock":        func(e *fixture) { e.locks[0].Disappear() },
		"unmanaged lock": func(e *fixture) { e.locks[0].Unmanage() },
	}
	for _, path := range []string{
		"/access_codes/get", "/access_codes/list", createPath, "/access_codes/update", "/access_codes/delete", "/access_codes/unmanaged/list",
		"/action_attempts/get", "/action_attempts/list", "/devices/get", "/events/list", "/workspaces/get",
	} {
		for name, fault := range map[string]seamtest.Fault{
			"refused":    {Status: 400, Type: "invalid_input", Message: "40817263 and 73914628 are no good"},
			"typed 404":  {Status: 404, Type: "not_found", Message: "No 40817263"},
			"taken":      {Status: 409, Type: "duplicate_access_code", Message: "Cannot set duplicate access code 73914628 named 40817263"},
			"failing":    {Status: 503, Type: "unavailable", Message: "Later"},
			"a web page": {Status: 502, ContentType: "text/html", Body: "<html>40817263 73914628</html>"},
			"no JSON":    {Replace: func(status int, _ []byte) (int, []byte) { return status, []byte("40817263 73914628") }},
		} {
			all[path+" "+name] = func(e *fixture) { e.injectFault(path, 0, fault) }
		}
	}
	return all
}

// Whatever fails, no error, advice, warning, log field or stored checkpoint holds a secret.
func TestRedact_noOutputHoldsSecrets(t *testing.T) {
	cases, failed, echoed := 0, 0, 0
	for trouble, cause := range faultScenarios() {
		for op, do := range operations {
			t.Run(trouble+", "+op, func(t *testing.T) {
				withFixture(t, 1, 2, func(e *fixture) {
					cases++
					cause(e)
					e.server.EchoSecrets(true)
					w, line, key := &outputRecorder{}, &recordingTransport{next: e.server.Transport()}, e.server.Workspace().APIKey
					c := newTestClient(e.t, Config{APIKey: key, MaxRetries: 1, Log: w.log}, line)
					task := e.removals[0]
					task.Timeout, task.SaveCheckpoint = time.Minute, w.recordCheckpoint
					task.Warn = func(summary, detail string) { w.record(summary, detail) }
					ctx, cancel := context.WithTimeout(e.t.Context(), 2*time.Minute)
					defer cancel()
					err := do(ctx, c, task)
					w.recordError(err)
					for _, text := range w.recorded {
						assertNotContains(e.t, text, key, "40817263", "40817264", "73914628")
					}
					if err != nil {
						failed++
					}
					if raw := line.raw.String(); strings.Contains(raw, key) && strings.Contains(raw, "40817263") {
						echoed++
					}
				})
			})
		}
	}
	if failed < 200 || echoed < 200 {
		t.Errorf("of %d cases, %d failed and in %d the secrets came back: too few to tell", cases, failed, echoed)
	}
}
