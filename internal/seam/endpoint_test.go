package seam

import (
	"errors"
	"net/http"
	"testing"
)

type failingTransport struct{ message string }

func (f failingTransport) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New(f.message)
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
		c, err := New(Config{APIKey: "key", Endpoint: "https://seam-2024.example:54321", Transport: failingTransport{said}, MaxRetries: 0})
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Workspace(t.Context())
		if got := "no answer from Seam on /workspaces/get: " + want; err == nil || err.Error() != got {
			t.Errorf("got %v, want %s", err, got)
		}
	}
}
