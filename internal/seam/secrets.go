package seam

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// secrets scrubs text that came from elsewhere. PINs are digits, so every run of four or
// more is masked unless it is part of an id or a time; tokens and secrets of webhooks are
// masked by their form, credentials and PINs with letters by value.
type secrets struct{ known sync.Map }

var digits = regexp.MustCompile(
	`[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b` +
		`|\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?)?\b` +
		`|\d{4,}`)

var tokens = regexp.MustCompile(`(?:whsec_|seam_cst|seam_at)[0-9A-Za-z+/=_-]+`)

var numeric = regexp.MustCompile(`^\d+$`)

// add makes s a secret. Digits need no adding.
func (s *secrets) add(secret string) {
	if len(secret) >= 4 && !numeric.MatchString(secret) {
		s.known.Store(secret, nil)
	}
}

func (s *secrets) scrub(text string) string {
	var known []string
	s.known.Range(func(secret, _ any) bool {
		if secret, ok := secret.(string); ok {
			known = append(known, secret)
		}
		return true
	})
	// The longest first: a PIN may be a part of a key.
	slices.SortFunc(known, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, secret := range known {
		text = strings.ReplaceAll(text, secret, "****")
	}
	text = tokens.ReplaceAllString(text, "****")
	return digits.ReplaceAllStringFunc(text, func(run string) string {
		if numeric.MatchString(run) {
			return "****"
		}
		return run
	})
}

// identifier keeps an id of an error's details only if it holds nothing to scrub.
func (s *secrets) identifier(text string) string {
	if s.scrub(text) != text {
		return ""
	}
	return identifier(text)
}

var unlikeID = regexp.MustCompile(`[^0-9A-Za-z_-]`)

// identifier keeps an id fit for printing.
func identifier(text string) string {
	text = unlikeID.ReplaceAllString(text, "")
	return text[:min(len(text), 64)]
}
