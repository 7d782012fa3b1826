package seam

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// cannedResponse answers every request with the same body.
type cannedResponse []byte

func (c cannedResponse) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader(c)), Request: req,
	}, nil
}

// manyCodes is a lock's list of a thousand codes, as seamtest answers it.
func manyCodes(b *testing.B) (deviceID string, ids []string, list cannedResponse) {
	b.Helper()
	server := seamtest.New()
	lock := server.AddLock("Front Door")
	post := func(path string, body map[string]any) []byte {
		encoded, err := json.Marshal(body)
		if err != nil {
			b.Fatal(err)
		}
		req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, "http://localhost"+path, bytes.NewReader(encoded))
		if err != nil {
			b.Fatal(err)
		}
		req.Header = http.Header{"Authorization": {"Bearer " + server.Workspace().APIKey}, "Content-Type": {"application/json"}}
		res, err := server.Transport().RoundTrip(req)
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		answered, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			b.Fatal(res.Status, err)
		}
		return answered
	}
	for i := range 1000 {
		post("/access_codes/create", map[string]any{"device_id": lock.ID, "name": fmt.Sprint("Code ", i), "code": fmt.Sprint(100000 + i)})
	}
	for _, code := range server.AccessCodes() {
		ids = append(ids, code.ID)
	}
	return lock.ID, ids, post("/access_codes/list", map[string]any{"device_id": lock.ID})
}

func cannedClient(b *testing.B, answer cannedResponse) *Client {
	b.Helper()
	c, err := New(Config{APIKey: "seam_key", Transport: answer})
	if err != nil {
		b.Fatal(err)
	}
	return c
}

func BenchmarkAccessCodeCache_listOf1000(b *testing.B) {
	deviceID, ids, list := manyCodes(b)
	c := cannedClient(b, list)
	b.SetBytes(int64(len(list)))
	b.ReportAllocs()
	for b.Loop() {
		if l, err := c.fetchDeviceSnapshot(b.Context(), deviceID); err != nil || len(l.codes) != len(ids) {
			b.Fatal(len(l.codes), err)
		}
	}
}

// BenchmarkAccessCodeCache_findAmong1000 is one code's part of a plan, apart from the list.
func BenchmarkAccessCodeCache_findAmong1000(b *testing.B) {
	deviceID, ids, list := manyCodes(b)
	c := cannedClient(b, list)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if i%(1<<16) == 0 { // before the list is too old
			b.StopTimer()
			refreshSnapshot(b, c, deviceID)
			b.StartTimer()
		}
		if seen, err := c.LookUpAccessCode(b.Context(), ids[i%len(ids)], LookupOptions{DeviceID: deviceID, MaxAge: MaxSnapshotAge}); err != nil || seen.Gone {
			b.Fatal(seen.Gone, err)
		}
		i++
	}
}

func refreshSnapshot(b *testing.B, c *Client, deviceID string) {
	b.Helper()
	c.device(deviceID).codes.invalidate()
	if _, err := c.device(deviceID).codes.cached(b.Context(), time.Hour); err != nil {
		b.Fatal(err)
	}
}
