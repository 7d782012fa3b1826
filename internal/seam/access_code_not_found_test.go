package seam

import (
	"fmt"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
)

const (
	codeNotFound = `{"error":{"type":"access_code_not_found","message":"No such access code"},"ok":false}`
	notFound     = `{"error":{"type":"not_found","message":"Nothing here"},"ok":false}`
	emptyList    = `{"access_codes":[],"pagination":{"next_page_cursor":null},"ok":true}`
	fullList     = `{"access_codes":[{"access_code_id":"id"}],"pagination":{"next_page_cursor":null},"ok":true}`
	otherList    = `{"access_codes":[{"access_code_id":"another"}],"pagination":{"next_page_cursor":null},"ok":true}`
)

// getThrough looks up a code where get and list answer like this.
func getThrough(t testing.TB, id string, get, list clienttest.Response) (Lookup, error) {
	server := clienttest.Answers{"/access_codes/get": get, "": list}
	return newTestClient(t, Config{}, server).LookUpAccessCode(t.Context(), id, LookupOptions{})
}

// Only the typed 404 proves that a code is gone.
func TestAccessCode_onlyTyped404IsGone(t *testing.T) {
	answering, empty := clienttest.JSON, clienttest.JSON(200, emptyList)
	typed := func(contentType string) clienttest.Response { return clienttest.Typed(404, contentType, codeNotFound) }
	type testCase struct {
		get, list clienttest.Response
		gone      bool
	}
	clienttest.ForEach(t, map[string]testCase{
		"the typed 404":                                     {answering(404, codeNotFound), empty, true},
		"the typed 404, with a charset":                     {typed("application/json; charset=utf-8"), empty, true},
		"the typed 404, as HTML":                            {typed("text/html"), empty, false},
		"the typed 404, as a problem in JSON":               {typed("application/problem+json"), empty, true},
		"the typed 404, as another JSON":                    {typed("application/vnd.api+json; charset=utf-8"), empty, true},
		"the typed 404, as nearly JSON":                     {typed("application/json5"), empty, false},
		"the typed 404, as nothing":                         {typed(""), empty, false},
		"the typed 404, cut short":                          {answering(404, codeNotFound[:len(codeNotFound)-1]), empty, false},
		"the typed 404, with more behind it":                {answering(404, codeNotFound+"x"), empty, false},
		"not_found, and not in the list":                    {answering(404, notFound), empty, true},
		"not_found, and another in the list":                {answering(404, notFound), answering(200, otherList), true},
		"not_found, and in the list":                        {answering(404, notFound), answering(200, fullList), false},
		"not_found, and no list":                            {answering(404, notFound), answering(404, notFound), false},
		"not_found, and the list is a typed 404":            {answering(404, notFound), answering(404, codeNotFound), false},
		"not_found, and the list fails":                     {answering(404, notFound), answering(500, ""), false},
		"not_found, and the list is HTML":                   {answering(404, notFound), typed("text/html"), false},
		"not_found, and the list is null":                   {answering(404, notFound), answering(200, "null"), false},
		"not_found, and the list has no codes":              {answering(404, notFound), answering(200, `{"ok":true}`), false},
		"not_found, and the rest of the list cannot be had": {answering(404, notFound), answering(200, `{"access_codes":[],"pagination":{"has_next_page":true,"next_page_cursor":null}}`), false},
		"an empty 404":                                      {answering(404, ""), empty, false},
		"a 404 of no type":                                  {answering(404, `{"error":{"message":"access_code_not_found"}}`), empty, false},
		"a 404 of an empty type":                            {answering(404, `{"error":{"type":""}}`), empty, false},
		"a 404 with the type at the top":                    {answering(404, `{"type":"access_code_not_found"}`), empty, false},
		"a 404 of a similar type":                           {answering(404, `{"error":{"type":"access_code_not_found "}}`), empty, false},
		"a 404 in a list":                                   {answering(404, `[`+codeNotFound+`]`), empty, false},
		"found, but unmanaged":                              {answering(200, `{"access_code":{"access_code_id":"id","is_managed":false}}`), empty, false},
		"found, but another":                                {answering(200, `{"access_code":{"access_code_id":"another"}}`), empty, false},
	}, func(t *testing.T, test testCase) {
		seen, err := getThrough(t, "id", test.get, test.list)
		if seen.Gone != test.gone || seen.Gone == (err != nil) {
			t.Errorf("gone %v, %v; want gone %v", seen.Gone, err, test.gone)
		}
	})
	proofless := map[string]clienttest.Response{}
	for _, kind := range []string{"device_not_found", "workspace_not_found", "action_attempt_not_found", "unmanaged_access_code_not_found", "unauthorized"} {
		proofless["a 404 of type "+kind] = answering(404, fmt.Sprintf(`{"error":{"type":%q}}`, kind))
	}
	for _, status := range []int{200, 206, 300, 304, 400, 401, 403, 405, 408, 409, 410, 429, 500, 502, 503, 504} {
		for _, body := range []string{codeNotFound, notFound} {
			proofless[fmt.Sprint(status, " with ", body)] = answering(status, body)
		}
	}
	clienttest.ForEach(t, proofless, func(t *testing.T, get clienttest.Response) {
		if seen, err := getThrough(t, "id", get, empty); seen.Gone || err == nil {
			t.Errorf("gone %v, %v", seen.Gone, err)
		}
	})
}

// A not_found counts only in the envelope that Seam publishes, and only for the code that
// was asked for.
func TestAccessCode_404MustBeSeamsAndAboutTheCode(t *testing.T) {
	const ours, another = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "0f2c8a14-52f0-4c58-9d2b-6f3c1f1e2a77"
	for body, gone := range map[string]bool{
		`{"error":{"type":"access_code_not_found","message":"No such access code","request_id":"req"},"ok":false}`: true,
		`{"error":{"type":"access_code_not_found"}}`:                                                               true,

		`{"Error":{"type":"access_code_not_found"}}`:                                           false,
		`{"error":{"Type":"access_code_not_found"}}`:                                           false,
		`{"ERROR":{"TYPE":"access_code_not_found"}}`:                                           false,
		`{"error":{"type":"access_code_not_found"},"error":{"type":"access_code_not_found"}}`:  false,
		`{"error":{"type":"unauthorized"},"error":{"type":"access_code_not_found"}}`:           false,
		`{"error":{"type":"access_code_not_found"},"Error":{"type":"unauthorized"}}`:           false,
		`{"error":{"type":"unauthorized","type":"access_code_not_found"}}`:                     false,
		`{"error":{"type":"access_code_not_found","Type":"unauthorized"}}`:                     false,
		`{"error":{"type":"access_code_not_found","\u0074ype":"unauthorized"}}`:                false,
		`{"error":[{"type":"access_code_not_found"}]}`:                                         false,
		`{"error":"access_code_not_found"}`:                                                    false,
		`{"error":{"type":["access_code_not_found"]}}`:                                         false,
		`{"error":{"type":"access_code_not_found"},"ok":true}`:                                 false,
		`{"error":{"type":"access_code_not_found"}}{"error":{"type":"access_code_not_found"}}`: false,

		`{"error":{"type":"access_code_not_found","data":"` + another + `"}}`:                                                    true,
		`{"error":{"type":"access_code_not_found","data":["x"]}}`:                                                                true,
		`{"error":{"type":"access_code_not_found","data":7}}`:                                                                    true,
		`{"error":{"type":"access_code_not_found","data":null}}`:                                                                 true,
		`{"error":{"type":"access_code_not_found","data":{"access_code_id":7}}}`:                                                 true,
		`{"error":{"type":"access_code_not_found","data":{"managed_access_code_id":["x"]}}}`:                                     true,
		`{"error":{"type":"access_code_not_found","message":7,"validation_errors":"x"}}`:                                         true,
		`{"error":{"type":"access_code_not_found","data":{"access_code_id":"` + ours + `"}}}`:                                    true,
		`{"error":{"type":"access_code_not_found","data":{"access_code_id":"` + another + `"}}}`:                                 false,
		`{"error":{"type":"access_code_not_found","data":{"access_code_id":"short"}}}`:                                           false,
		`{"error":{"type":"access_code_not_found","data":{"access_code_id":"` + another + `","access_code_id":"` + ours + `"}}}`: false,

		`{"error":{"type":"access_code_not_found","message":"No access code ` + ours + ` on lock ` + another + `"}}`: true,
		`{"error":{"type":"access_code_not_found","message":"No access code F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"}}`: true,
		`{"error":{"type":"access_code_not_found","message":"No access code ` + another + `"}}`:                      false,
		`{"error":{"type":"not_found","message":"No access code ` + another + `"}}`:                                  false,
		`{"error":{"type":"not_found"}}`: true,
	} {
		t.Run(body, func(t *testing.T) {
			seen, err := getThrough(t, ours, clienttest.JSON(404, body), clienttest.JSON(200, emptyList))
			if seen.Gone != gone || gone == (err != nil) {
				t.Errorf("gone %v, %v; want gone %v", seen.Gone, err, gone)
			}
			if err != nil && Advice(err, "") == "" {
				t.Errorf("%v says nothing about what to do", err)
			}
		})
	}
}
