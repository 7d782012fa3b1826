package removal

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// lookAtParts returns the parts that Seam still has.
func (g *granted) lookAtParts(ctx context.Context) (left []string, err error) {
	for _, id := range g.parts().MethodIDs {
		if err := lookAtPart(ctx, g, seam.AccessMethods, id, "access method", &left); err != nil {
			return nil, err
		}
	}
	if len(left) > 0 {
		if left, err = g.withoutShared(ctx, left); err != nil {
			return nil, err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(g.codes)) {
		if err := g.lookAtCode(ctx, g.codes[id], &left); err != nil {
			return nil, err
		}
	}
	if err := g.lookAtCredentials(ctx, &left); err != nil {
		return nil, err
	}
	for _, id := range g.parts().InstantKeyIDs {
		if err := lookAtPart(ctx, g, seam.InstantKeys, id, "instant key", &left); err != nil {
			return nil, err
		}
	}
	for _, id := range g.parts().ClientSessionIDs {
		if err := lookAtPart(ctx, g, seam.ClientSessions, id, "client session", &left); err != nil {
			return nil, err
		}
	}
	return left, nil
}

// lookAtCredentials adds the credentials to left that Seam still has, by their IDs or in the list of
// their user: no lock can be asked about them.
func (g *granted) lookAtCredentials(ctx context.Context, left *[]string) error {
	for _, id := range g.parts().CredentialIDs {
		if err := lookAtPart(ctx, g, seam.Credentials, id, "acs credential", left); err != nil {
			return err
		}
	}
	for _, user := range g.parts().UserIDs {
		for credential, err := range seam.Credentials.List(ctx, g.Client, map[string]any{"acs_user_id": user}) {
			if err != nil {
				return err
			}
			if g.gone[credential.ID] {
				delete(g.gone, credential.ID) // one of the two answers is out of date
				*left = append(*left, "acs credential "+credential.ID)
			}
		}
	}
	return nil
}

// withoutShared drops the methods that belong to another grant as well, and what they gave: the
// removal of one grant does not end them.
func (g *granted) withoutShared(ctx context.Context, left []string) ([]string, error) {
	if g.complete && !g.parts().MayBeShared {
		return left, nil
	}
	var own []string
	for _, id := range g.parts().MethodIDs {
		if g.gone[id] || g.shared[id] != "" {
			continue
		}
		owner, err := g.findOtherGrant(ctx, id)
		if err != nil {
			return nil, err
		}
		if owner == "" {
			own = append(own, "access method "+id)
		}
	}
	return own, nil
}

// findOtherGrant returns the ID of another grant to which a method belongs, if any, and notes what
// the method gave as shared with it. A grant that is being deleted will not keep it.
func (g *granted) findOtherGrant(ctx context.Context, methodID string) (owner string, err error) {
	related, err := g.GetRelatedToMethods(ctx, []string{methodID})
	if err != nil {
		return "", err
	}
	for _, id := range related.GrantIDs {
		if id == g.grantID || owner != "" {
			continue
		}
		other, gone, _, err := seam.AccessGrants.LookUp(ctx, g.Client, id)
		if err != nil {
			return "", err
		}
		if !gone && !other.BeingRemoved() && slices.Contains(other.MethodIDs, methodID) {
			owner = id
		}
	}
	if owner == "" {
		return "", nil
	}
	_, codes, err := g.ListAccessCodes(ctx, map[string]any{"access_method_id": methodID})
	g.shared[methodID] = owner
	for _, id := range slices.Concat(seam.IDsOf(codes), seam.IDsOf(related.Credentials), related.InstantKeyIDs, related.ClientSessionIDs) {
		g.shared[id] = owner
	}
	return owner, err
}

// lookAtPart adds a part to left if Seam still has it.
func lookAtPart[T seam.Object, In any](ctx context.Context, g *granted, e seam.Endpoint[T, In], id, label string, left *[]string) error {
	if g.gone[id] || g.shared[id] != "" {
		return nil
	}
	_, gone, a, err := e.LookUp(ctx, g.Client, id)
	switch {
	case err != nil:
		return err
	case !gone:
		*left = append(*left, label+" "+id)
		return nil
	}
	g.gone[id] = true
	g.proofs = append(g.proofs, proofOf(e.Path+"/get "+id, a, "no such "+label))
	return nil
}

// maxWaitAge is the maximum age of the list of a lock's codes that says that a code is still there. It
// is short, so that the wait is not much longer.
const maxWaitAge = 250 * time.Millisecond

// lookAtCode adds a code to left if Seam still has it. One that is no longer managed is left to
// the check of its lock. Removals on the same lock share its list; only a get of a code that is not
// in it shows that the code is gone.
func (g *granted) lookAtCode(ctx context.Context, code *managedCode, left *[]string) error {
	if g.gone[code.ID] || g.shared[code.ID] != "" {
		return nil
	}
	seen, err := code.Look(ctx, maxWaitAge)
	switch {
	case err != nil:
		return err
	case seen.Became != nil:
		return nil
	case !seen.Gone:
		*left = append(*left, "access code "+code.ID)
		return nil
	}
	g.gone[code.ID] = true
	g.proofs = append(g.proofs, *seen.Proof)
	return nil
}
