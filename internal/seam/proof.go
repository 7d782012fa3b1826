package seam

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// lockCheck asks whether a lock still holds what is gone from Seam's list of codes. It
// has to be made after the answer that it vouches for.
type lockCheck struct {
	workspaceID string
	deviceID    string
	codes       []string  // ids that must not come back
	pins        []string  // PINs that must not be there; none if none is known
	askedAt     time.Time // entries with an unreadable PIN count from here,
	createdAt   time.Time // or from here if no removal was asked or no PIN is known
	suspects    []string  // entries that held the PIN at an earlier check

	unmanaged     bool     // what is gone was not managed
	neighbours    []string // entries that were there beside it
	checkedBefore bool     // an earlier run could list the codes, so the endpoint exists

	unprovenSince time.Time // when a PIN was changed that may not have left the lock; zero if none was
	oldPINUnknown bool      // and pins does not have it
}

// Proof is one answer that a verdict rests on.
type Proof struct {
	Asked     string    `json:"asked"`
	At        time.Time `json:"at"`
	RequestID string    `json:"request_id"`
	Showed    string    `json:"showed"`
}

// evidence is what a lock check found out.
type evidence struct {
	proofs      []Proof
	unchecked   []string // checks that this server does not offer
	pinCompared bool
}

func (e *evidence) add(asked string, a answer, showed string) {
	e.proofs = append(e.proofs, Proof{asked, a.at.UTC(), a.requestID, showed})
}

// Residual says that the lock still lists the PIN, or something that could be it.
type Residual struct {
	*Problem
	IDs []string // unmanaged access codes that hold the PIN
}

func (e *Residual) Unwrap() error { return e.Problem }

// checkLock passes only if the workspace is the right one, the lock is in it, and no
// unmanaged code on the lock is, or may be, what was removed.
func (c *Client) checkLock(ctx context.Context, k lockCheck) (evidence, error) {
	var found evidence
	if err := c.InWorkspace(ctx, k.workspaceID); c.noRoute(err) {
		found.unchecked = append(found.unchecked, "/workspaces/get")
	} else if err != nil {
		return found, err
	}
	seen, err := c.lock(k.deviceID).view.fresh(ctx)
	if err != nil {
		return found, err
	}
	if c.noRoute(seen.deviceErr) {
		found.unchecked = append(found.unchecked, "/devices/get")
	} else if seen.deviceErr != nil {
		return found, seen.deviceErr
	} else {
		found.add("/devices/get", seen.device, "the lock is in the workspace")
	}
	if c.noRoute(seen.listErr) && !k.checkedBefore {
		found.unchecked = append(found.unchecked, "/access_codes/unmanaged/list")
		return found, nil
	} else if seen.listErr != nil {
		return found, seen.listErr
	}
	found.pinCompared = len(k.pins) > 0
	if err := k.judge(seen.unmanaged); err != nil {
		return found, err
	}
	found.add("/access_codes/unmanaged/list", seen.list, fmt.Sprintf("%d unmanaged codes on the lock, none with the PIN", len(seen.unmanaged)))
	return found, nil
}

func (k lockCheck) judge(listed []AccessCode) error {
	var certain, doubtful []AccessCode
	for _, entry := range listed {
		switch {
		case entry.DeviceID != "" && entry.DeviceID != k.deviceID:
		case slices.Contains(k.codes, entry.ID), slices.Contains(k.suspects, entry.ID), entry.Code != "" && slices.Contains(k.pins, entry.Code):
			certain = append(certain, entry)
		case k.comparable(entry), slices.Contains(k.neighbours, entry.ID):
		case entry.CreatedAt.IsZero() || !entry.CreatedAt.Before(k.since()):
			doubtful = append(doubtful, entry)
		}
	}
	switch {
	case len(certain) > 0:
		return k.stillThere(certain)
	case len(doubtful) > 0:
		return k.maybeThere(doubtful)
	}
	return nil
}

// comparable reports whether it is enough that the entry's PIN is none of ours.
func (k lockCheck) comparable(entry AccessCode) bool {
	old := !entry.CreatedAt.IsZero() && entry.CreatedAt.Before(k.unprovenSince)
	known := !k.oldPINUnknown || k.unprovenSince.IsZero() || old
	return len(k.pins) > 0 && known && numeric.MatchString(entry.Code)
}

// since is when an entry must have been there to be an old neighbour.
func (k lockCheck) since() time.Time {
	switch {
	case len(k.pins) == 0 || k.askedAt.IsZero():
		return k.createdAt
	case !k.unprovenSince.IsZero() && k.unprovenSince.Before(k.askedAt):
		return k.unprovenSince
	}
	return k.askedAt
}

func (k lockCheck) stillThere(entries []AccessCode) error {
	next := "Delete that unmanaged code from the lock, then run again: with the action seam_delete_unmanaged_access_code (Terraform 1.14 or later), as a resource seam_unmanaged_access_code, in the Seam console or in the manufacturer's app."
	if slices.ContainsFunc(entries, func(e AccessCode) bool { return e.CannotDelete }) {
		next = "Seam cannot delete that unmanaged code: remove it in the manufacturer's app, then run again."
	}
	ids := idsOf(entries)
	if k.unmanaged && slices.Equal(ids, k.codes) {
		next = "Seam lists it although it answers that there is no such code. Run again in a minute; if it stays so, look in the manufacturer's app and ask Seam's support."
	} else if slices.ContainsFunc(ids, func(id string) bool { return slices.Contains(k.codes, id) }) {
		next = "It is the code itself, which became unmanaged. " + wayBack(k.codes[0])
	}
	return &Residual{problem(fmt.Sprintf("Lock %s still lists the PIN, as unmanaged access code %s: it still opens the door.", k.deviceID, strings.Join(ids, ", ")), next), ids}
}

func (k lockCheck) maybeThere(entries []AccessCode) error {
	return &Residual{problem(
		fmt.Sprintf("Lock %s lists unmanaged access code %s, which appeared since and whose PIN cannot be compared: it may be the PIN that was to be removed.", k.deviceID, strings.Join(idsOf(entries), ", ")),
		"Look at that code in the manufacturer's app. Delete it if it has the removed PIN; if it is another, take it over with adopt_access_code_id on a seam_access_code of its own. Then run again."), nil}
}

func idsOf(codes []AccessCode) []string {
	ids := make([]string, len(codes))
	for i, code := range codes {
		ids[i] = identifier(code.ID)
	}
	return ids
}

// neighbours are the managed codes on a lock that have one of these PINs, other than
// the given codes.
func (c *Client) neighbours(ctx context.Context, deviceID string, pins, except []string) ([]string, error) {
	if len(pins) == 0 {
		return nil, nil
	}
	listed, err := c.lock(deviceID).codes.recent(ctx, snapshotAge)
	var same []AccessCode
	for _, code := range listed.codes {
		if slices.Contains(pins, code.Code) && !slices.Contains(except, code.ID) && !c.putsItself(code) {
			same = append(same, code)
		}
	}
	return idsOf(same), err
}
