package removal

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
)

// Whatever Seam lists as unmanaged, a check does not pass over the PIN, and does not tell it.
func FuzzLockCheck(f *testing.F) {
	const pin = "481516234"
	for _, list := range []string{
		`[]`, `null`, `{}`, `[null,{}]`, `[{"access_code_id":"x","device_id":"lock","code":"481516234"}]`, `[{"access_code_id":"x","device_id":"lock","code":"481-516-234#"}]`,
		`[{"access_code_id":"x","device_id":"lock","code":"0481516234","created_at":"2026-03-01T12:00:00Z"}]`, `[{"access_code_id":"x","code":"481516234"}]`,
		`[{"access_code_id":"481516234","device_id":"lock","code":"****"}]`, `[{"access_code_id":"x","device_id":"other","code":"481516234"}]`,
		`[{"device_id":"lock"},{"device_id":"lock"}]`, `[{"access_code_id":"x","device_id":"lock","code":"7777","created_at":{}}]`, `[{"access_code_id":"x","access_code_id":"y","device_id":"lock","CODE":"481516234"}]`,
	} {
		f.Add(list)
	}
	f.Fuzz(func(t *testing.T, list string) {
		synctest.Test(t, func(t *testing.T) { // a check waits a moment for others
			const end = `,"pagination":{"has_next_page":false,"next_page_cursor":null},"ok":true}`
			answer := func(body string) clienttest.Response { return clienttest.JSON(http.StatusOK, body) }
			c, err := seam.New(seam.Config{APIKey: "seam_testCanary7KqRt2", Transport: clienttest.Answers{
				"/workspaces/get":              answer(`{"workspace":{"workspace_id":"ws"},"ok":true}`),
				"/devices/get":                 answer(`{"device":{"device_id":"lock","workspace_id":"ws","is_managed":true,"properties":{}},"ok":true}`),
				"/access_codes/unmanaged/list": answer(`{"access_codes":` + list + end),
				"":                             answer(`{"access_codes":[]` + end),
			}})
			clienttest.Must(t, err)
			snapshot, err := c.FreshLockSnapshot(t.Context(), "lock")
			if err != nil {
				return
			}
			entries := snapshot.Unmanaged.Codes
			_, verdict := lockCheck{workspaceID: "ws", deviceID: "lock", pins: []string{pin}, baselines: []baseline{{}}}.run(t.Context(), c)
			for _, entry := range entries {
				if verdict == nil && entry.Code == pin && entry.DeviceID == "lock" {
					t.Errorf("%q passes the check", list)
				}
			}
			idTells := slices.ContainsFunc(entries, func(entry seam.AccessCode) bool { return strings.Contains(seam.SanitizeID(entry.ID), pin) })
			if verdict != nil && !idTells && strings.Contains(verdict.Error(), pin) {
				t.Errorf("%q tells the PIN", verdict)
			}
		})
	})
}
