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
	codes       []string // ids that must not be listed
	unmanaged   bool     // they are ids of unmanaged codes
	ours        []string // ids that may be listed, whatever their PIN
	pins        []string // PINs that must not be there; none if none is known
	elsewhere   []string // PINs that must not be on any lock but the first
	suspects    []string // entries that held the PIN at an earlier check

	baselines []baseline // an entry that cannot be compared passes if all of them had it
	unknown   *baseline  // since when there may be a PIN of ours that pins does not have; nil if it has all
}

// baseline is what the unmanaged codes on the lock were at an earlier time.
type baseline struct {
	at  time.Time
	ids []string // nil if they could not be listed: then created_at tells
}

func (b baseline) had(entry AccessCode) bool {
	if b.ids != nil {
		return slices.Contains(b.ids, entry.ID)
	}
	return !entry.CreatedAt.IsZero() && entry.CreatedAt.Before(b.at)
}

// Proof is one answer that a verdict rests on.
type Proof struct {
	Asked     string    `json:"asked"`
	At        time.Time `json:"at"`
	RequestID string    `json:"request_id"`
	Showed    string    `json:"showed"`
}

// evidence is what lock checks found out.
type evidence struct {
	proofs      []Proof
	compared    bool // every unmanaged code on the lock
	notCompared int  // how many of them could not be
}

func (e *evidence) add(asked string, a answer, showed string) {
	e.proofs = append(e.proofs, Proof{asked, a.at.UTC(), a.requestID, showed})
}

// Residual says that the lock still lists the code or the PIN, or something that could be
// the PIN.
type Residual struct {
	*Problem
	IDs    []string     // unmanaged access codes that hold the PIN
	listed []string     // codes that Seam lists where they should not be any more
	found  []AccessCode // those of IDs
}

func (e *Residual) Unwrap() error { return e.Problem }

// checkLock passes only if the workspace is the right one, the lock is in it, Seam lists
// none of the codes on it, and no unmanaged code on it is, or may be, what was removed.
// That something is absent from a list proves nothing; its presence refutes the answer
// that it is gone.
func (c *Client) checkLock(ctx context.Context, k lockCheck) (evidence, error) {
	var found evidence
	if err := c.InWorkspace(ctx, k.workspaceID); err != nil {
		return found, err
	}
	seen, err := c.lock(k.deviceID).view.fresh(ctx)
	if err != nil {
		return found, err
	}
	found.add("/devices/get", seen.device, "the lock is in the workspace")
	if err := k.refute(seen); err != nil {
		return found, err
	}
	if len(k.codes) > 0 {
		found.add("/access_codes/list", seen.managed.answer, "the code is not among those on the lock")
	}
	found.notCompared, err = k.judge(seen.unmanaged.codes)
	if err != nil {
		return found, err
	}
	showed := fmt.Sprintf("%d unmanaged codes on the lock, none with the PIN", len(seen.unmanaged.codes))
	if found.notCompared > 0 {
		showed += fmt.Sprintf("; %d that were there before could not be compared", found.notCompared)
	}
	found.add("/access_codes/unmanaged/list", seen.unmanaged.answer, showed)
	return found, nil
}

// refute fails if a list shows one of the codes on the side of management on which Seam
// said that it is gone.
func (k lockCheck) refute(seen view) error {
	listed := seen.managed.codes
	if k.unmanaged {
		listed = slices.Concat(listed, seen.unmanaged.codes)
	}
	still := idsOf(slices.DeleteFunc(slices.Clone(listed), func(entry AccessCode) bool { return !slices.Contains(k.codes, entry.ID) }))
	if len(still) == 0 {
		return nil
	}
	return stillListed(still, k.deviceID)
}

func stillListed(ids []string, deviceID string) error {
	return &Residual{Problem: problem(
		fmt.Sprintf("Seam answers that there is no access code %s, and lists it on lock %s all the same. One of the two answers is out of date.", strings.Join(ids, ", "), identifier(deviceID)),
		"Run again in a minute. If it stays so, ask Seam's support, and look in the manufacturer's app whether the PIN is on the lock."), listed: ids}
}

// judge reports the unmanaged codes on the lock that hold the PIN, or may hold it, and
// counts those that were there before and cannot be compared.
func (k lockCheck) judge(entries []AccessCode) (notCompared int, err error) {
	var certain, doubtful []AccessCode
	for _, entry := range entries {
		switch {
		case entry.DeviceID != "" && entry.DeviceID != k.deviceID, slices.Contains(k.ours, entry.ID):
		case slices.Contains(k.codes, entry.ID), slices.Contains(k.suspects, entry.ID), k.hasPIN(entry):
			certain = append(certain, entry)
		case k.comparable(entry):
		case k.had(entry):
			notCompared++
		default:
			doubtful = append(doubtful, entry)
		}
	}
	switch {
	case len(certain) > 0:
		err = k.stillThere(certain)
	case len(doubtful) > 0:
		err = k.maybeThere(doubtful)
	}
	return notCompared, err
}

func (k lockCheck) hasPIN(entry AccessCode) bool {
	return slices.ContainsFunc(k.pins, func(pin string) bool { return samePIN(pin, entry.Code) })
}

// comparable reports whether it is enough that the entry's PIN is none of ours.
func (k lockCheck) comparable(entry AccessCode) bool {
	known := k.unknown == nil || k.unknown.had(entry)
	return len(k.pins) > 0 && known && numeric.MatchString(plainPIN(entry.Code))
}

func (k lockCheck) had(entry AccessCode) bool {
	return !slices.ContainsFunc(k.baselines, func(b baseline) bool { return !b.had(entry) })
}

// plainPIN drops what some locks put between or after the digits of a PIN.
func plainPIN(pin string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -#", r) {
			return -1
		}
		return r
	}, pin)
}

func onlyDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

// samePIN compares PINs by their digits. Some locks keep a PIN as a number, without its
// leading zeros.
func samePIN(a, b string) bool {
	if a == b {
		return a != ""
	}
	a, b = onlyDigits(a), onlyDigits(b)
	if a == "" || b == "" {
		return false
	}
	return a == b || len(a) != len(b) && strings.TrimLeft(a, "0") == strings.TrimLeft(b, "0")
}

func (k lockCheck) stillThere(entries []AccessCode) error {
	next := "Delete that unmanaged code from the lock, then run again: with the action seam_delete_unmanaged_access_code (Terraform 1.14 or later), as a resource seam_unmanaged_access_code, in the Seam console or in the manufacturer's app."
	if slices.ContainsFunc(entries, func(e AccessCode) bool { return e.CannotDelete }) {
		next = "Seam cannot delete that unmanaged code: remove it in the manufacturer's app, then run again."
	}
	ids := idsOf(entries)
	what := fmt.Sprintf("Lock %s still lists the PIN, as unmanaged access code %s: it still opens the door.", k.deviceID, strings.Join(ids, ", "))
	return &Residual{Problem: problem(what, next), IDs: ids, found: entries}
}

func (k lockCheck) maybeThere(entries []AccessCode) error {
	return &Residual{Problem: problem(
		fmt.Sprintf("Lock %s lists unmanaged access code %s, which appeared since and whose PIN cannot be compared: it may be the PIN that was to be removed.", k.deviceID, strings.Join(idsOf(entries), ", ")),
		"Look at that code in the manufacturer's app. Delete it if it has the removed PIN; if it is another, take it over with adopt_access_code_id on a seam_access_code of its own. Then run again.")}
}

func idsOf(codes []AccessCode) []string {
	ids := make([]string, len(codes))
	for i, code := range codes {
		ids[i] = identifier(code.ID)
	}
	return ids
}

// checkLocks makes one check for each of several locks. The first one fails with what
// it finds before the others are asked.
func (c *Client) checkLocks(ctx context.Context, k lockCheck, locks []string) (evidence, error) {
	var all evidence
	for i, deviceID := range locks {
		k.deviceID = deviceID
		if i == 1 {
			k.pins = slices.Concat(k.pins, k.elsewhere)
		}
		found, err := c.checkLock(ctx, k)
		all.proofs, all.notCompared = append(all.proofs, found.proofs...), all.notCompared+found.notCompared
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

// neighbours are the managed codes on a lock that have one of these PINs, other than
// the given codes. The lock was checked just before.
func (c *Client) neighbours(ctx context.Context, deviceID string, pins, except []string) ([]string, error) {
	if len(pins) == 0 {
		return nil, nil
	}
	seen, err := c.lock(deviceID).view.recent(ctx, snapshotAge)
	var same []AccessCode
	for _, code := range seen.managed.codes {
		if slices.Contains(pins, code.Code) && !slices.Contains(except, code.ID) && !c.putsItself(code) {
			same = append(same, code)
		}
	}
	return idsOf(same), err
}

// unmanagedBefore are the ids of the unmanaged codes on some locks at this moment, or nil
// if they cannot be listed. Asks that come within seconds of each other share the lists.
func (c *Client) unmanagedBefore(ctx context.Context, locks []string) []string {
	ids := []string{}
	for _, id := range locks {
		seen, err := c.lock(id).before.recent(ctx, lookAge)
		if err != nil {
			return nil
		}
		for _, entry := range seen.codes {
			ids = append(ids, entry.ID)
		}
	}
	return ids
}
