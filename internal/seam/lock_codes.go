package seam

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// LockCodes are the codes that Seam lists on a lock, by their IDs.
type LockCodes struct{ Managed, Unmanaged map[string]AccessCode }

// CodesOnLock returns the codes on a lock, from lists that are at most [MaxSnapshotAge] old. The
// refreshes of single codes share these lists.
func (c *Client) CodesOnLock(ctx context.Context, deviceID string) (LockCodes, error) {
	return c.codesOnLock(deviceID, func(list *sharedRead[deviceSnapshot]) (deviceSnapshot, error) {
		return list.cached(ctx, MaxSnapshotAge)
	})
}

// FreshCodesOnLock is [Client.CodesOnLock] with lists that are requested after the call.
func (c *Client) FreshCodesOnLock(ctx context.Context, deviceID string) (LockCodes, error) {
	return c.codesOnLock(deviceID, func(list *sharedRead[deviceSnapshot]) (deviceSnapshot, error) { return list.fresh(ctx) })
}

func (c *Client) codesOnLock(deviceID string, read func(*sharedRead[deviceSnapshot]) (deviceSnapshot, error)) (LockCodes, error) {
	lock := c.device(deviceID)
	managed, err := read(&lock.codes)
	if err != nil {
		return LockCodes{}, err
	}
	unmanaged, err := read(&lock.unmanaged)
	if err == nil && (managed.unplaced || unmanaged.unplaced) {
		err = NewAdvice(fmt.Sprintf("Seam lists an access code for lock %s without saying on which lock it is, so it is not known who can open the lock.", deviceID), "Run again. If the error persists, contact Seam support.")
	}
	return LockCodes{managed.codes, unmanaged.codes}, err
}

// Get returns a code of the lock, and whether Seam manages it.
func (l LockCodes) Get(id string) (code AccessCode, managed, listed bool) {
	if code, listed = l.Managed[id]; listed {
		return code, true, true
	}
	code, listed = l.Unmanaged[id]
	return code, false, listed
}

// All returns the managed and the unmanaged codes.
func (l LockCodes) All() []AccessCode {
	return slices.Concat(slices.Collect(maps.Values(l.Managed)), slices.Collect(maps.Values(l.Unmanaged)))
}

// CodesOfGrants returns the IDs of the codes of access grants; none for a grant that is gone. The
// lists are at most [MaxSnapshotAge] old, or requested after the call if fresh is set.
func (c *Client) CodesOfGrants(ctx context.Context, grantIDs []string, fresh bool) (ids []string, err error) {
	if len(grantIDs) == 0 {
		return nil, nil
	}
	checked := c.sharedIDs("access_grant_id", func(ctx context.Context) ([]string, error) {
		return nil, c.requireGrantFilter(ctx)
	})
	if _, err := checked.cached(ctx, MaxSnapshotAge); err != nil {
		return nil, err
	}
	for _, grantID := range grantIDs {
		list := c.sharedIDs("access_grant_id="+grantID, func(ctx context.Context) ([]string, error) { return c.listGrantCodeIDs(ctx, grantID) })
		read := func() ([]string, error) { return list.cached(ctx, MaxSnapshotAge) }
		if fresh {
			read = func() ([]string, error) { return list.fresh(ctx) }
		}
		codes, err := read()
		if err != nil {
			return nil, err
		}
		ids = append(ids, codes...)
	}
	return ids, nil
}

// requireGrantFilter fails if Seam ignores the filter by grant: every code would look like one of the
// grant.
func (c *Client) requireGrantFilter(ctx context.Context) error {
	err := c.RequireCodeFilter(ctx, "access_grant_id")
	if ignored, ok := errors.AsType[*AdviceError](err); ok {
		return NewAdvice(ignored.Error(), "List access codes by their own ids instead of their grants, or contact Seam support.")
	}
	return err
}

func (c *Client) sharedIDs(key string, fetch func(context.Context) ([]string, error)) *sharedRead[[]string] {
	shared, _ := c.snapshots.LoadOrStore("/access_codes/list "+key, &sharedRead[[]string]{fetch: fetch})
	return shared.(*sharedRead[[]string]) //nolint:forcetypeassert // nothing else is stored under this key
}

func (c *Client) listGrantCodeIDs(ctx context.Context, grantID string) ([]string, error) {
	_, codes, err := c.ListAccessCodes(ctx, map[string]any{"access_grant_id": grantID})
	if IsNotFound(err, "access_grant_not_found") {
		return nil, nil
	}
	return IDsOf(codes), err
}

// GrantsOfCode returns the IDs of the access grants to which a code belongs. A server that ignores
// the filter returns all grants.
func (c *Client) GrantsOfCode(ctx context.Context, codeID string) ([]string, error) {
	grants, err := collect(AccessGrants.List(ctx, c, map[string]any{"access_code_id": codeID}))
	return IDsOf(grants), err
}

// Untracked returns the codes that this run does not manage. It waits a few seconds for the
// resources with the codes, as [Client.AwaitTracked] does.
func (c *Client) Untracked(ctx context.Context, ids []string) []string {
	untracked := func() []string { return slices.DeleteFunc(slices.Clone(ids), c.isTracked) }
	ctx, cancel := context.WithTimeout(ctx, releaseStartTimeout)
	defer cancel()
	_ = PollNow(ctx, func(context.Context) (bool, error) { return len(untracked()) == 0, nil })
	return untracked()
}

// IsAdopting reports whether this run adopts a code, or has adopted it.
func (c *Client) IsAdopting(id string) bool {
	_, adopting := c.adoptedIDs.Load(id)
	return adopting
}

// ReadCodeOfLock reads a code by its ID before it is deleted from a lock. It does not record that this
// run manages the code. Gone says that Seam has no such code, neither managed nor unmanaged.
func (c *Client) ReadCodeOfLock(ctx context.Context, id string) (code AccessCode, managed, gone bool, err error) {
	seen, err := c.fetchAccessCode(ctx, id)
	if err == nil && !seen.Gone {
		c.normalize(&seen.Code)
		return seen.Code, true, false, nil
	}
	if err != nil && !IsUnmanagedError(err) {
		return AccessCode{}, false, false, err
	}
	seen, err = c.fetchUnmanaged(ctx, id)
	if IsNotFound(err, "access_code_not_found") {
		return AccessCode{}, false, true, nil
	}
	return seen.Code, false, false, err
}

// IsOffLock reports whether Seam answers that there is no such code, and a list of the lock that is
// requested after that answer lacks it as well.
func (c *Client) IsOffLock(ctx context.Context, deviceID, id string) (bool, error) {
	_, _, gone, err := c.ReadCodeOfLock(ctx, id)
	if err != nil || !gone {
		return false, err
	}
	codes, err := c.FreshCodesOnLock(ctx, deviceID)
	_, _, listed := codes.Get(id)
	return !listed, err
}
