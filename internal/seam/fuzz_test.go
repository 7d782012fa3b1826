package seam

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
)

// canaryPIN is as long as no part of an id or a time.
const canaryPIN = "481516234"

// embed puts the secrets where a body says that they are.
func embed(text string) string {
	return strings.NewReplacer("{PIN}", canaryPIN, "{KEY}", testKey).Replace(text)
}

var longDigitRun = regexp.MustCompile(`\d{4,}`)

// assertNoLeaks fails the test if a text tells a secret.
func assertNoLeaks(t *testing.T, text string) {
	t.Helper()
	beside := clienttest.IDOrTime.ReplaceAllString(text, " ")
	if slices.Contains(longDigitRun.FindAllString(beside, -1), canaryPIN) || strings.Contains(beside, testKey) {
		t.Errorf("%q tells a secret", text)
	}
}

func FuzzErrorEnvelope(f *testing.F) {
	for _, body := range []string{
		codeNotFound, notFound, "", "null", "[]", `"x"`, `{"error":null}`, `{"error":"access_code_not_found"}`, `{"error":{"type":7}}`,
		`{"error":{"type":"duplicate_access_code","message":"Cannot set {PIN} with {KEY}","data":{"managed_access_code_id":"{PIN}","unmanaged_access_code_id":"{KEY}"}}}`,
		`{"error":{"type":"{PIN}","message":"{KEY}","validation_errors":{"code":{"_errors":["{PIN} is bad","{KEY}"]},"{PIN}":{"_errors":["x"]},"_errors":[]}}}`,
		`{"error":{"type":"invalid_input","validation_errors":{"code":["{PIN}"]}}}`, "<html>{PIN} {KEY}</html>",
		`{"ERROR":{"Type":"access_code_not_found"}}`, `{"error":{"type":"access_code_not_found","type":"other"}}`,
		`{"error":{"type":"access_code_not_found"},"Error":{"type":"other"}}`, `{"error":{"type":"access_code_not_found","data":{"access_code_id":"other"}}}`,
		`{"error":{"type":"access_code_not_found","data":["{PIN}"],"request_id":"{PIN}"},"ok":false}`, `{"error":{"type":"access_code_not_found","\u0054ype":"x"}}`,
	} {
		for _, status := range []int{200, 307, 400, 401, 404, 409, 429, 500} {
			f.Add(status, "application/json", "5", body)
		}
		f.Add(404, "text/html; charset=utf-8", "Fri, 31 Dec 9999 23:59:59 GMT", body)
	}
	f.Add(404, "application/json; charset=", "https://elsewhere.example/", codeNotFound)
	f.Add(0, "", "\x00", "")
	f.Fuzz(func(t *testing.T, status int, contentType, header, body string) {
		body = embed(body)
		var output []string
		c := newTestClient(t, Config{Log: func(_ context.Context, message string, fields map[string]any) {
			output = append(output, message, fmt.Sprint(fields))
		}}, clienttest.Answers{"/access_codes/list": clienttest.JSON(200, fullList), "": {Status: status, Body: body, Header: map[string]string{
			"Content-Type": contentType, "Retry-After": header, "Date": header, "Location": header,
		}}})
		seen, err := c.LookUpAccessCode(t.Context(), "id", LookupOptions{})
		if seen.Gone && !typed404(status, contentType, body) {
			t.Errorf("%d %q %q proves that a code is gone", status, contentType, body)
		}
		if err == nil {
			return
		}
		output = append(output, err.Error(), Advice(err, ""), duplicateError(err).Error(), Advice(duplicateError(err), ""))
		if e, ok := errors.AsType[*Error](err); ok {
			output = append(output, e.Type, e.Message, fmt.Sprint(e.Fields), e.Conflict.ManagedID, e.Conflict.UnmanagedID)
		}
		for _, text := range output {
			assertNoLeaks(t, text)
		}
	})
}

// typed404 is the least that has to be true of an answer that counts as gone: both ways in
// which Go reads JSON, with exact keys and with keys in any letter case, agree on it.
func typed404(status int, contentType, body string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	var exact map[string]json.RawMessage
	var fields map[string]any
	var folded struct{ Error struct{ Type string } }
	if err != nil || kind != "application/json" && !strings.HasSuffix(kind, "+json") || status != 404 ||
		json.Unmarshal([]byte(body), &exact) != nil || json.Unmarshal(exact["error"], &fields) != nil || json.Unmarshal([]byte(body), &folded) != nil {
		return false
	}
	data, _ := fields["data"].(map[string]any)
	id, _ := data["access_code_id"].(string)
	return fields["type"] == "access_code_not_found" && folded.Error.Type == "access_code_not_found" && (id == "" || id == "id")
}

func FuzzAccessCodeAnswer(f *testing.F) {
	const whole = `{"access_code_id":"id","device_id":"lock","workspace_id":"ws","name":"Guest","code":"{PIN}","type":"time_bound","status":"set",` +
		`"starts_at":"2026-03-01T12:00:00.000Z","ends_at":null,"created_at":"2026-03-01T12:00:00Z","is_managed":true,"pulled_backup_access_code_id":null,` +
		`"pending_mutations":[{"mutation_code":"updating_code","from":{"code":"{PIN}"}}],` +
		`"errors":[{"error_code":"provider_issue","message":"{PIN} failed"}],"warnings":[{"warning_code":"being_deleted","message":"{KEY} {PIN}"}]}`
	for _, body := range []string{
		`{"access_code":` + whole + `,"access_codes":[` + whole + `],"ok":true}`,
		fullList, emptyList, otherList, "", "null", "[]", "{}", `{"access_code":null,"access_codes":null}`, `{"access_code":[],"access_codes":{}}`,
		`{"access_code":{"access_code_id":"id","is_managed":false},"access_codes":[{"access_code_id":"id","device_id":"lock","is_managed":false}]}`,
		`{"access_code":{"access_code_id":"id","starts_at":7,"ends_at":"never","created_at":{},"errors":null},"access_codes":[null,{}]}`,
		`{"access_codes":[{"device_id":"lock"},{"device_id":"lock"}],"pagination":{"has_next_page":true,"next_page_cursor":"again"}}`,
		`{"access_codes":[{"access_code_id":"x","device_id":"lock","code":"{PIN}"}]}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		body = embed(body)
		c := newTestClient(t, Config{}, clienttest.Answers{"": clienttest.JSON(200, body)})
		for _, options := range []LookupOptions{{}, {DeviceID: "lock", MaxAge: MaxSnapshotAge}} {
			seen, err := c.LookUpAccessCode(t.Context(), "id", options)
			if seen.Gone || err == nil && (seen.Code.ID != "id" || seen.Code.IsUnmanaged()) {
				t.Errorf("%q reads as %+v", body, seen)
			}
			for _, line := range c.DescribeIssues(seen.Code) {
				assertNoLeaks(t, line)
			}
		}
		l, _ := c.fetchDeviceSnapshot(t.Context(), "lock")
		for id, code := range l.codes {
			if code.ID != id || code.DeviceID != "lock" || code.IsUnmanaged() {
				t.Errorf("%q lists %q: %+v", body, id, code)
			}
		}
	})
}

func FuzzTimestamp(f *testing.F) {
	for _, text := range []string{
		"2026-03-01T12:00:00Z", "2026-03-01T12:00:00.123456789+05:30", "2026-03-01T12:00:00,5-11:00", "2026-02-30T12:00:00Z", "2026-03-01", "2026-03-01 12:00:00Z",
		"0000-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999999999-23:59", "2016-12-31T23:59:60Z", "", "null", `"`, "7", "2026-03-01T24:00:00Z", "2026-03-01t12:00:00z",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, ok := ParseTime(text)
		if !ok && !at.IsZero() {
			t.Errorf("%q is not a time and reads as %v", text, at)
		}
		if ok && at.Year() >= 0 && at.Year() <= 9999 { // RFC 3339 has no others
			if again, ok := ParseTime(at.Format(time.RFC3339Nano)); !ok || !again.Equal(at) {
				t.Errorf("%q reads as %v, and that as %v", text, at, again)
			}
			if !timesEqual(text, Timestamp{at}) {
				t.Errorf("%q is another instant than %v", text, at)
			}
		}
		quoted, err := json.Marshal(text)
		clienttest.Must(t, err)
		for _, data := range []string{string(quoted), text} {
			stamp := Timestamp{time.Unix(1, 0)}
			if err := stamp.UnmarshalJSON([]byte(data)); err != nil {
				t.Errorf("%q fails: %v", data, err)
			}
			if data == string(quoted) && strings.ToValidUTF8(text, "") == text && !stamp.Equal(at) {
				t.Errorf("%q reads as %v in an answer, else as %v", text, stamp, at)
			}
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	for _, text := range []string{
		"", "0", "7", "007", "-1", "+1", "1.5", " 7", "2147483647", "2147483648", "99999999999999999999", "soon",
		"Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
	} {
		f.Add(text, uint(0))
		f.Add(text, uint(40))
	}
	f.Fuzz(func(t *testing.T, text string, n uint) {
		res := &http.Response{Header: http.Header{"Retry-After": {text}}}
		wait, ok := retryAfter(res.Header)
		if wait < 0 || wait > maxRetryAfter || !ok && wait != 0 {
			t.Errorf("%q asks to wait %v, %v", text, wait, ok)
		}
		if pause := backoff(int(n%1000), res); pause < wait-time.Second || pause <= 0 && !ok || pause < 0 || pause > wait+maxBackoff {
			t.Errorf("%q: a pause of %v, asked for %v", text, pause, wait)
		}
	})
}

func FuzzScrub(f *testing.F) {
	for _, text := range []string{
		"{PIN}", "PIN {PIN} is taken", "{KEY}{PIN}{KEY}", "x{PIN}x", "2026-03-{PIN}", "2026-03-01T12:00:00.{PIN}", "2026-03-01T12:00:00Z{PIN}",
		"f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6{PIN}", "{PIN}-7dec-11d0-a765-00a0c91e6bf6", "", "\xff{PIN}\x00", "٤٨١٥", "1234-56-78 12345",
		"a\nb\x1b[31m\u202ec", strings.Repeat("f81d4fae-7dec-11d0-a765-00a0c91e6bf6 ", 20), "NDgxNTE2MjM0", "4-8 1-5", "%34%38%31%35", strings.Repeat("4 ", 400),
	} {
		f.Add(text, "4821")
		f.Add(text, "AB12")
	}
	f.Fuzz(func(t *testing.T, text, pin string) {
		s := redactorOf(testKey, pin)
		text = embed(text)
		scrubbed := s.redact(text)
		s.assert(t, scrubbed, scrubbed)
		if strings.ContainsFunc(scrubbed, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf) || r == '\u2028' || r == '\u2029' }) || utf8.RuneCountInString(scrubbed) > maxTextLength {
			t.Errorf("%q became %q, which is not fit for a screen", text, scrubbed)
		}
		if len(pin) >= minSecretLength && len(pin) <= maxPINLength && NumericPIN.MatchString(pin) {
			for _, disguise := range encodings(pin) {
				s.assert(t, "PIN "+disguise+" is taken", "PIN **** is taken")
			}
		}
		assertNoLeaks(t, scrubbed)
		for _, run := range longDigitRun.FindAllString(clienttest.IDOrTime.ReplaceAllString(scrubbed, " "), -1) {
			t.Errorf("%q became %q, which keeps %s", text, scrubbed, run)
		}
		if !NumericPIN.MatchString(pin) && len(pin) >= 4 && strings.Trim(pin, "*") != "" && !strings.ContainsAny(pin, "*…") && strings.Contains(clienttest.IDOrTime.ReplaceAllString(scrubbed, " "), pin) {
			t.Errorf("%q became %q, which tells %q", text, scrubbed, pin)
		}
	})
}
