package seam

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
)

// AccessGrant gives a person access to doors.
type AccessGrant struct {
	ID                     string                  `json:"access_grant_id"`
	Key                    string                  `json:"access_grant_key"`
	UserIdentityID         string                  `json:"user_identity_id"`
	Name                   string                  `json:"name"`
	ReservationKey         string                  `json:"reservation_key"`
	CustomizationProfileID string                  `json:"customization_profile_id"`
	SpaceIDs               []string                `json:"space_ids"`
	MethodIDs              idList                  `json:"access_method_ids"`
	RequestedMethods       []RequestedAccessMethod `json:"requested_access_methods"`
	StartsAt               Timestamp               `json:"starts_at"`
	EndsAt                 Timestamp               `json:"ends_at"` // zero for an open end
	CreatedAt              Timestamp               `json:"created_at"`
	PendingMutations       []Mutation              `json:"pending_mutations"`
	Errors                 []GrantIssue            `json:"errors"`
	Warnings               []GrantIssue            `json:"warnings"`
	InstantKeyURL          string                  `json:"instant_key_url"`
	ClientSessionToken     string                  `json:"client_session_token"`

	// Filled by ReadGrantAccess.
	Codes []AccessCode `json:"-"`
	Doors Doors        `json:"-"`
}

// idList is a list of IDs. Text that is no ID, and may be a PIN, makes the object unreadable.
type idList []string

// UnmarshalJSON fails on text that is no ID.
func (l *idList) UnmarshalJSON(data []byte) error {
	var ids []string
	if err := json.Unmarshal(data, &ids); err != nil {
		return err
	}
	if slices.ContainsFunc(ids, func(id string) bool { return !isID(id) }) {
		return errors.New("not a list of ids")
	}
	*l = ids
	return nil
}

// GrantIssue is an error or a warning of a grant.
type GrantIssue struct {
	Issue
	DeviceID      string         `json:"device_id"`
	OriginalCode  string         `json:"original_code"` // a PIN
	NewCode       string         `json:"new_code"`      // a PIN
	FailedDevices []FailedDevice `json:"failed_devices"`
}

// FailedDevice is a door from which Seam could not remove the access.
type FailedDevice struct {
	DeviceID  string `json:"device_id"`
	ErrorCode string `json:"error_code"`
	Message   string `json:"message"`
}

// ObjectID is the access grant's id.
func (g AccessGrant) ObjectID() string { return g.ID }

func (g AccessGrant) secrets() []string {
	all := []string{g.InstantKeyURL, g.ClientSessionToken}
	for _, m := range g.RequestedMethods {
		all = append(all, m.Code)
	}
	for _, w := range g.Warnings {
		all = append(all, w.OriginalCode, w.NewCode)
	}
	return all
}

// BeingRemoved reports whether Seam is deleting the grant.
func (g *AccessGrant) BeingRemoved() bool { return g.warns("being_deleted") }

// Settling reports whether a change of the grant's doors or times is in progress.
func (g *AccessGrant) Settling() bool {
	return len(g.PendingMutations) > 0 || g.warns("updating_access_times", "underprovisioned_access", "overprovisioned_access")
}

// ChangesDoors reports whether a change of the grant's doors is in progress. Doors from which Seam
// could not remove the access do not count: see FailedDevices.
func (g *AccessGrant) ChangesDoors() bool {
	return len(g.PendingMutations) > 0 || slices.ContainsFunc(g.Warnings, func(w GrantIssue) bool {
		return w.WarningCode == "underprovisioned_access" || w.WarningCode == "overprovisioned_access" && len(w.FailedDevices) == 0
	})
}

func (g *AccessGrant) warns(codes ...string) bool {
	return slices.ContainsFunc(g.Warnings, func(w GrantIssue) bool { return slices.Contains(codes, w.WarningCode) })
}

// LocksWithOtherPIN returns the IDs of the locks for which Seam chose another PIN than the grant asks
// for. A warning about a code that the grant does not have any more does not count. Codes must be read.
func (g *AccessGrant) LocksWithOtherPIN() (locks []string) {
	for _, w := range g.Warnings {
		chosen := func(a AccessCode) bool { return a.DeviceID == w.DeviceID && (a.Code == "" || a.Code == w.NewCode) }
		if id := SanitizeID(w.DeviceID); w.WarningCode == "requested_code_unavailable" && slices.ContainsFunc(g.Codes, chosen) && !slices.Contains(locks, id) {
			locks = append(locks, id)
		}
	}
	return locks
}

// FailedDevices are the doors from which Seam could not remove the access.
func (g *AccessGrant) FailedDevices() []GrantIssue {
	return slices.DeleteFunc(slices.Clone(g.Warnings), func(w GrantIssue) bool { return len(w.FailedDevices) == 0 })
}

// AccessGrantInput is what a grant is created with. An update takes the name and the times.
type AccessGrantInput struct {
	UserIdentityID         string                  `json:"user_identity_id,omitempty"`
	Key                    string                  `json:"access_grant_key,omitempty"`
	ReservationKey         string                  `json:"reservation_key,omitempty"`
	CustomizationProfileID string                  `json:"customization_profile_id,omitempty"`
	DeviceIDs              []string                `json:"device_ids,omitempty"`
	EntranceIDs            []string                `json:"acs_entrance_ids,omitempty"`
	SpaceIDs               []string                `json:"space_ids,omitempty"`
	RequestedMethods       []RequestedAccessMethod `json:"requested_access_methods,omitempty"`
	Name                   Param[string]           `json:"name,omitzero"`
	StartsAt               Param[string]           `json:"starts_at,omitzero"`
	EndsAt                 Param[string]           `json:"ends_at,omitzero"`
}

// AccessGrants are the access grants of the workspace.
var AccessGrants = Endpoint[AccessGrant, AccessGrantInput]{
	Path: "/access_grants", One: "access_grant", Many: "access_grants", Scope: "user_identity_id", Bulk: true,
}

// CreateAccessGrant creates a grant, or finds one whose create had no response.
func (c *Client) CreateAccessGrant(ctx context.Context, in AccessGrantInput) (AccessGrant, error) {
	for _, method := range in.RequestedMethods {
		c.AddSecret(method.Code)
	}
	return AccessGrants.Create(ctx, c, in)
}

// DoorsOfGrant reads the doors that a grant opens, directly or by its spaces.
func (c *Client) DoorsOfGrant(ctx context.Context, grantID string) (Doors, error) {
	var out struct {
		Batch struct {
			Devices   []objectRef `json:"devices"`
			Entrances []objectRef `json:"acs_entrances"`
		} `json:"batch"`
	}
	_, err := c.post(ctx, "/access_grants/get_related", map[string]any{"access_grant_ids": []string{grantID}, "include": []string{"devices", "acs_entrances"}}, &out)
	return Doors{idsOf(out.Batch.Devices, "device_id"), idsOf(out.Batch.Entrances, "acs_entrance_id")}, err
}

// GrantOfCode returns the ID of the grant to which an access code belongs, or an empty string. The
// grant's own list of codes has to confirm it: a server may ignore a filter that it does not know.
func (c *Client) GrantOfCode(ctx context.Context, codeID string) (string, error) {
	for grant, err := range AccessGrants.List(ctx, c, map[string]any{"access_code_id": codeID}) {
		if err != nil {
			return "", err
		}
		_, codes, err := c.ListAccessCodes(ctx, map[string]any{"access_grant_id": grant.ID})
		if err != nil || slices.Contains(IDsOf(codes), codeID) {
			return grant.ID, err
		}
		break // the filter was ignored
	}
	return "", nil
}

// RequireCodeFilter fails unless Seam applies a filter of the list of access codes: for an ID that
// nothing has, the list must be empty or refused.
func (c *Client) RequireCodeFilter(ctx context.Context, name string) error {
	_, codes, err := c.ListAccessCodes(ctx, map[string]any{name: "00000000-0000-4000-8000-000000000000"})
	if e, refused := errors.AsType[*Error](err); refused && (e.Status == http.StatusBadRequest || e.Status == http.StatusNotFound) {
		return nil
	}
	if err == nil && len(codes) > 0 {
		err = NewAdvice(fmt.Sprintf("Seam lists access codes for a %s that does not exist, so which codes belong to one is not known. None was deleted.", label(name)), "Delete the codes that are left in the Seam console, and run again.")
	}
	return err
}
