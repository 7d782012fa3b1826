package seam

import (
	"context"
	"slices"
)

// RequestedAccessMethod is a way in that a grant asks for.
type RequestedAccessMethod struct {
	Mode                  string `json:"mode"`           // code, card, mobile_key or cloud_key
	Code                  string `json:"code,omitempty"` // the preferred PIN, for the mode code
	InstantKeyMaxUseCount int64  `json:"instant_key_max_use_count,omitempty"`
	CreatedMethodIDs      idList `json:"created_access_method_ids,omitempty"` // not in requests
}

// Equal reports whether both ask for the same.
func (m RequestedAccessMethod) Equal(o RequestedAccessMethod) bool {
	return m.Mode == o.Mode && m.Code == o.Code && m.InstantKeyMaxUseCount == o.InstantKeyMaxUseCount
}

// answeredBy reports whether Seam's entry is what this one asks for. Without a preferred PIN, any PIN
// will do.
func (m RequestedAccessMethod) answeredBy(entry RequestedAccessMethod) bool {
	return m.Mode == entry.Mode && m.InstantKeyMaxUseCount == entry.InstantKeyMaxUseCount && (m.Code == "" || entry.Code == "" || m.Code == entry.Code)
}

// MatchRequests returns the entry of Seam's that answers each request, an empty one if there is none, and
// the entries that are left. Equal ones belong together: a request for any PIN must not take the entry of
// a request for a particular one.
func MatchRequests(requests, entries []RequestedAccessMethod) (answers, left []RequestedAccessMethod) {
	answers, left = make([]RequestedAccessMethod, len(requests)), slices.Clone(entries)
	for _, fits := range []func(a, b RequestedAccessMethod) bool{RequestedAccessMethod.Equal, RequestedAccessMethod.answeredBy} {
		for i, m := range requests {
			at := slices.IndexFunc(left, func(entry RequestedAccessMethod) bool { return fits(m, entry) })
			if answers[i].Mode == "" && at >= 0 {
				answers[i] = left[at]
				left = slices.Delete(left, at, at+1)
			}
		}
	}
	return answers, left
}

// PINsOf returns the PINs that are asked for.
func PINsOf(methods []RequestedAccessMethod) (pins []string) {
	for _, m := range methods {
		if m.Code != "" {
			pins = append(pins, m.Code)
		}
	}
	return pins
}

// LiveRequests are the entries of RequestedMethods of which Seam has what they ask for. While the
// grant has errors, Seam may still make it. A method that no entry lists, as a backup code has one, may
// have taken another's place.
func (g *AccessGrant) LiveRequests() []RequestedAccessMethod {
	return slices.DeleteFunc(slices.Clone(g.RequestedMethods), func(m RequestedAccessMethod) bool { return !g.isLive(m) })
}

func (g *AccessGrant) isLive(entry RequestedAccessMethod) bool {
	if len(entry.CreatedMethodIDs) == 0 {
		return len(g.Errors) > 0
	}
	return slices.ContainsFunc(g.MethodIDs, func(id string) bool { return slices.Contains(entry.CreatedMethodIDs, id) || !g.lists(id) })
}

// lists reports whether an entry of RequestedMethods lists a method.
func (g *AccessGrant) lists(methodID string) bool {
	return slices.ContainsFunc(g.RequestedMethods, func(m RequestedAccessMethod) bool { return slices.Contains(m.CreatedMethodIDs, methodID) })
}

// UnlistedMethods are the methods of the grant that no entry of RequestedMethods lists.
func (g *AccessGrant) UnlistedMethods() []string {
	return slices.DeleteFunc(slices.Clone(g.MethodIDs), g.lists)
}

// MergeRequests returns those of the held entries that the grant still has, in their order, and then
// those that it has besides. An entry whose methods somebody deleted is left out.
func (g *AccessGrant) MergeRequests(held []RequestedAccessMethod) (merged []RequestedAccessMethod) {
	answers, left := MatchRequests(held, g.LiveRequests())
	for i, m := range held {
		if answers[i].Mode != "" {
			merged = append(merged, m)
		}
	}
	return append(merged, left...)
}

// RequestAccessMethods adds ways in to a grant.
func (c *Client) RequestAccessMethods(ctx context.Context, grantID string, methods []RequestedAccessMethod) (AccessGrant, error) {
	e := AccessGrants
	defer c.invalidateSnapshots()
	grant, _, err := e.call(ctx, c.postOnce, c, "/request_access_methods", map[string]any{"access_grant_id": grantID, "requested_access_methods": methods})
	return grant, err
}
