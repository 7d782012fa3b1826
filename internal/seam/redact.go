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

// redactor masks secrets in external text. PINs are digits, so every run of four or more digits
// is masked unless it is part of an ID or a time. Tokens, also in URLs, and webhook secrets are masked by their
// format. Secrets known to this run are masked in encoded forms too.
type redactor struct {
	words sync.Map // credentials and PINs with letters, with the pattern of their encoded forms
	pins  sync.Map // numeric PINs
}

const (
	maxTextLength    = 500 // runes; longer text is truncated
	longSecretLength = 16  // bytes; a secret this long is not part of an ID by chance
	maxPINLength     = 12
	minSecretLength  = 4
)

var (
	uuidPattern  = `[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b`
	digitRuns    = regexp.MustCompile(uuidPattern + `|\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?)?\b` + `|\d{4,}`)
	tokenPattern = regexp.MustCompile(`(?:whsec_|seam_cst|seam_at|auth_token=)[0-9A-Za-z+/=_-]+`)

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

// add registers a secret. Secrets shorter than minSecretLength are ignored.
func (s *redactor) add(secret string) {
	switch secret = stripControl(secret); {
	case len(secret) < minSecretLength:
	case NumericPIN.MatchString(secret):
		s.pins.Store(secret, nil)
	default:
		s.words.LoadOrStore(secret, encodedForms(secret))
	}
}

// encodedForms returns a pattern for a secret in any letter case, fully or partly percent-encoded.
func encodedForms(secret string) *regexp.Regexp {
	if len(secret) > maxTextLength {
		return regexp.MustCompile("(?i)" + regexp.QuoteMeta(secret)) // the full pattern would be too slow
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

// redact masks the secrets in an external text, and all digits that could be a PIN.
func (s *redactor) redact(text string) string {
	if text == "" {
		return ""
	}
	return maskDigits(truncate(maskDigits(s.mask(stripControl(text))))) // truncation may leave part of an ID
}

// redactKnown masks only known secrets. It is for names with significant numbers, such as doors.
func (s *redactor) redactKnown(text string) string { return truncate(s.mask(stripControl(text))) }

// stripControl removes characters that could move or hide text on a screen: control characters,
// direction marks and zero-width characters. Line breaks become spaces. A very long text is cut,
// far beyond the length that is shown.
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

// mask masks known secrets. Short secrets are not masked inside IDs and times, where they occur
// by chance.
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

// maskWords masks the secrets with a length in [from, below) bytes, the longest first: a PIN may
// be part of a key.
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

// outsideIDs applies change to the parts of a text outside IDs and times.
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

// maskIfSecret returns text, or a mask if one of its decodings contains a secret.
func (s *redactor) maskIfSecret(text string, meanings ...string) string {
	if slices.ContainsFunc(meanings, s.containsSecret) {
		return "****"
	}
	return text
}

// containsSecret reports whether a text contains a known secret in plain form.
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

// base64Decodings returns the base64 decodings of a word at each of the four possible offsets.
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

// sanitizeID returns text if it is a valid ID without a known secret, otherwise an empty string.
func (s *redactor) sanitizeID(text string) string {
	if !isID(text) || s.mask(text) != text {
		return ""
	}
	return text
}

var nonIDChars = regexp.MustCompile(`[^0-9A-Za-z_-]`)

// SanitizeID removes the characters that an ID cannot have and cuts it to 64 bytes.
func SanitizeID(text string) string {
	text = nonIDChars.ReplaceAllString(text, "")
	return text[:min(len(text), 64)]
}

// isID reports whether text can be a Seam ID. Text that looks like a PIN is not an ID.
func isID(text string) bool {
	return text != "" && text == SanitizeID(text) && (len(text) < minSecretLength || !NumericPIN.MatchString(text))
}

// AddSecret registers a PIN. It is masked in all later messages and logs.
func (c *Client) AddSecret(pin string) { c.redactor.add(pin) }

// Redact masks the secrets in an external text, and all digits that could be a PIN.
func (c *Client) Redact(text string) string { return c.redactor.redact(text) }

// RedactKnown masks only known secrets.
func (c *Client) RedactKnown(text string) string { return c.redactor.redactKnown(text) }
