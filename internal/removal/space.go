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

// doorRemoval takes doors out of a space, which takes them from every grant on the space.
type doorRemoval struct {
	*state
	spaceID     string
	doors       seam.Doors
	grants      map[string]*granted // with their codes on the doors
	reachedBy   map[string]string   // codes that stay: the grant that reaches their door in another way
	requestedAt time.Time           // in this run
	waitingFor  string
}

// TakeOutOfSpace takes doors out of a space. It returns nil only if each access code that a grant
// on the space had on one of the doors is proven to be off its lock, unless a grant reaches that
// door in another way: directly, or by another space. An error that comes after the request matches
// [ErrUnconfirmed]. The checkpoint that it saves is for the next call, or for [VerifyOutOfSpace].
func TakeOutOfSpace(ctx context.Context, client *seam.Client, spaceID string, doors seam.Doors, o Options) error {
	t, err := newDoorRemoval(ctx, client, spaceID, doors, o)
	if err != nil {
		return err
	}
	if NeedsProof(o.Mode) {
		err = t.begin(ctx)
	}
	if err == nil {
		err = client.RemoveFromSpace(ctx, spaceID, doors)
	}
	if err != nil {
		return err
	}
	if !NeedsProof(o.Mode) {
		t.Warn("Access not verified", fmt.Sprintf("%s left space %s. Whether the grants on the space still open it was not checked, because removal = %q.\n\nCheck later, in the Seam console or with data.seam_device_access.", seam.JoinLimited(doors.IDs()), spaceID, o.Mode))
		return nil
	}
	err = t.readGrants(ctx) // those that were made meanwhile
	if t.save(); err == nil {
		err = seam.PollNow(ctx, t.isDone)
	}
	if err != nil && t.waitingFor != "" {
		err = seam.WrapAdvice(err, t.waitingFor+" "+err.Error(), seam.Advice(err, "Apply again: it waits again. If the lock is offline, bring it online first."))
	}
	if err == nil {
		err = t.prove(ctx, t.proveCode)
	}
	return t.unconfirmed(err)
}

// VerifyOutOfSpace is the proof of [TakeOutOfSpace] for doors that are out of the space. It sends no
// request and does not wait.
func VerifyOutOfSpace(ctx context.Context, client *seam.Client, spaceID string, doors seam.Doors, o Options) error {
	t, err := newDoorRemoval(ctx, client, spaceID, doors, o)
	if err != nil {
		return err
	}
	t.Checkpoint.LeftBeforeRequest = t.Checkpoint.LeftBeforeRequest || t.Checkpoint.RequestedAt.IsZero()
	err = t.readGrants(ctx)
	t.save()
	if err == nil {
		var done bool
		if done, err = t.isDone(ctx); !done && err == nil {
			err = seam.NewAdvice(t.waitingFor, "Apply: it waits for that.")
		}
	}
	if err == nil {
		err = t.prove(ctx, t.verifyCode)
	}
	return t.unconfirmed(err)
}

func newDoorRemoval(ctx context.Context, client *seam.Client, spaceID string, doors seam.Doors, o Options) (*doorRemoval, error) {
	if o.Checkpoint.Parts == nil {
		o.Checkpoint.Parts = &GrantParts{}
	}
	if o.Checkpoint.TakenOut == nil {
		o.Checkpoint.TakenOut = &seam.Doors{}
	}
	t := &doorRemoval{state: newState(client, o), spaceID: spaceID, doors: doors, grants: map[string]*granted{}, reachedBy: map[string]string{}}
	return t, t.RequireWorkspace(ctx, o.WorkspaceID)
}

func (t *doorRemoval) unconfirmed(err error) error {
	if err == nil {
		return nil
	}
	return seam.WrapAdvice(errors.Join(ErrUnconfirmed, err), fmt.Sprintf("%s left space %s, but it is not proven that the grants on the space do not open it any more: %v", seam.JoinLimited(t.doors.IDs()), t.spaceID, err),
		seam.Advice(err, "Apply again: it continues where this run stopped."))
}

// readGrants reads the grants on the space, and their codes on the doors. Those that an earlier run
// saw stay: they may be gone by now.
func (t *doorRemoval) readGrants(ctx context.Context) error {
	grants, err := t.GrantsOnSpace(ctx, t.spaceID)
	if err != nil {
		return err
	}
	for _, grant := range grants {
		g := t.grant(GrantOf(grant))
		if err := t.readCodes(ctx, g); err != nil {
			return err
		}
	}
	for _, code := range t.Checkpoint.Parts.Codes {
		t.grant(AccessGrant{ID: code.GrantID})
	}
	for _, g := range t.grants {
		t.Checkpoint.Parts.Add(GrantParts{Codes: g.parts().Codes})
	}
	return nil
}

// grant returns the grant with the codes that an earlier run saw. It has a checkpoint of its own.
func (t *doorRemoval) grant(grant AccessGrant) *granted {
	if have := t.grants[grant.ID]; have != nil {
		return have
	}
	own := *t.state
	own.Checkpoint, own.Save = Checkpoint{}, func(Checkpoint) {}
	for _, code := range t.Checkpoint.Parts.Codes {
		if code.GrantID == grant.ID && slices.Contains(t.doors.DeviceIDs, code.DeviceID) {
			grant.Codes = append(grant.Codes, code)
		}
	}
	g := newGranted(&own, grant, grant.knownParts(), "access_grant_id")
	t.grants[grant.ID] = g
	return g
}

// readCodes reads the codes of a grant, and keeps those on the doors.
func (t *doorRemoval) readCodes(ctx context.Context, g *granted) error {
	if err := g.readCodes(ctx); err != nil {
		return err
	}
	elsewhere := func(deviceID string) bool { return !slices.Contains(t.doors.DeviceIDs, deviceID) }
	maps.DeleteFunc(g.codes, func(_ string, code *managedCode) bool { return elsewhere(code.DeviceID) })
	g.parts().Codes = slices.DeleteFunc(g.parts().Codes, func(code GrantCode) bool { return elsewhere(code.DeviceID) })
	g.offline = slices.DeleteFunc(g.offline, func(id string) bool { return g.codes[id] == nil })
	return nil
}

// begin reads what the proof needs, and saves it.
func (t *doorRemoval) begin(ctx context.Context) error {
	t.requestedAt = t.Now()
	if err := t.CheckReceiptsFile(); err != nil {
		return err
	}
	if err := t.readGrants(ctx); err != nil {
		return err
	}
	if err := t.checkProvable(ctx); err != nil {
		return err
	}
	locks, c := t.doors.DeviceIDs, &t.Checkpoint
	if !c.RequestedAt.IsZero() {
		locks = t.doors.Minus(*c.TakenOut).DeviceIDs
	}
	before := t.ListUnmanagedIDs(ctx, locks)
	if ctx.Err() != nil {
		return fmt.Errorf("before the request: %w", context.Cause(ctx))
	}
	if c.RequestedAt.IsZero() {
		c.start(t.requestedAt, before)
	} else if before == nil || c.UnmanagedBefore == nil {
		c.UnmanagedBefore = nil
	} else {
		c.UnmanagedBefore = append(c.UnmanagedBefore, before...)
	}
	t.save()
	return nil
}

// checkProvable fails if a grant has an offline code on one of the doors, or a lock cannot be read.
func (t *doorRemoval) checkProvable(ctx context.Context) error {
	for _, g := range t.grants {
		if err := g.offlineError("Wait until the code ends, or reset the lock. To take the door out of the space while the PIN still works, set removal = \"requested\" and apply."); err != nil {
			return err
		}
	}
	for _, id := range t.doors.DeviceIDs {
		if len(t.grants) > 0 {
			if _, _, err := t.GetLockDevice(ctx, id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *doorRemoval) save() {
	*t.Checkpoint.TakenOut = t.Checkpoint.TakenOut.Plus(t.doors)
	t.Save(t.Checkpoint)
}
