package seam

import "testing"

func TestWhatIsMasked(t *testing.T) {
	var s secrets
	s.add(testKey)
	s.add("a1b2c3") // some locks have PINs with letters
	s.add("abc")    // too short: it would mask half of every text
	s.add("")
	for text, want := range map[string]string{
		"PIN 4821 is taken":                      "PIN **** is taken",
		"4821,5555":                              "****,****",
		"code=004821;":                           "code=****;",
		"x4821y":                                 "x****y",
		"123456789012":                           "****",
		"Authorization: Bearer " + testKey:       "Authorization: Bearer ****",
		testKey + "4821":                         "********",
		"PIN a1b2c3":                             "PIN ****",
		"123 of 250 slots":                       "123 of 250 slots",
		"abc":                                    "abc",
		"b3b7d3f0-1234-4000-8000-123456789012":   "b3b7d3f0-1234-4000-8000-123456789012",
		"12345678-1234-4123-8123-123456789012 4": "12345678-1234-4123-8123-123456789012 4",
		"until 2026-01-02T15:04:05.123Z":         "until 2026-01-02T15:04:05.123Z",
		"on 2026-01-02 4821 failed":              "on 2026-01-02 **** failed",
		"2026":                                   "****",
		"":                                       "",
	} {
		if got := s.scrub(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestIDsAreFitForPrinting(t *testing.T) {
	for text, want := range map[string]string{
		"b3b7d3f0-1234-4000-8000-123456789012": "b3b7d3f0-1234-4000-8000-123456789012",
		"access_code1":                         "access_code1",
		"x\n\x1b[31m\"y\"":                     "x31my",
		"":                                     "",
	} {
		if got := identifier(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
