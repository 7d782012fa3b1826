package seam

import (
	"context"
	"slices"
)

// AccessMethod is a way in that a grant gave: a PIN, a card, or a key on a phone.
type AccessMethod struct {
	ID                   string     `json:"access_method_id"`
	Mode                 string     `json:"mode"` // code, card, mobile_key or cloud_key
	Code                 string     `json:"code"`
	DisplayName          string     `json:"display_name"`
	IsIssued             bool       `json:"is_issued"`
	IsEncodingRequired   bool       `json:"is_encoding_required"`
	IsReadyForEncoding   bool       `json:"is_ready_for_encoding"`
	IsAssignmentRequired bool       `json:"is_assignment_required"`
	IssuedAt             Timestamp  `json:"issued_at"`
	CreatedAt            Timestamp  `json:"created_at"`
	InstantKeyURL        string     `json:"instant_key_url"`
	ClientSessionToken   string     `json:"client_session_token"`
	PendingMutations     []Mutation `json:"pending_mutations"`
	Errors               []Issue    `json:"errors"`
	Warnings             []Issue    `json:"warnings"`
}

// ObjectID is the access method's id.
func (m AccessMethod) ObjectID() string { return m.ID }

func (m AccessMethod) secrets() []string {
	return []string{m.Code, m.InstantKeyURL, m.ClientSessionToken}
}

func (m AccessMethod) issues() [][]Issue { return [][]Issue{m.Errors, m.Warnings} }

// BeingRemoved reports whether Seam is deleting the method.
func (m *AccessMethod) BeingRemoved() bool {
	return slices.ContainsFunc(m.Warnings, func(w Issue) bool { return w.WarningCode == "being_deleted" })
}

// AccessMethods are the access methods of the workspace. They are created by a grant.
var AccessMethods = Endpoint[AccessMethod, struct{}]{Path: "/access_methods", One: "access_method", Many: "access_methods"}

// RelatedToMethods is what belongs to access methods.
type RelatedToMethods struct {
	Methods          []AccessMethod
	GrantIDs         []string
	Credentials      []Credential
	InstantKeyIDs    []string
	ClientSessionIDs []string
	Entrances        []Entrance
}

// GetRelatedToMethods reads what belongs to access methods. A list that is absent from the
// response is empty.
func (c *Client) GetRelatedToMethods(ctx context.Context, ids []string) (RelatedToMethods, error) {
	var out struct {
		Batch struct {
			Methods        []AccessMethod `json:"access_methods"`
			Grants         []objectRef    `json:"access_grants"`
			Credentials    []Credential   `json:"acs_credentials"`
			InstantKeys    []objectRef    `json:"instant_keys"`
			ClientSessions []objectRef    `json:"client_sessions"`
			Entrances      []Entrance     `json:"acs_entrances"`
		} `json:"batch"`
	}
	a, err := c.post(ctx, "/access_methods/get_related", map[string]any{
		"access_method_ids": ids,
		"include":           []string{"access_methods", "access_grants", "acs_credentials", "instant_keys", "client_sessions", "acs_entrances"},
	}, &out)
	b := out.Batch
	related := RelatedToMethods{
		Methods: b.Methods, Credentials: b.Credentials, Entrances: b.Entrances, GrantIDs: idsOf(b.Grants, "access_grant_id"),
		InstantKeyIDs: idsOf(b.InstantKeys, "instant_key_id"), ClientSessionIDs: idsOf(b.ClientSessions, "client_session_id"),
	}
	read := slices.Concat(related.GrantIDs, related.InstantKeyIDs, related.ClientSessionIDs)
	for _, m := range b.Methods {
		c.addSecrets(m)
		read = append(read, m.ID)
	}
	for _, credential := range b.Credentials {
		c.addSecrets(credential)
		read = append(read, credential.ID)
	}
	if err == nil && slices.ContainsFunc(read, func(id string) bool { return !isID(id) }) {
		err = &Error{Path: "/access_methods/get_related", Status: 200, RequestID: a.RequestID, Message: "an object in the answer has no id that can be read"}
	}
	return related, err
}

// objectRef is an object of which only the id is needed.
type objectRef map[string]any

// idsOf returns the ids of objects, which are called name.
func idsOf(all []objectRef, name string) []string {
	ids := []string{}
	for _, object := range all {
		id, _ := object[name].(string)
		ids = append(ids, id)
	}
	return ids
}
