package provider

import (
	"encoding/json"
	"slices"
	"testing"
)

// hideRequestedPINs makes Seam not show the PINs that a grant asks for.
func (f *grantFixture) hideRequestedPINs() {
	f.seam.DescribeObjects("access_grant", func(_ string, fields map[string]any) {
		var shown []any
		text, err := json.Marshal(fields["requested_access_methods"])
		f.must(err)
		f.must(json.Unmarshal(text, &shown))
		for _, entry := range shown {
			entry, _ := entry.(map[string]any)
			delete(entry, "code")
		}
		fields["requested_access_methods"] = shown
	})
}

// Is the right one of two PINs taken back?
func TestAccessGrant_oneOfTwoPINsIsTakenBack(t *testing.T) {
	preferred, second, chosen := values{"mode": "code", "code": "4821"}, values{"mode": "code", "code": "7319"}, values{"mode": "code"}
	for name, c := range map[string]struct {
		before []any
		after  values
	}{
		"the chosen one goes":            {[]any{preferred, chosen}, preferred},
		"the chosen one stays":           {[]any{preferred, chosen}, chosen},
		"the chosen one was first":       {[]any{chosen, preferred}, preferred},
		"the chosen one was first, stay": {[]any{chosen, preferred}, chosen},
		"the second goes":                {[]any{preferred, second}, preferred},
		"the first goes":                 {[]any{preferred, second}, second},
	} {
		for _, hidden := range []bool{false, true} {
			if hidden {
				name += ", not shown"
			}
			t.Run(name, func(t *testing.T) {
				withGrants(t, func(f *grantFixture) {
					if hidden {
						f.hideRequestedPINs()
					}
					f.requireNoError(f.apply(f.with(c.before...)))
					pins := f.lock.PINs()
					kept, configured := c.after["code"].(string)
					if !configured {
						kept = pins[slices.IndexFunc(pins, func(pin string) bool { return pin != "4821" })]
					}
					f.restart()
					f.requireNoError(f.apply(f.with(c.after)))
					for _, pin := range pins {
						f.requireBoth(pin, pin == kept)
					}
					f.requireSettled(f.with(c.after))
				})
			})
		}
	}
}
