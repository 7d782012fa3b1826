package verify

import (
	"net/http"
	"testing"
	"time"
)

// The example that Svix publishes.
const (
	secret    = "whsec_plJ3nmyCDGBKInavdOK15jsl"
	body      = `{"event_type":"ping","data":{"success":true}}`
	sent      = 1731705121
	signature = "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="
)

func TestWhichDeliveriesAreBelieved(t *testing.T) {
	soon := time.Unix(sent, 0).Add(time.Minute)
	for name, c := range map[string]struct {
		secret, body, timestamp, signature string
		now                                time.Time
		want                               bool
	}{
		"as sent":                {secret, body, "1731705121", signature, soon, true},
		"while keys change":      {secret, body, "1731705121", "v1,AAAA v1a,BBBB " + signature, soon, true},
		"another body":           {secret, body + " ", "1731705121", signature, soon, false},
		"another secret":         {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", body, "1731705121", signature, soon, false},
		"no secret at all":       {"***", body, "1731705121", signature, soon, false},
		"another time":           {secret, body, "1731705122", signature, soon, false},
		"no time":                {secret, body, "", signature, soon, false},
		"sent again much later":  {secret, body, "1731705121", signature, soon.Add(time.Hour), false},
		"sent from the future":   {secret, body, "1731705121", signature, soon.Add(-time.Hour), false},
		"another version":        {secret, body, "1731705121", "v2" + signature[2:], soon, false},
		"a signature that is no": {secret, body, "1731705121", "v1,???", soon, false},
		"none":                   {secret, body, "1731705121", "", soon, false},
	} {
		header := http.Header{}
		header.Set("svix-id", "msg_loFOjxBNrRLzqYUf")
		header.Set("svix-timestamp", c.timestamp)
		header.Set("svix-signature", c.signature)
		if err := Delivery(c.secret, header, []byte(c.body), c.now); (err == nil) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
