package seam

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// redactor makes text that came from elsewhere fit for people. PINs are digits, so every
// run of four or more is masked unless it is part of an id or a time; tokens and secrets
// of webhooks are masked by their form, and what this run knows also in disguise.
type redactor struct {
	words sync.Map // credentials and PINs with letters, with the pattern of their encoded forms
	pins  sync.Map // PINs of digits
}

const (
	maxTextLength    = 500 // runes of one text that are shown
	longSecretLength = 16  // bytes from which a secret is no part of an id by chance
	maxPINLength     = 12
	minSecretLength  = 4
)

var (
	uuidPattern  = `[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b`
	digitRuns    = regexp.MustCompile(uuidPattern + `|\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?)?\b` + `|\d{4,}`)
	tokenPattern = regexp.MustCompile(`(?:whsec_|seam_cst|seam_at)[0-9A-Za-z+/=_-]+`)

	NumericPIN      = regexp.MustCompile(`^\d+$`)
	digitPattern    = `(?:\d|%3\d)`
	separatedDigits = regexp.MustCompile(digitPattern + `(?:(?:[\s\p{Z}\p{Pd}+]|%20|%2[dD])*` + digitPattern + `){3,}`)
	digitSeparators = regexp.MustCompile(`%3(\d)|%20|%2[dD]|\D`)

	base64Words = []struct {
		encoding *base64.Encoding
		pattern  *regexp.Regexp
	}{
		{base64.RawStdEncoding, regexp.MustCompile(`[0-9A-Za-z+/]{6,}=*`)},
		{base64.RawURLEncoding, regexp.MustCompile(`[0-9A-Za-z_-]{6,}=*`)},
	}
)

// add makes s a secret.
func (s *redactor) add(secret string) {
	switch secret = stripControl(secret); {
	case len(secret) < minSecretLength:
	case NumericPIN.MatchString(secret):
		s.pins.Store(secret, nil)
	default:
		s.words.LoadOrStore(secret, encodedForms(secret))
	}
}

// encodedForms matches a secret in any letter case, percent-encoded in whole or in part.
func encodedForms(secret string) *regexp.Regexp {
	if len(secret) > maxTextLength {
		return regexp.MustCompile("(?i)" + regexp.QuoteMeta(secret)) // a pattern as below would take too long
	}
	var pattern strings.Builder
	pattern.WriteString("(?i)")
	for _, r := range secret {
		fmt.Fprintf(&pattern, "(?:%s|", regexp.QuoteMeta(string(r)))
		for _, b := range []byte(string(r)) {
			fmt.Fprintf(&pattern, "%%%02x", b)
		}
		pattern.WriteString(")")
	}
	return regexp.MustCompile(pattern.String())
}

// redact is what a person may see of a text from elsewhere.
func (s *redactor) redact(text string) string {
	if text == "" {
		return ""
	}
	return maskDigits(truncate(maskDigits(s.mask(stripControl(text))))) // a cut may leave a part of an id
}

// redactKnown is redact for the names of things that are told apart by numbers, as doors are:
// only what is known to be secret is masked.
func (s *redactor) redactKnown(text string) string { return truncate(s.mask(stripControl(text))) }

// stripControl takes out what could move or hide text on a screen: control characters, marks of
// direction and characters without a width. Line breaks become spaces. Of a very long
// text it takes the beginning, far more than is shown.
func stripControl(text string) string {
	text = text[:min(len(text), 32*maxTextLength)]
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) && unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, text)
}

func truncate(text string) string {
	if runes := []rune(text); len(runes) > maxTextLength {
		return string(runes[:maxTextLength-1]) + "…"
	}
	return text
}

func maskDigits(text string) string {
	return digitRuns.ReplaceAllStringFunc(text, func(run string) string {
		if NumericPIN.MatchString(run) {
			return "****"
		}
		return run
	})
}

// mask masks what is known to be secret. A short secret may well be a part of an id or a
// time, which stay.
func (s *redactor) mask(text string) string {
	short := func(text string) string {
		for _, kind := range base64Words {
			text = kind.pattern.ReplaceAllStringFunc(text, func(word string) string { return s.maskIfSecret(word, base64Decodings(kind.encoding, word)...) })
		}
		text = s.maskWords(text, 0, longSecretLength)
		return separatedDigits.ReplaceAllStringFunc(text, func(run string) string { return s.maskIfSecret(run, digitSeparators.ReplaceAllString(run, "$1")) })
	}
	text = s.maskWords(text, longSecretLength, len(text)+1)
	text = tokenPattern.ReplaceAllString(text, "****")
	return outsideIDs(text, short)
}

// maskWords masks the secrets that have as many bytes, the longest first: a PIN may be a
// part of a key.
func (s *redactor) maskWords(text string, from, below int) string {
	var words []string
	s.words.Range(func(word, _ any) bool {
		if word, ok := word.(string); ok && len(word) >= from && len(word) < below {
			words = append(words, word)
		}
		return true
	})
	slices.SortFunc(words, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, word := range words {
		if pattern, ok := s.words.Load(word); ok {
			text = pattern.(*regexp.Regexp).ReplaceAllString(text, "****") //nolint:forcetypeassert // nothing else is stored
		}
	}
	return text
}

// outsideIDs changes what is between the ids and times in a text.
func outsideIDs(text string, change func(string) string) string {
	var changed strings.Builder
	done := 0
	for _, at := range digitRuns.FindAllStringIndex(text, -1) {
		if kept := text[at[0]:at[1]]; !NumericPIN.MatchString(kept) {
			changed.WriteString(change(text[done:at[0]]) + kept)
			done = at[1]
		}
	}
	return changed.String() + change(text[done:])
}

// maskIfSecret is text, or a mask if one of its meanings holds a secret.
func (s *redactor) maskIfSecret(text string, meanings ...string) string {
	if slices.ContainsFunc(meanings, s.containsSecret) {
		return "****"
	}
	return text
}

// containsSecret reports whether a known secret is in a text, as it is.
func (s *redactor) containsSecret(text string) (found bool) {
	for start := range len(text) {
		for end := start; end < min(len(text), start+maxPINLength) && text[end] >= '0' && text[end] <= '9' && !found; end++ {
			_, found = s.pins.Load(text[start : end+1])
		}
	}
	s.words.Range(func(word, _ any) bool {
		if word, ok := word.(string); ok && !found {
			found = strings.Contains(strings.ToLower(text), strings.ToLower(word))
		}
		return !found
	})
	return found
}

// base64Decodings are what a word may mean in base64, wherever it begins in it.
func base64Decodings(encoding *base64.Encoding, word string) (all []string) {
	word = strings.TrimRight(word, "=")
	for start := range 4 {
		part := word[start:]
		if len(part)%4 == 1 {
			part = part[:len(part)-1]
		}
		if decoded, err := encoding.DecodeString(part); err == nil {
			all = append(all, string(decoded))
		}
	}
	return all
}

// SanitizeID is an id that may be printed; nothing if text is none, or holds a secret.
func (s *redactor) sanitizeID(text string) string {
	if !isID(text) || s.mask(text) != text {
		return ""
	}
	return text
}

var nonIDChars = regexp.MustCompile(`[^0-9A-Za-z_-]`)

// SanitizeID keeps an id fit for printing.
func SanitizeID(text string) string {
	text = nonIDChars.ReplaceAllString(text, "")
	return text[:min(len(text), 64)]
}

// isID reports whether text can be an id of Seam's. What looks like a PIN is none.
func isID(text string) bool {
	return text != "" && text == SanitizeID(text) && (len(text) < minSecretLength || !NumericPIN.MatchString(text))
}

// AddSecret keeps a PIN out of everything that is said from now on.
func (c *Client) AddSecret(pin string) { c.redactor.add(pin) }

// Redact makes text of Seam's fit to be shown: without secrets and what could be one.
func (c *Client) Redact(text string) string { return c.redactor.redact(text) }

// RedactKnown is Redact for text in which digits are no PIN unless they are a known one.
func (c *Client) RedactKnown(text string) string { return c.redactor.redactKnown(text) }
