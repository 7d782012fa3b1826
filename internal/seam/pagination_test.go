package seam

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
)

// pagedClient answers the n-th request for a list with what is made of n.
func pagedClient(t *testing.T, made func(n int) string) (*Client, *int) {
	asked := 0
	return newTestClient(t, Config{}, clienttest.Answer(func(*http.Request) clienttest.Response {
		asked++
		return clienttest.JSON(200, made(asked))
	})), &asked
}

func TestPagination_endlessListIsError(t *testing.T) {
	type testCase struct {
		page  func(n int) string
		says  string
		pages int
	}
	clienttest.ForEach(t, map[string]testCase{
		"new cursors without end": {func(n int) string {
			return fmt.Sprintf(`{"access_codes":[{"access_code_id":"id%d"}],"pagination":{"has_next_page":true,"next_page_cursor":"c%d"}}`, n, n)
		}, "1000 pages", 1000},
		"empty pages without end": {func(n int) string {
			return fmt.Sprintf(`{"access_codes":[],"pagination":{"has_next_page":true,"next_page_cursor":"c%d"}}`, n)
		}, "1000 pages", 1000},
		"the same page under new cursors": {func(n int) string {
			return fmt.Sprintf(`{"access_codes":[{"access_code_id":"id"}],"pagination":{"has_next_page":true,"next_page_cursor":"c%d"}}`, n)
		}, "circle", 2},
		"the same cursor": {func(n int) string {
			return fmt.Sprintf(`{"access_codes":[{"access_code_id":"id%d"}],"pagination":{"has_next_page":true,"next_page_cursor":"c"}}`, n)
		}, "circle", 2},
		"a next page that cannot be read": {func(int) string {
			return `{"access_codes":[],"pagination":{"has_next_page":"true","next_page_cursor":7}}`
		}, "not the JSON", 1},
	}, func(t *testing.T, test testCase) {
		c, asked := pagedClient(t, test.page)
		_, _, err := c.ListAccessCodes(t.Context(), map[string]any{"device_id": "lock"})
		clienttest.AssertError(t, err, test.says, "/access_codes/list", "request id req-1")
		clienttest.AssertContains(t, Advice(err, ""), "SEAM_ENDPOINT", "run again")
		if *asked != test.pages {
			t.Errorf("%d pages were asked for, want %d", *asked, test.pages)
		}
	})
}

func TestPagination_readsEveryPage(t *testing.T) {
	c, _ := pagedClient(t, func(n int) string {
		next := fmt.Sprintf(`"c%d"`, n)
		if n == maxPages {
			next = "null"
		}
		return fmt.Sprintf(`{"access_codes":[{"access_code_id":"id%d"},{"access_code_id":"id%d"}],"pagination":{"next_page_cursor":%s}}`, n, n+1, next)
	})
	_, listed, err := c.ListAccessCodes(t.Context(), map[string]any{"device_id": "lock"})
	if err != nil || len(listed) != 2*maxPages {
		t.Errorf("%d codes, %v", len(listed), err)
	}
}
