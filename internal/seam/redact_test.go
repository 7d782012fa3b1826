package seam

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
)

func redactorOf(secrets ...string) *redactor {
	s := new(redactor)
	for _, secret := range secrets {
		s.add(secret)
	}
	return s
}

func (s *redactor) assert(t *testing.T, text, want string) {
	t.Helper()
	if got := s.redact(text); got != want {
		t.Errorf("%q became %q, want %q", text, got, want)
	}
}

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
			text := fmt.Sprintf(surroundings, pin)
			if scrubbed := redactorOf().redact(text); strings.Contains(scrubbed, pin) {
				t.Errorf("%q became %q", text, scrubbed)
			}
		}
	}
}

func TestRedact_keepsIDsAndTimes(t *testing.T) {
	for _, text := range []string{
		"", "no digits at all", "3 of 12 codes, 429 in all",
		"access code f81d4fae-7dec-11d0-a765-00a0c91e6bf6 is gone", "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6",
		"12345678-1234-1234-1234-123456789012", "ids 12345678-1234-1234-1234-123456789012,12345678-1234-1234-1234-123456789012.",
		"2026-03-01", "since 2026-03-01.", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00.123456Z", "2026-03-01T12:00:00+02:00", "2026-03-01T12:00:00.000-11:00",
		"at 2026-03-01 12:00:00", "from 2026-03-01T12:00Z to 2026-03-02T12:00Z", "2026-03-01T12:00",
	} {
		redactorOf().assert(t, text, text)
	}
}

func TestRedact_masksKnownSecrets(t *testing.T) {
	type testCase struct {
		secrets []string
		text    string
		want    string
	}
	clienttest.ForEach(t, map[string]testCase{
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
	}, func(t *testing.T, test testCase) {
		for range 50 { // the secrets are in no order
			redactorOf(test.secrets...).assert(t, test.text, test.want)
		}
	})
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
		for _, disguise := range encodings(secret) {
			redactorOf(testKey, secret).assert(t, "PIN "+disguise+" is taken", "PIN **** is taken")
		}
	}
}

func TestRedact_knownPINsKeepIDsAndTimes(t *testing.T) {
	s := redactorOf("4821", "2026", "1122", "b7c2", "0301", "1200")
	for _, text := range []string{
		"access code f81d4821-b7c2-2026-1122-00a0c91e4821 is gone", "at 2026-03-01T12:00:00Z, and on 2026-03-01", "3 of 12 codes", "HTTP 404 on /access_codes/get", "2 locks, 3 codes",
	} {
		s.assert(t, text, text)
	}
}

func TestRedact_stripsControlCharacters(t *testing.T) {
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
		redactorOf().assert(t, text, want)
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
		if got := redactorOf("4821", testKey).sanitizeID(id); got != want {
			t.Errorf("%q became %q, want %q", id, got, want)
		}
	}
}

// Is the endpoint readable in an error of the network? A port looks like a PIN.
func TestRedact_networkErrorKeepsEndpoint(t *testing.T) {
	for said, want := range map[string]string{
		"dial tcp 127.0.0.1:54321: refused":              "dial tcp 127.0.0.1:54321: refused",
		"dial tcp [::1]:54321: refused":                  "dial tcp [::1]:54321: refused",
		"lookup lock-4821.example: no such host":         "lookup lock-****.example: no such host",
		"read 10.0.0.1:40001->127.0.0.1:54321: reset":    "read 10.0.0.1:****->127.0.0.1:54321: reset",
		"port:543219 and PIN 54321":                      "port:**** and PIN ****",
		"no route to seam-2024.example:54321 for 482193": "no route to seam-2024.example:54321 for ****",
	} {
		server := clienttest.NoAnswer(func(*http.Request) error { return errors.New(said) })
		_, err := newTestClient(t, Config{Endpoint: "https://seam-2024.example:54321"}, server).Workspace(t.Context())
		if got := "no answer from Seam on /workspaces/get: " + want; err == nil || err.Error() != got {
			t.Errorf("got %v, want %s", err, got)
		}
	}
}
