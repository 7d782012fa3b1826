package removal

import (
	"context"
	"slices"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// AccessGrant is a grant, or one access method of it, as the state has it. Unknown fields are zero.
type AccessGrant struct {
	ID        string
	Name      string
	Requested []seam.RequestedAccessMethod // what it asks for
	CreatedAt time.Time
	EndsAt    time.Time // zero for an open end
	PersonID  string    // its user identity
	MethodIDs []string
	Codes     []GrantCode

	DeviceIDs, EntranceIDs, SpaceIDs []string // doors that it names

	Progress GrantProgress
}

// GrantOf is a grant that no state has, as Seam lists it.
func GrantOf(grant seam.AccessGrant) AccessGrant {
	return AccessGrant{
		ID: grant.ID, Name: grant.Name, Requested: grant.RequestedMethods, CreatedAt: grant.CreatedAt.Time, EndsAt: grant.EndsAt.Time,
		PersonID: grant.UserIdentityID, MethodIDs: grant.MethodIDs, SpaceIDs: grant.SpaceIDs,
	}
}

// GrantProgress is the persisted progress of the updates of a grant, for later runs. It contains no
// PIN.
type GrantProgress struct {
	TimesUnproven bool       `json:"times_unproven,omitempty"` // an update of the times is not proven
	Unproven      []string   `json:"unproven,omitempty"`       // access codes and methods that left the grant and are not proven to be removed
	TakenBack     Checkpoint `json:"taken_back,omitzero"`      // of what an update removes from the grant
	Keys          []string   `json:"keys,omitempty"`           // cards and phone keys that were issued before an update of the times
	KeysUntil     time.Time  `json:"keys_until,omitzero"`      // until when doors may accept them
}

// Unfinished reports whether the next update has something to prove.
func (p GrantProgress) Unfinished() bool { return p.TimesUnproven || len(p.Unproven) > 0 }

// knownParts are the parts that the state knows.
func (g *AccessGrant) knownParts() GrantParts {
	parts := GrantParts{MethodIDs: g.MethodIDs, Codes: g.Codes, Unprovable: g.Progress.Keys}
	if g.Progress.TakenBack.Parts != nil {
		parts.Add(*g.Progress.TakenBack.Parts)
	}
	if g.requests("code") {
		parts.DeviceIDs = g.DeviceIDs
	}
	return parts
}

func (g *AccessGrant) requests(mode string) bool {
	return slices.ContainsFunc(g.Requested, func(m seam.RequestedAccessMethod) bool { return m.Mode == mode })
}

// codeTarget is an access code of the grant. Its PIN is not known, but it is likely one that was asked
// for.
func (g *AccessGrant) codeTarget(c GrantCode) AccessCode {
	return AccessCode{ID: c.ID, DeviceID: c.DeviceID, Name: g.Name, LikelyPINs: seam.PINsOf(g.Requested), LikelySince: g.CreatedAt, CreatedAt: g.CreatedAt}
}

// GrantCodesOf returns the IDs of codes and of their locks.
func GrantCodesOf(codes []seam.AccessCode) (all []GrantCode) {
	for _, code := range codes {
		all = append(all, GrantCode{ID: code.ID, DeviceID: code.DeviceID})
	}
	return all
}

// IsOutdated reports whether the grant may have other codes by now than those that the state knows: its
// access methods changed, one of its doors has no code, as one that joined a space later, or a former
// code is not proven to be removed.
func (g *AccessGrant) IsOutdated(ctx context.Context, client *seam.Client, now seam.AccessGrant) bool {
	if !slices.Equal(slices.Sorted(slices.Values(now.MethodIDs)), slices.Sorted(slices.Values(g.MethodIDs))) || len(g.Progress.Unproven) > 0 {
		return true
	}
	if !g.requests("code") {
		return false
	}
	locks := slices.Clone(g.DeviceIDs)
	for _, space := range now.SpaceIDs {
		inside, err := client.DoorsOfSpace(ctx, space, seam.Doors{})
		if err != nil {
			return true
		}
		locks = append(locks, inside.DeviceIDs...)
	}
	return slices.ContainsFunc(locks, func(id string) bool {
		return !now.CannotHaveCode(id) && !slices.ContainsFunc(g.Codes, func(c GrantCode) bool { return c.DeviceID == id })
	})
}
