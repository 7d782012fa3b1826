package seamtest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// pageParams are the page parameters of a list request; size is the documented default.
type pageParams struct {
	limit  float64
	size   int
	cursor string
}

// cursor points behind the last entry of a page, so that deleted entries do not shift the next page.
type cursor struct {
	Params string `json:"p"`
	Last   int    `json:"l"`
}

// listPage answers one page of entries that are in the order of their numbers.
func listPage[T any](call *apiCall, key string, all []T, number func(T) int, show func(T) jsonObject, p pageParams) (jsonObject, error) {
	start, err := call.decodeCursor(p.cursor)
	if err != nil {
		return nil, err
	}
	size := call.server.pageLength(p)
	shown, last, more := []jsonObject{}, start, false
	for _, entry := range all {
		if number(entry) <= start {
			continue
		}
		if more = len(shown) == size; more {
			break
		}
		shown, last = append(shown, show(entry)), number(entry)
	}
	return jsonObject{key: shown, "pagination": call.pagination(last, more)}, nil
}

func (s *Server) pageLength(p pageParams) int {
	size := p.size
	if p.limit >= 1 {
		size = int(p.limit)
	}
	if s.pageSize > 0 {
		size = min(size, s.pageSize)
	}
	return size
}

func (call *apiCall) pagination(last int, more bool) jsonObject {
	if !more {
		return jsonObject{"has_next_page": false, "next_page_cursor": nil, "next_page_url": nil}
	}
	next := base64.RawURLEncoding.EncodeToString(encodeJSON(cursor{call.fingerprint(), last}))
	return jsonObject{
		"has_next_page": true, "next_page_cursor": next,
		"next_page_url": "https://" + call.request.Host + call.path + "?page_cursor=" + next,
	}
}

func (call *apiCall) decodeCursor(text string) (start int, err error) {
	if text == "" {
		return 0, nil
	}
	var c cursor
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(decoded, &c) != nil {
		return 0, invalidInput("page_cursor", "is not a cursor")
	}
	if c.Params != call.fingerprint() {
		return 0, newAPIError(http.StatusBadRequest, "mismatched_page_parameters", "The parameters must be those of the first page")
	}
	return c.Last, nil
}

// fingerprint identifies the parameters that must be the same on each page.
func (call *apiCall) fingerprint() string {
	rest := maps.Clone(call.body)
	delete(rest, "page_cursor")
	sum := sha256.Sum256(append(encodeJSON(rest), call.path...))
	return fmt.Sprintf("%x", sum[:8])
}

// matchesSearch is true for a search without a text.
func matchesSearch(search string, in ...string) bool {
	return slices.ContainsFunc(in, func(text string) bool {
		return strings.Contains(strings.ToLower(text), strings.ToLower(search))
	})
}
