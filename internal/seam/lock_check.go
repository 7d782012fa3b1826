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
	workspaceID   string
	deviceID      string
	codeIDs       []string // ids that must not be listed
	unmanaged     bool     // they are ids of unmanaged codes
	ownIDs        []string // ids that may be listed, whatever their PIN
	pins          []string // PINs that must not be there; none if none is known
	otherLockPINs []string // PINs that must not be on any lock but the first
	residualIDs   []string // entries that held the PIN at an earlier check

	baselines       []baseline // an entry that cannot be compared passes if all of them had it
	unknownPINSince *baseline  // since when there may be a PIN of ours that pins does not have; nil if it has all
}

// baseline is what the unmanaged codes on the lock were at an earlier time.
type baseline struct {
	at  time.Time
	ids []string // nil if they could not be listed: then created_at tells
}

func (b baseline) includes(entry AccessCode) bool {
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
	allCompared bool // every unmanaged code on the lock
	notCompared int  // how many of them could not be
}

func (e *evidence) add(asked string, a ResponseMeta, showed string) {
	e.proofs = append(e.proofs, Proof{asked, a.At.UTC(), a.RequestID, showed})
}

// ResidualError says that the lock still lists the code or the PIN, or something that could be
// the PIN.
type ResidualError struct {
	*AdviceError
	IDs         []string     // unmanaged access codes that hold the PIN
	stillListed []string     // codes that Seam lists where they should not be any more
	entries     []AccessCode // those of IDs
}

func (e *ResidualError) Unwrap() error { return e.AdviceError }

// checkLock passes only if the workspace is the right one, the lock is in it, Seam lists
// none of the codes on it, and no unmanaged code on it is, or may be, what was removed.
// That something is absent from a list proves nothing; its presence refutes the answer
// that it is gone.
func (c *Client) checkLock(ctx context.Context, k lockCheck) (evidence, error) {
	var found evidence
	if err := c.CheckCodeWorkspace(ctx, k.workspaceID); err != nil {
		return found, err
	}
	seen, err := c.device(k.deviceID).snapshot.fresh(ctx)
	if err != nil {
		return found, err
	}
	found.add("/devices/get", seen.Device, "the lock is in the workspace")
	if err := k.checkNotListed(seen); err != nil {
		return found, err
	}
	if len(k.codeIDs) > 0 {
		found.add("/access_codes/list", seen.Managed.ResponseMeta, "the code is not among those on the lock")
	}
	found.notCompared, err = k.evaluate(seen.Unmanaged.Codes)
	if err != nil {
		return found, err
	}
	showed := fmt.Sprintf("%d unmanaged codes on the lock, none with the PIN", len(seen.Unmanaged.Codes))
	if found.notCompared > 0 {
		showed += fmt.Sprintf("; %d that were there before could not be compared", found.notCompared)
	}
	found.add("/access_codes/unmanaged/list", seen.Unmanaged.ResponseMeta, showed)
	return found, nil
}

// checkNotListed fails if a list shows one of the codes on the side of management on which Seam
// said that it is gone.
func (k lockCheck) checkNotListed(seen LockSnapshot) error {
	listed := seen.Managed.Codes
	if k.unmanaged {
		listed = slices.Concat(listed, seen.Unmanaged.Codes)
	}
	still := IDsOf(slices.DeleteFunc(slices.Clone(listed), func(entry AccessCode) bool { return !slices.Contains(k.codeIDs, entry.ID) }))
	if len(still) == 0 {
		return nil
	}
	return stillListedError(still, k.deviceID)
}

func stillListedError(ids []string, deviceID string) error {
	return &ResidualError{AdviceError: NewAdvice(
		fmt.Sprintf("Seam answers that there is no access code %s, and lists it on lock %s all the same. One of the two answers is out of date.", strings.Join(ids, ", "), SanitizeID(deviceID)),
		"Run again in a minute. If it stays so, ask Seam's support, and look in the manufacturer's app whether the PIN is on the lock."), stillListed: ids}
}

// evaluate reports the unmanaged codes on the lock that hold the PIN, or may hold it, and
// counts those that were there before and cannot be compared.
func (k lockCheck) evaluate(entries []AccessCode) (notCompared int, err error) {
	var certain, doubtful []AccessCode
	for _, entry := range entries {
		switch {
		case entry.DeviceID != "" && entry.DeviceID != k.deviceID, slices.Contains(k.ownIDs, entry.ID):
		case slices.Contains(k.codeIDs, entry.ID), slices.Contains(k.residualIDs, entry.ID), k.hasPIN(entry):
			certain = append(certain, entry)
		case k.isComparable(entry):
		case k.inAllBaselines(entry):
			notCompared++
		default:
			doubtful = append(doubtful, entry)
		}
	}
	switch {
	case len(certain) > 0:
		err = k.residualError(certain)
	case len(doubtful) > 0:
		err = k.possibleResidualError(doubtful)
	}
	return notCompared, err
}

func (k lockCheck) hasPIN(entry AccessCode) bool {
	return slices.ContainsFunc(k.pins, func(pin string) bool { return samePIN(pin, entry.Code) })
}

// isComparable reports whether it is enough that the entry's PIN is none of ours.
func (k lockCheck) isComparable(entry AccessCode) bool {
	known := k.unknownPINSince == nil || k.unknownPINSince.includes(entry)
	return len(k.pins) > 0 && known && NumericPIN.MatchString(stripSeparators(entry.Code))
}

func (k lockCheck) inAllBaselines(entry AccessCode) bool {
	return !slices.ContainsFunc(k.baselines, func(b baseline) bool { return !b.includes(entry) })
}

// stripSeparators drops what some locks put between or after the digits of a PIN.
func stripSeparators(pin string) string {
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

func (k lockCheck) residualError(entries []AccessCode) error {
	next := "Delete that unmanaged code from the lock, then run again: with the action seam_delete_unmanaged_access_code (Terraform 1.14 or later), as a resource seam_unmanaged_access_code, in the Seam console or in the manufacturer's app."
	if slices.ContainsFunc(entries, func(e AccessCode) bool { return e.CannotDelete }) {
		next = "Seam cannot delete that unmanaged code: remove it in the manufacturer's app, then run again."
	}
	ids := IDsOf(entries)
	what := fmt.Sprintf("Lock %s still lists the PIN, as unmanaged access code %s: it still opens the door.", k.deviceID, strings.Join(ids, ", "))
	return &ResidualError{AdviceError: NewAdvice(what, next), IDs: ids, entries: entries}
}

func (k lockCheck) possibleResidualError(entries []AccessCode) error {
	return &ResidualError{AdviceError: NewAdvice(
		fmt.Sprintf("Lock %s lists unmanaged access code %s, which appeared since and whose PIN cannot be compared: it may be the PIN that was to be removed.", k.deviceID, strings.Join(IDsOf(entries), ", ")),
		"Look at that code in the manufacturer's app. Delete it if it has the removed PIN; if it is another, take it over with adopt_access_code_id on a seam_access_code of its own. Then run again.")}
}

func IDsOf(codes []AccessCode) []string {
	ids := make([]string, len(codes))
	for i, code := range codes {
		ids[i] = SanitizeID(code.ID)
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
			k.pins = slices.Concat(k.pins, k.otherLockPINs)
		}
		found, err := c.checkLock(ctx, k)
		all.proofs, all.notCompared = append(all.proofs, found.proofs...), all.notCompared+found.notCompared
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

// codesWithPIN are the managed codes on a lock that have one of these PINs, other than
// the given codes. The lock was checked just before.
func (c *Client) codesWithPIN(ctx context.Context, deviceID string, pins, except []string) ([]string, error) {
	if len(pins) == 0 {
		return nil, nil
	}
	seen, err := c.device(deviceID).snapshot.cached(ctx, MaxSnapshotAge)
	var same []AccessCode
	for _, code := range seen.Managed.Codes {
		if slices.Contains(pins, code.Code) && !slices.Contains(except, code.ID) && !c.AssignedByThisRun(code) {
			same = append(same, code)
		}
	}
	return IDsOf(same), err
}

// listUnmanagedIDs are the ids of the unmanaged codes on some locks at this moment, or nil
// if they cannot be listed. Requests within seconds of each other share the lists.
func (c *Client) listUnmanagedIDs(ctx context.Context, locks []string) []string {
	ids := []string{}
	for _, id := range locks {
		seen, err := c.device(id).unmanagedBaseline.cached(ctx, MaxLookupAge)
		if err != nil {
			return nil
		}
		for _, entry := range seen.Codes {
			ids = append(ids, entry.ID)
		}
	}
	return ids
}
