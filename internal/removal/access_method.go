package removal

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// accessMethod is one access method of a grant as a removal target.
type accessMethod struct{ *granted }

// newAccessMethod is an access method of a grant. Its ID is that of the method.
func newAccessMethod(s *state, grant AccessGrant, id string) *accessMethod {
	grantID := grant.ID
	grant.ID = id
	g := newGranted(s, grant, GrantParts{MethodIDs: []string{id}}, "access_method_id")
	g.grantID, g.kind = grantID, kindAccessMethod
	return &accessMethod{g}
}

func (t *accessMethod) Subject() Subject {
	return Subject{ID: t.ID, Kind: kindAccessMethod, Access: "PIN or key", Name: t.Name}
}

func (t *accessMethod) Look(ctx context.Context, _ time.Duration) (Lookup, error) {
	method, gone, a, err := seam.AccessMethods.LookUp(ctx, t.Client, t.ID)
	if err != nil {
		return Lookup{}, err
	}
	if gone && t.requested[t.ID] {
		t.gone[t.ID] = true
		return t.lookAfter(ctx, a, proofOf("/access_methods/get "+t.ID, a, "no such access method"))
	}
	t.noteGoneBefore(gone)
	if err := t.readParts(ctx, []string{t.ID}); err != nil && (!gone || !seam.IsNotFound(err, "access_method_not_found") && !seam.IsNotFound(err, "access_grant_not_found")) {
		return Lookup{}, err
	}
	undeletable := t.offlineError(waitForOfflineMethodEnd)
	if undeletable == nil && t.parts().MayBeShared {
		if undeletable, err = t.sharedError(ctx); err != nil {
			return Lookup{}, err
		}
	}
	return Lookup{At: a.At, Removing: method.BeingRemoved(), Undeletable: undeletable}, nil
}

// sharedError refuses to delete a method that another grant has as well.
func (t *accessMethod) sharedError(ctx context.Context) (refused, err error) {
	owner, err := t.findOtherGrant(ctx, t.ID)
	if owner == "" || err != nil {
		return nil, err
	}
	return seam.WrapAdvice(ErrRefused, fmt.Sprintf("Access method %s also belongs to access grant %s, which would lose it too.", t.ID, owner),
		"Keep the access method in the configuration, or remove it from the other grant first. Then apply again."), nil
}

func (t *accessMethod) Delete(ctx context.Context) (attemptID string, err error) {
	err = seam.AccessMethods.RequestDeletion(ctx, t.Client, t.ID)
	if _, gone := errors.AsType[*seam.NotFoundError](err); gone {
		err = t.deleteCodes(ctx)
	}
	t.markRequested()
	return "", err
}

// FindEvent looks for the events of the method and of its codes.
func (t *accessMethod) FindEvent(ctx context.Context) (proof *Proof, awaited string, err error) {
	if proof, awaited, err = t.findCodeEvents(ctx); awaited != "" && proof == nil || err != nil {
		return nil, awaited, err
	}
	return t.findEvent(ctx, "access_method", t.ID)
}

// findCodeEvents looks for the events of all codes. It returns no name if there are no codes.
func (g *granted) findCodeEvents(ctx context.Context) (proof *Proof, awaited string, err error) {
	for _, id := range slices.Sorted(maps.Keys(g.codes)) {
		if g.shared[id] != "" {
			continue
		}
		if proof, awaited, err = g.codes[id].FindEvent(ctx); proof == nil || err != nil {
			return nil, awaited, err
		}
	}
	return proof, awaited, nil
}
