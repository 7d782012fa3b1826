package seam

import (
	"testing"

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
