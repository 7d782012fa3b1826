package removal

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// openEnd stands for no end.
var openEnd = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// keysUntil is the latest end that a card or phone key of the grant may have been issued with.
func (g *AccessGrant) keysUntil() time.Time {
	return later(endOf(g.EndsAt), g.Progress.KeysUntil)
}

func endOf(t time.Time) time.Time {
	if t.IsZero() {
		return openEnd
	}
	return t
}

// keysUntil is also the end that Seam showed before the request: somebody may have moved it.
func (g *granted) keysUntil() time.Time {
	return later(g.AccessGrant.keysUntil(), g.parts().KeysUntil)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
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
	if err == nil && len(related.Entrances)+len(entranceIDs) == 0 {
		return g.noteCardsWithoutDoors(ctx, related)
	}
	if err != nil || len(doors) == 0 {
		return err
	}
	for _, key := range issued {
		g.parts().Add(GrantParts{Unprovable: []string{fmt.Sprintf("%s on acs entrance %s", key, seam.JoinLimited(doors))}})
	}
	return nil
}

// noteCardsWithoutDoors notes issued cards whose doors have left the grant. It is not known which these
// were, so any door of the workspace may be one.
func (g *granted) noteCardsWithoutDoors(ctx context.Context, related *seam.RelatedToMethods) error {
	cards := slices.DeleteFunc(slices.Clone(related.Methods), func(m seam.AccessMethod) bool { return m.Mode != "card" || !m.IsIssued && m.IssuedAt.IsZero() })
	if len(cards) == 0 {
		return nil
	}
	all, err := seam.Entrances.All(ctx, g.Client)
	if err != nil {
		return err
	}
	doors, err := OfflineDoors(ctx, g.Client, slices.Collect(maps.Values(all)))
	for _, card := range cards {
		if len(doors) > 0 {
			g.parts().Add(GrantParts{Unprovable: []string{fmt.Sprintf("access method %s (mode card, issued), whose doors have left the grant", card.ID)}})
		}
	}
	return err
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
		if len(keys) == 0 && c.IsOnCard() {
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

// noteLeavingCredentials adds the credentials of the person that Seam is deleting, if the grant was gone
// before a run could read which are its own.
func (g *granted) noteLeavingCredentials(ctx context.Context) error {
	if g.parts().Read || g.kind != kindAccessGrant || g.PersonID == "" || len(g.EntranceIDs)+len(g.SpaceIDs) == 0 {
		return nil
	}
	for credential, err := range seam.Credentials.List(ctx, g.Client, map[string]any{"user_identity_id": g.PersonID}) {
		if err != nil {
			if seam.IsNotFound(err, "user_identity_not_found") {
				return nil
			}
			return err
		}
		if credential.BeingRemoved() && g.requests(credential.AccessMethod) {
			g.parts().Add(GrantParts{CredentialIDs: []string{credential.ID}})
		}
	}
	return nil
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

// DoorsWithoutProof returns the entrances that may accept a card or phone key after its revocation, if
// one is requested. It returns none if that cannot be read.
func DoorsWithoutProof(ctx context.Context, client *seam.Client, requested []seam.RequestedAccessMethod, entrances []seam.Entrance) []string {
	if !slices.ContainsFunc(requested, func(r seam.RequestedAccessMethod) bool { return isKeyMode(r.Mode) }) {
		return nil
	}
	doors, err := OfflineDoors(ctx, client, entrances)
	if err != nil {
		return nil
	}
	return doors
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
