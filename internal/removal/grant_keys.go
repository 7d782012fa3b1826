package removal

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// openEnd stands for no end.
var openEnd = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// keysUntil is the latest end that a card or phone key of the grant may have been issued with.
func (g *AccessGrant) keysUntil() time.Time {
	end := g.EndsAt
	if end.IsZero() {
		end = openEnd
	}
	if g.Progress.KeysUntil.After(end) {
		return g.Progress.KeysUntil
	}
	return end
}

func isKeyMode(mode string) bool { return mode == "card" || mode == "mobile_key" }

// keyModes are the modes of the cards and phone keys that the grant asks for.
func (g *AccessGrant) keyModes() (modes []string) {
	for _, m := range g.Requested {
		if isKeyMode(m.Mode) {
			modes = append(modes, m.Mode)
		}
	}
	return modes
}

// noteUnprovable notes the methods that Seam cannot prove to be revoked: a card or phone key that was
// issued for a door which reads the rights from it.
func (g *granted) noteUnprovable(ctx context.Context, related *seam.RelatedToMethods, entranceIDs []string) error {
	issued := issuedKeys(related)
	if len(issued) == 0 {
		return nil
	}
	doors, err := g.offlineDoors(ctx, related.Entrances, entranceIDs)
	if err != nil || len(doors) == 0 {
		return err
	}
	for _, key := range issued {
		g.parts().Add(GrantParts{Unprovable: []string{fmt.Sprintf("%s on acs entrance %s", key, seam.JoinLimited(doors))}})
	}
	return nil
}

// issuedKeys describes the cards and phone keys that were issued. A change of the times withdraws the
// methods, so that only the credentials show it.
func issuedKeys(related *seam.RelatedToMethods) (keys []string) {
	for _, m := range related.Methods {
		if isKeyMode(m.Mode) && (m.IsIssued || !m.IssuedAt.IsZero()) {
			keys = append(keys, fmt.Sprintf("access method %s (mode %s, issued)", m.ID, m.Mode))
		}
	}
	for _, c := range related.Credentials {
		if len(keys) == 0 && isKeyMode(c.AccessMethod) && !c.IssuedAt.IsZero() {
			return []string{fmt.Sprintf("acs credential %s (mode %s, issued)", c.ID, c.AccessMethod)}
		}
	}
	return keys
}

// noteUnseenKeys notes that a card or phone key may have been issued for a door which reads the rights
// from it, if the grant was gone before a run could read that.
func (g *granted) noteUnseenKeys(ctx context.Context) error {
	modes := g.keyModes()
	if g.parts().Read || g.kind != kindAccessGrant || len(modes) == 0 {
		return nil
	}
	all, err := seam.Entrances.All(ctx, g.Client)
	if err != nil {
		return err
	}
	var entrances []seam.Entrance
	for _, entrance := range all {
		if slices.ContainsFunc(entrance.SpaceIDs, func(id string) bool { return slices.Contains(g.SpaceIDs, id) }) {
			entrances = append(entrances, entrance)
		}
	}
	doors, err := g.offlineDoors(ctx, entrances, g.EntranceIDs)
	if err == nil && len(doors) > 0 {
		g.parts().Add(GrantParts{Unprovable: []string{fmt.Sprintf("what was issued with mode %s on acs entrance %s", strings.Join(modes, " or "), seam.JoinLimited(doors))}})
	}
	return err
}

// offlineDoors is [OfflineDoors] of entrances of which some may be known by their IDs only.
func (g *granted) offlineDoors(ctx context.Context, entrances []seam.Entrance, ids []string) ([]string, error) {
	missing := slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		return slices.ContainsFunc(entrances, func(e seam.Entrance) bool { return e.ID == id })
	})
	if len(missing) > 0 {
		all, err := seam.Entrances.All(ctx, g.Client)
		if err != nil {
			return nil, err
		}
		for _, id := range missing {
			entrance := all[id]
			entrance.ID = id
			entrances = append(entrances, entrance)
		}
	}
	return OfflineDoors(ctx, g.Client, entrances)
}

// OfflineDoors returns the IDs of the entrances that read the rights from the card or the phone,
// so that Seam's answer about a revocation says nothing about the door.
func OfflineDoors(ctx context.Context, client *seam.Client, entrances []seam.Entrance) ([]string, error) {
	if len(entrances) == 0 {
		return nil, nil
	}
	systems, err := seam.AccessSystems.All(ctx, client)
	var doors []string
	for _, entrance := range entrances {
		system, known := systems[entrance.SystemID]
		if entrance.CanBelongToReservation || !known || system.ReadsRightsFromCard() {
			doors = append(doors, seam.SanitizeID(entrance.ID))
		}
	}
	return doors, err
}
