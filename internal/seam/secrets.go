package seam

import (
	"regexp"
	"strings"
	"sync"
)

// secrets scrubs text that came from elsewhere. PINs are digits, so every run of four or
// more is masked unless it is part of an id or a time; credentials and PINs with letters
// are masked by value.
type secrets struct{ known sync.Map }

var digits = regexp.MustCompile(
	`[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}` +
		`|\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?)?` +
		`|\d{4,}`)

var numeric = regexp.MustCompile(`^\d+$`)

// add makes s a secret. Digits need no adding.
func (s *secrets) add(secret string) {
	if len(secret) >= 4 && !numeric.MatchString(secret) {
		s.known.Store(secret, nil)
	}
}

func (s *secrets) scrub(text string) string {
	s.known.Range(func(secret, _ any) bool {
		if secret, ok := secret.(string); ok {
			text = strings.ReplaceAll(text, secret, "****")
		}
		return true
	})
	return digits.ReplaceAllStringFunc(text, func(run string) string {
		if numeric.MatchString(run) {
			return "****"
		}
		return run
	})
}

var unlikeID = regexp.MustCompile(`[^0-9A-Za-z_-]`)

// identifier keeps an id fit for printing.
func identifier(text string) string {
	text = unlikeID.ReplaceAllString(text, "")
	return text[:min(len(text), 64)]
}
