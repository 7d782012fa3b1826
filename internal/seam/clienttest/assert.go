package clienttest

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"
)

// IDOrTime matches the digits that a redacted text may hold: whole ids and whole times.
var IDOrTime = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b` +
	`|\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?\b` +
	`|\d{4}-\d{2}-\d{2}\b`)

// Must stops the test on an error.
func Must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// AssertTook fails the test unless the time since start is between least and most.
func AssertTook(t *testing.T, start time.Time, least, most time.Duration) {
	t.Helper()
	if took := time.Since(start); took < least || took > most {
		t.Errorf("it took %v, want %v to %v", took, least, most)
	}
}

// AssertContains fails the test unless a text contains all parts.
func AssertContains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q does not say %q", text, part)
		}
	}
}

// AssertError fails the test unless there is an error that says all parts.
func AssertError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	AssertContains(t, err.Error(), parts...)
}

// AssertIs fails the test unless an error is the wanted one; nil for none.
func AssertIs(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

// MustBe stops the test unless an error is of this type.
func MustBe[E error](t *testing.T, err error) E {
	t.Helper()
	e, ok := errors.AsType[E](err)
	if !ok {
		t.Fatalf("want %T, got %v", e, err)
	}
	return e
}

// AssertOmits fails the test if a text has one of the parts beside its ids and times, which may
// hold any digits by chance.
func AssertOmits(t *testing.T, text string, parts ...string) {
	t.Helper()
	text = IDOrTime.ReplaceAllString(text, "<id or time>")
	for _, part := range parts {
		if part != "" && strings.Contains(text, part) {
			t.Errorf("%q says %q", text, part)
		}
	}
}

// ErrorOf is the error of a call whose result does not matter.
func ErrorOf[R any](_ R, err error) error { return err }
