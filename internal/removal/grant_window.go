package removal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// Window is when a grant gives access. A zero end is open.
type Window struct{ StartsAt, EndsAt time.Time }

// within reports whether w gives access at no time when outer does not.
func (w Window) within(outer Window) bool {
	endsInTime := outer.EndsAt.IsZero() || !w.EndsAt.IsZero() && !w.EndsAt.After(outer.EndsAt)
	return endsInTime && !w.StartsAt.Before(outer.StartsAt)
}

func (w Window) equal(o Window) bool {
	return w.StartsAt.Equal(o.StartsAt) && w.EndsAt.Equal(o.EndsAt)
}

// maxRounding is how far a lock may round the times of a code.
const maxRounding = 24 * time.Hour

// takesEffect reports whether a code has the wanted window, or has moved to it as far as its lock
// rounds times.
func (w Window) takesEffect(before, want Window) bool {
	rounded := Window{want.StartsAt.Add(-maxRounding), want.EndsAt.Add(maxRounding)}
	return w.within(want) || w != before && !want.EndsAt.IsZero() && w.within(rounded)
}

// NeedsProof reports whether a removal in this mode has to be proven.
func NeedsProof(mode Mode) bool { return mode == Verified || mode == VerifiedByEvent }

// awaitWindow waits until the grant has no change pending and each of its codes has the window.
func (g *granted) awaitWindow(ctx context.Context, want Window) error {
	waiting := errors.New("the access grant still has a change pending")
	look := func(ctx context.Context) (bool, error) {
		now, err := seam.AccessGrants.Get(ctx, g.Client, seam.Ref{ID: g.ID})
		if err != nil || now.Settling() {
			return false, err
		}
		if len(g.parts().CredentialIDs) > 0 {
			if changing, err := g.methodsChange(ctx, "updating_access_times"); err != nil || changing {
				return false, err
			}
		}
		codes, err := g.currentCodes(ctx)
		if err != nil {
			return false, err
		}
		late := slices.DeleteFunc(codes, func(c seam.AccessCode) bool {
			return hasNoPendingUpdate(c) && (Window{c.StartsAt.Time, c.EndsAt.Time}).takesEffect(g.windows[c.ID], want)
		})
		if len(late) > 0 {
			waiting = fmt.Errorf("access code %s still has the old times", seam.JoinLimited(seam.IDsOf(late)))
		}
		return len(late) == 0, nil
	}
	err := seam.PollNow(ctx, look)
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", waiting, err)
	case len(g.parts().Unprovable) > 0:
		return seam.NewAdvice(fmt.Sprintf("%s keeps the times with which it was issued, until it is encoded again", seam.JoinLimited(g.parts().Unprovable)),
			"Have the card encoded again at an encoder, or collect it. Seam does not show which times are on a card, so that is no proof: to accept the change without one, set removal = \"requested\" and apply.")
	}
	return nil
}

// methodsChange reports whether an access method has this change pending. One answer about the grant may be
// out of date, and nothing else shows what an access system has.
func (g *granted) methodsChange(ctx context.Context, mutation string) (bool, error) {
	if len(g.parts().MethodIDs) == 0 {
		return false, nil
	}
	related, err := g.GetRelatedToMethods(ctx, g.parts().MethodIDs)
	return slices.ContainsFunc(related.Methods, func(m seam.AccessMethod) bool {
		return slices.ContainsFunc(m.PendingMutations, func(p seam.Mutation) bool { return p.Code == mutation })
	}), err
}

// currentCodes are the codes that Seam lists for the grant, and those known before that it still has.
func (g *granted) currentCodes(ctx context.Context) ([]seam.AccessCode, error) {
	_, codes, err := g.ListAccessCodes(ctx, g.filter())
	for id := range g.codes {
		if err != nil || slices.Contains(seam.IDsOf(codes), id) {
			continue
		}
		var seen seam.Lookup
		switch seen, err = g.LookUpAccessCode(ctx, id, seam.LookupOptions{}); {
		case seam.IsUnmanagedError(err):
			err = seam.NewAdvice(fmt.Sprintf("Access code %s of the grant is on lock %s but no longer managed, so it keeps its times.", id, g.codes[id].DeviceID), "Delete that code from the lock, in the Seam console or in the manufacturer's app. Then apply again.")
		case err == nil && !seen.Gone:
			codes = append(codes, seen.Code)
		}
	}
	return codes, err
}
