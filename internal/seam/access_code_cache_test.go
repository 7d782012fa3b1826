package seam

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestAccessCodeCache_requestsGrowWithLocksNotCodes(t *testing.T) {
	withFixture(t, 5, 20, func(e *fixture) {
		e.readAll(e.client(Config{}))
		if n := len(e.Server.Requests()); n != 6 {
			t.Errorf("%d requests for 100 codes on 5 locks, want one list each and the workspace", n)
		}
		e.Server.ResetRequests()
		e.readAll(e.client(Config{DisableBulkReads: true}))
		e.AssertRequests("/access_codes/get", 100)
	})
}

// sameCursor is every page of a list.
const sameCursor = `{"access_codes":[],"pagination":{"has_next_page":true,"next_page_cursor":"again"},"ok":true}`

// A code that a list leaves out, or a list that fails, proves nothing: the code is fetched by itself.
func TestAccessCodeCache_missingFromListIsFetched(t *testing.T) {
	clienttest.ForEachIn(t, fixtures(5), map[string]seamtest.Fault{
		"left out":            {Path: "/access_codes/list", Replace: with(emptyList)},
		"the list fails":      {Path: "/access_codes/list", Status: 500},
		"page 2 fails":        {Path: "/access_codes/list", Status: 500, Match: func(body map[string]any) bool { return body["page_cursor"] != nil }},
		"the cursor circles":  {Path: "/access_codes/list", Replace: with(sameCursor)},
		"the list has no end": {Path: "/access_codes/list", Truncate: true},
	}, func(e *fixture, fault seamtest.Fault) {
		e.Server.PageSize(2)
		e.Server.InjectFault(fault)
		e.readAll(e.client(Config{}))
	})
}

// manyCodes is a lock's list of a thousand codes, as seamtest answers it.
func manyCodes(b *testing.B) (deviceID string, ids []string, list string) {
	b.Helper()
	server := seamtest.New()
	lock := server.AddLock("Front Door")
	for i := range 1000 {
		code := map[string]any{"device_id": lock.ID, "name": fmt.Sprint("Code ", i), "code": fmt.Sprint(100000 + i)}
		clienttest.Post(b, server, "/access_codes/create", code)
	}
	for _, code := range server.AccessCodes() {
		ids = append(ids, code.ID)
	}
	return lock.ID, ids, string(clienttest.Post(b, server, "/access_codes/list", map[string]any{"device_id": lock.ID}))
}

func BenchmarkAccessCodeCache_listOf1000(b *testing.B) {
	deviceID, ids, list := manyCodes(b)
	c := newTestClient(b, Config{}, clienttest.Answers{"": clienttest.JSON(http.StatusOK, list)})
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
	c := newTestClient(b, Config{}, clienttest.Answers{"": clienttest.JSON(http.StatusOK, list)})
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
	clienttest.Must(b, clienttest.ErrorOf(c.device(deviceID).codes.cached(b.Context(), time.Hour)))
}
