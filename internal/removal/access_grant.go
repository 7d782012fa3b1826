package removal

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// askAgainAfter is when a delete request that had no visible effect is repeated, once.
const askAgainAfter = 30 * time.Second

// maxGoneAge is how long the answer that a grant is gone is believed while its parts are not: it may
// have been out of date.
const maxGoneAge = 10 * time.Second

// Kinds of subjects that are not access codes.
const (
	kindAccessGrant  = "access grant"
	kindAccessMethod = "access method"
)

// accessGrant is an access grant as a removal target. It counts as gone when all its parts are
// gone too: Seam removes them in the background.
type accessGrant struct {
	*granted
	askedAgain bool
	goneAt     time.Time // the latest answer that the grant is gone
}

// RemoveAccessGrant removes a grant. It returns nil only if the removal of the grant and of all
// its parts is proven to the extent that its mode requires.
func RemoveAccessGrant(ctx context.Context, client *seam.Client, grant AccessGrant, o Options) error {
	target := newAccessGrant(newState(client, o), grant)
	return newRemoval(target.state, target).run(ctx)
}

func newAccessGrant(s *state, grant AccessGrant) *accessGrant {
	return &accessGrant{granted: newGranted(s, grant, grant.knownParts(), "access_grant_id")}
}

func (t *accessGrant) Subject() Subject {
	return Subject{ID: t.ID, Kind: kindAccessGrant, Access: "PIN or key", Name: t.Name}
}

// Look waits for the parts of a grant that is gone without reading the grant each time. Its last
// answer is about the grant, after those about the parts.
func (t *accessGrant) Look(ctx context.Context, _ time.Duration) (Lookup, error) {
	if time.Since(t.goneAt) < maxGoneAge {
		if left, err := t.lookAtParts(ctx); err != nil || len(left) > 0 {
			return Lookup{At: t.Now(), Removing: true}, err
		}
	}
	grant, gone, a, err := seam.AccessGrants.LookUp(ctx, t.Client, t.ID)
	if err != nil {
		return Lookup{}, err
	}
	if gone && t.requested[t.ID] {
		t.goneAt = time.Now()
		return t.lookAfter(ctx, a, proofOf("/access_grants/get "+t.ID, a, "no such access grant"))
	}
	t.noteGoneBefore(gone)
	if err := t.readGrant(ctx, grant); err != nil && (!gone || !seam.IsNotFound(err, "access_grant_not_found")) {
		return Lookup{}, err
	}
	t.parts().Read = t.parts().Read || !gone
	return Lookup{At: a.At, Removing: grant.BeingRemoved(), Undeletable: t.refusal(grant)}, t.askAgain(ctx, grant, a)
}

// noteGoneBefore notes the answer that there is no such object, before this run has requested its
// deletion. That answer may be out of date, so its parts are read and the request is sent. If it is
// right, a PIN may have been left on a lock since the create.
func (g *granted) noteGoneBefore(gone bool) {
	if gone && g.Checkpoint.RequestedAt.IsZero() {
		g.Checkpoint.LeftBeforeRequest = true
	}
}

// readGrant reads the parts of the grant. Its methods are those that it names, and those that a list
// of methods has for it.
func (g *granted) readGrant(ctx context.Context, grant seam.AccessGrant) error {
	ids := slices.Clone(grant.MethodIDs)
	if grant.ID != "" {
		g.PersonID = grant.UserIdentityID
	}
	if !g.complete {
		for method, err := range seam.AccessMethods.List(ctx, g.Client, map[string]any{"access_grant_id": g.grantID}) {
			if err != nil {
				return err
			}
			if !slices.Contains(ids, method.ID) {
				ids = append(ids, method.ID)
			}
		}
	}
	if err := g.readParts(ctx, ids); err != nil {
		return err
	}
	if len(g.parts().Unprovable) > 0 && grant.ID != "" {
		g.parts().Add(GrantParts{KeysUntil: endOf(grant.EndsAt.Time)})
	}
	return nil
}

// lookAfter looks at the parts of a grant or a method that is gone.
func (g *granted) lookAfter(ctx context.Context, a seam.ResponseMeta, proof Proof) (Lookup, error) {
	left, err := g.lookAtParts(ctx)
	if err != nil || len(left) > 0 {
		return Lookup{At: a.At, Removing: true}, err
	}
	return Lookup{At: a.At, Gone: true, Proof: &proof}, nil
}

// refusal returns why the grant cannot be removed: nothing revokes an offline code, and Seam says
// which doors it could not remove the access from. What it said before the request does not count.
func (t *accessGrant) refusal(grant seam.AccessGrant) error {
	if err := t.offlineError(waitForOfflineEnd); err != nil || !t.requested[t.ID] {
		return err
	}
	doors := t.failedDoors(grant, t.Checkpoint.DeleteRequests[t.ID].At, nil)
	if len(doors) == 0 {
		return nil
	}
	return seam.WrapAdvice(ErrRefused, fmt.Sprintf("Seam could not remove the access of access grant %s from %s. The PIN may still open that door.", t.ID, strings.Join(doors, "; ")),
		"Remove the PIN in the manufacturer's app, or bring the lock online. Then run destroy again: it asks Seam again and checks the lock.")
}

// failedDoors describes the doors from which Seam could not remove the access, as far as it has said so
// since then. With only, others do not count.
func (g *granted) failedDoors(grant seam.AccessGrant, since time.Time, only []string) (doors []string) {
	for _, w := range grant.FailedDevices() {
		if !w.CreatedAt.IsZero() && w.CreatedAt.Before(since.Truncate(time.Second)) {
			continue
		}
		for _, d := range w.FailedDevices {
			if only == nil || slices.Contains(only, d.DeviceID) {
				doors = append(doors, fmt.Sprintf("lock %s: %s (%s)", seam.SanitizeID(d.DeviceID), g.Redact(d.ErrorCode), g.Redact(d.Message)))
			}
		}
	}
	return doors
}

// What to do about the offline codes of a grant or an access method that is to be removed.
const (
	waitForOfflineEnd       = "Wait until ends_at and run destroy again. If the PIN must stop working earlier, reset the lock. To remove the grant from the state while its PIN still works, set removal = \"abandoned\" (or \"requested\"), apply, and destroy."
	waitForOfflineMethodEnd = "Wait until ends_at and apply again. If the PIN must stop working earlier, reset the lock. To remove the access method while its PIN still works, set removal = \"requested\" and apply."
)

func (g *granted) offlineError(next string) error {
	if len(g.offline) == 0 {
		return nil
	}
	return seam.WrapAdvice(ErrRefused, fmt.Sprintf("Access code %s is an offline code: its lock computes the code itself and accepts it until it ends. Seam cannot revoke it.", seam.JoinLimited(g.offline)), next)
}

// askAgain repeats a delete request that had no effect for a while.
func (t *accessGrant) askAgain(ctx context.Context, grant seam.AccessGrant, a seam.ResponseMeta) error {
	request, asked := t.Checkpoint.DeleteRequests[t.ID]
	if !asked || !t.requested[t.ID] || t.askedAgain || grant.BeingRemoved() || a.At.Sub(request.At) < askAgainAfter {
		return nil
	}
	t.askedAgain = true
	_, err := t.Delete(ctx)
	return err
}

func (g *granted) Irrevocable() bool { return false }

func (g *granted) CheckEnded(context.Context) error { return nil }

// Delete requests the deletion of the grant. Once the grant is gone, it requests that of the
// codes that are left.
func (t *accessGrant) Delete(ctx context.Context) (attemptID string, err error) {
	err = seam.AccessGrants.RequestDeletion(ctx, t.Client, t.ID)
	if _, gone := errors.AsType[*seam.NotFoundError](err); gone {
		err = t.deleteCodes(ctx)
	}
	t.markRequested()
	return "", err
}

// Check asks about the grant once more if this run has not requested its removal: one answer, which may
// be out of date, said that it is gone, and the state may not know any part of it.
func (t *accessGrant) Check(ctx context.Context) (Evidence, error) {
	if !t.requested[t.ID] {
		if _, gone, _, err := seam.AccessGrants.LookUp(ctx, t.Client, t.ID); err != nil || !gone {
			if err == nil {
				err = seam.NewAdvice(fmt.Sprintf("Seam answers both that access grant %s is gone and that it is there.", t.ID), "One of the two answers is out of date: run again in a minute.")
			}
			return Evidence{}, err
		}
	}
	return t.granted.Check(ctx)
}

// markRequested notes that the removal of the parts was requested with that of the whole.
func (g *granted) markRequested() {
	for id := range g.codes {
		g.requested[id] = true
	}
}

// deleteCodes requests the deletion of the codes that a grant or method left behind. Nothing in a
// code says to which grant it belonged, so a server that ignores the filter of the list would make
// the codes of others look like these.
func (g *granted) deleteCodes(ctx context.Context) error {
	if err := g.RequireCodeFilter(ctx, g.parameter); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(g.codes)) {
		if g.gone[id] || g.shared[id] != "" {
			continue
		}
		if seen, err := g.codes[id].Look(ctx, 0); err != nil || seen.Gone || seen.Removing || seen.Became != nil {
			continue
		}
		if _, err := g.codes[id].Delete(ctx); err != nil {
			return err
		}
	}
	return nil
}

// FindEvent looks for the events of the grant and of all its codes.
func (t *accessGrant) FindEvent(ctx context.Context) (proof *Proof, awaited string, err error) {
	if proof, awaited, err = t.findCodeEvents(ctx); awaited != "" && proof == nil || err != nil {
		return nil, awaited, err
	}
	return t.findEvent(ctx, "access_grant", t.ID)
}

func (g *granted) findEvent(ctx context.Context, noun, id string) (*Proof, string, error) {
	awaited := noun + ".deleted"
	a, kinds, err := g.ListEventTypes(ctx, noun, id, g.CreatedAt)
	found := proofOf("/events/list", a, awaited)
	if err != nil || !slices.Contains(kinds, awaited) {
		return nil, awaited, err
	}
	return &found, awaited, nil
}
