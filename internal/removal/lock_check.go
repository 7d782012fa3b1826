package removal

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// lockCheck checks that codes which Seam reports as gone are no longer on a lock. It must run
// after the response that it confirms.
type lockCheck struct {
	workspaceID   string
	deviceID      string
	codeIDs       []string // IDs that must not be listed
	unmanaged     bool     // codeIDs are unmanaged codes
	ownIDs        []string // IDs that may be listed, whatever their PIN
	likelyPINs    []string // PINs that must not be on the lock, unless in an entry older than likelySince
	likelySince   time.Time
	pins          []string // PINs that must not be on the lock; empty if none is known
	otherLockPINs []string // more PINs that must not be on any lock but the first
	residualIDs   []string // unmanaged codes that had the PIN at an earlier check

	baselines       []baseline // an entry that cannot be compared passes if all baselines include it
	unknownPINSince *baseline  // since when a PIN that pins lacks may exist; nil if pins is complete
}

// baseline is the set of unmanaged codes on the lock at an earlier time.
type baseline struct {
	at  time.Time
	ids []string // nil if they could not be listed: then created_at is compared with at
}

func (b baseline) includes(entry seam.AccessCode) bool {
	if b.ids != nil {
		return slices.Contains(b.ids, entry.ID)
	}
	return !entry.CreatedAt.IsZero() && entry.CreatedAt.Before(b.at)
}

// run checks one lock. It passes only if the workspace is the right one, the lock is in it, Seam
// lists none of the codes on it, and no unmanaged code on it is, or may be, the removed one.
// Absence from a list alone proves nothing; presence contradicts a 404.
func (k lockCheck) run(ctx context.Context, client *seam.Client) (Evidence, error) {
	var found Evidence
	if err := client.RequireWorkspace(ctx, k.workspaceID); err != nil {
		return found, err
	}
	seen, err := client.FreshLockSnapshot(ctx, k.deviceID)
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
	found.NotCompared, err = k.evaluate(seen.Unmanaged.Codes)
	if err != nil {
		return found, err
	}
	showed := fmt.Sprintf("%d unmanaged codes on the lock, none with the PIN", len(seen.Unmanaged.Codes))
	if found.NotCompared > 0 {
		showed += fmt.Sprintf("; %d that were there before could not be compared", found.NotCompared)
	}
	found.add("/access_codes/unmanaged/list", seen.Unmanaged.ResponseMeta, showed)
	return found, nil
}

// checkNotListed fails if a list contains one of the codes. Unmanaged lists are checked only for
// unmanaged codes.
func (k lockCheck) checkNotListed(seen seam.LockSnapshot) error {
	listed := seen.Managed.Codes
	if k.unmanaged {
		listed = slices.Concat(listed, seen.Unmanaged.Codes)
	}
	still := seam.IDsOf(slices.DeleteFunc(slices.Clone(listed), func(entry seam.AccessCode) bool { return !slices.Contains(k.codeIDs, entry.ID) }))
	if len(still) == 0 {
		return nil
	}
	return stillListedError(still, k.deviceID)
}

func stillListedError(ids []string, deviceID string) error {
	return &ResidualError{AdviceError: seam.NewAdvice(
		fmt.Sprintf("Seam answers that there is no access code %s, but still lists it on lock %s. One of the two responses is out of date.", strings.Join(ids, ", "), seam.SanitizeID(deviceID)),
		"Run again in a minute. If the error persists, contact Seam support, and check in the manufacturer's app whether the PIN is on the lock."), stillListed: ids}
}

// evaluate returns an error for the unmanaged codes on the lock that have the PIN, or may have
// it, and the number of codes that were there before and cannot be compared.
func (k lockCheck) evaluate(entries []seam.AccessCode) (notCompared int, err error) {
	var certain, doubtful []seam.AccessCode
	for _, entry := range entries {
		switch {
		case entry.DeviceID != "" && entry.DeviceID != k.deviceID, slices.Contains(k.ownIDs, entry.ID):
		case slices.Contains(k.codeIDs, entry.ID), slices.Contains(k.residualIDs, entry.ID), k.hasPIN(entry), k.hasLikelyPIN(entry):
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

func (k lockCheck) hasPIN(entry seam.AccessCode) bool {
	return slices.ContainsFunc(k.pins, func(pin string) bool { return samePIN(pin, entry.Code) })
}

func (k lockCheck) hasLikelyPIN(entry seam.AccessCode) bool {
	older := !entry.CreatedAt.IsZero() && entry.CreatedAt.Before(k.likelySince)
	return !older && slices.ContainsFunc(k.likelyPINs, func(pin string) bool { return samePIN(pin, entry.Code) })
}

// isComparable reports whether the entry's PIN can be compared with all PINs that must be gone.
func (k lockCheck) isComparable(entry seam.AccessCode) bool {
	known := k.unknownPINSince == nil || k.unknownPINSince.includes(entry)
	return len(k.pins) > 0 && known && seam.NumericPIN.MatchString(stripSeparators(entry.Code))
}

func (k lockCheck) inAllBaselines(entry seam.AccessCode) bool {
	return !slices.ContainsFunc(k.baselines, func(b baseline) bool { return !b.includes(entry) })
}

// isReadable reports whether a text is a PIN. Some locks show others, such as asterisks, in its place.
func isReadable(pin string) bool {
	pin = stripSeparators(pin)
	return pin != "" && !strings.ContainsFunc(pin, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// readablePIN is a PIN, or empty if it is another text.
func readablePIN(pin string) string {
	if !isReadable(pin) {
		return ""
	}
	return pin
}

// stripSeparators removes the characters that some locks put between or after the digits of a PIN.
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

// samePIN compares PINs by their digits. Some locks store a PIN as a number, without leading
// zeros.
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

func (k lockCheck) residualError(entries []seam.AccessCode) error {
	next := "Delete that unmanaged code from the lock, then run again. You can delete it with the seam_delete_unmanaged_access_code action (if the CLI supports actions), with a seam_unmanaged_access_code resource, in the Seam console or in the manufacturer's app."
	if slices.ContainsFunc(entries, func(e seam.AccessCode) bool { return e.CannotDelete }) {
		next = "Seam cannot delete that unmanaged code: remove it in the manufacturer's app, then run again."
	}
	ids := seam.IDsOf(entries)
	what := fmt.Sprintf("Lock %s still lists the PIN, as unmanaged access code %s: it still opens the door.", k.deviceID, strings.Join(ids, ", "))
	return &ResidualError{AdviceError: seam.NewAdvice(what, next), IDs: ids, entries: entries}
}

func (k lockCheck) possibleResidualError(entries []seam.AccessCode) error {
	return &ResidualError{AdviceError: seam.NewAdvice(
		fmt.Sprintf("Lock %s lists unmanaged access code %s, which appeared since and whose PIN cannot be compared: it may be the removed PIN.", k.deviceID, strings.Join(seam.IDsOf(entries), ", ")),
		"Check that code in the manufacturer's app. Delete it if it has the removed PIN. If it has another PIN, adopt it with adopt_access_code_id on a separate seam_access_code. Then run again.")}
}

// runOn runs the check on several locks, one after the other, and stops at the first error.
func (k lockCheck) runOn(ctx context.Context, client *seam.Client, locks []string) (Evidence, error) {
	var all Evidence
	for i, deviceID := range locks {
		k.deviceID = deviceID
		if i == 1 {
			k.pins = slices.Concat(k.pins, k.otherLockPINs)
		}
		found, err := k.run(ctx, client)
		all.Proofs, all.NotCompared = append(all.Proofs, found.Proofs...), all.NotCompared+found.NotCompared
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

// codesWithPIN returns the IDs of the managed codes on a lock that have one of the PINs, without
// the codes in except and those whose PIN this run has set. It reuses the snapshot of a check.
func codesWithPIN(ctx context.Context, client *seam.Client, deviceID string, pins, except []string) ([]string, error) {
	if len(pins) == 0 {
		return nil, nil
	}
	seen, err := client.RecentLockSnapshot(ctx, deviceID)
	var same []seam.AccessCode
	for _, code := range seen.Managed.Codes {
		if slices.Contains(pins, code.Code) && !slices.Contains(except, code.ID) && !client.AssignedByThisRun(code) {
			same = append(same, code)
		}
	}
	return seam.IDsOf(same), err
}

// checkManagedPINs fails if a managed code on a lock has one of the PINs of a grant, and is not older
// than the grant.
func checkManagedPINs(ctx context.Context, client *seam.Client, deviceID string, pins []string, createdAt time.Time) error {
	if len(pins) == 0 {
		return nil
	}
	seen, err := client.RecentLockSnapshot(ctx, deviceID)
	if err != nil {
		return err
	}
	same := slices.DeleteFunc(slices.Clone(seen.Managed.Codes), func(code seam.AccessCode) bool {
		older := !code.CreatedAt.IsZero() && code.CreatedAt.Before(createdAt)
		return older || !slices.Contains(pins, code.Code) || client.AssignedByThisRun(code)
	})
	if len(same) == 0 {
		return nil
	}
	return seam.NewAdvice(fmt.Sprintf("Lock %s lists access code %s, which has the PIN of the grant.", deviceID, seam.JoinLimited(seam.IDsOf(same))),
		"Run again in a minute: Seam may still be removing it. If it stays, delete that access code if it was the grant's, and run again.")
}
