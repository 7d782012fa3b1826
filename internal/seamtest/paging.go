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

// paging is what a list request says about pages; size is the documented default.
type paging struct {
	limit  float64
	size   int
	cursor string
}

// cursor points behind the last entry of a page, so entries that go away do not shift the next.
type cursor struct {
	Params string `json:"p"`
	Last   int    `json:"l"`
}

// list answers one page of entries that are in the order of their numbers.
func list[T any](x *exchange, key string, all []T, number func(T) int, show func(T) object, p paging) (object, error) {
	start, err := x.resume(p.cursor)
	if err != nil {
		return nil, err
	}
	size := x.server.pageLength(p)
	shown, last, more := []object{}, start, false
	for _, entry := range all {
		if number(entry) <= start {
			continue
		}
		if more = len(shown) == size; more {
			break
		}
		shown, last = append(shown, show(entry)), number(entry)
	}
	return object{key: shown, "pagination": x.pagination(last, more)}, nil
}

func (s *Server) pageLength(p paging) int {
	size := p.size
	if p.limit >= 1 {
		size = int(p.limit)
	}
	if s.pageSize > 0 {
		size = min(size, s.pageSize)
	}
	return size
}

func (x *exchange) pagination(last int, more bool) object {
	if !more {
		return object{"has_next_page": false, "next_page_cursor": nil, "next_page_url": nil}
	}
	next := base64.RawURLEncoding.EncodeToString(encode(cursor{x.fingerprint(), last}))
	return object{
		"has_next_page": true, "next_page_cursor": next,
		"next_page_url": "https://" + x.request.Host + x.path + "?page_cursor=" + next,
	}
}

func (x *exchange) resume(text string) (start int, err error) {
	if text == "" {
		return 0, nil
	}
	var c cursor
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(decoded, &c) != nil {
		return 0, invalid("page_cursor", "is not a cursor")
	}
	if c.Params != x.fingerprint() {
		return 0, refuse(http.StatusBadRequest, "mismatched_page_parameters", "The parameters must be those of the first page")
	}
	return c.Last, nil
}

// fingerprint stands for everything that must be the same on each page.
func (x *exchange) fingerprint() string {
	rest := maps.Clone(x.body)
	delete(rest, "page_cursor")
	sum := sha256.Sum256(append(encode(rest), x.path...))
	return fmt.Sprintf("%x", sum[:8])
}

// matches is true for a search without a text.
func matches(search string, in ...string) bool {
	return slices.ContainsFunc(in, func(text string) bool {
		return strings.Contains(strings.ToLower(text), strings.ToLower(search))
	})
}
