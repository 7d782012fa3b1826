package removal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// maxReturnAge is how long after the delete request a PIN that appears on the lock counts as the
// removed PIN.
const maxReturnAge = time.Hour

// AccessCode is an access code as the state has it. Unknown fields are zero.
type AccessCode struct {
	ID               string
	DeviceID         string
	Name             string
	PIN              string
	LikelyPINs       []string  // that the code may have had: what was asked for
	LikelySince      time.Time // when that was asked for
	CreatedAt        time.Time
	EndsAt           time.Time // zero for an ongoing code
	IsOffline        bool
	IsOneTimeUse     bool
	NeverSeen        bool        // no read has found it since the create
	UpdateCheckpoint Checkpoint  // of an unproven update that reduced access
	Prior            PriorAccess // earlier PINs and locks that may still work
	Keep             []string    // IDs of other codes that must not be deleted, whatever Seam answers, and may have the PIN
}

// codes is the state that the targets of one access code's removal share.
type codes struct {
	*state
	AccessCode
	pins       []string
	pinRelease *seam.PINRelease
	seen       bool // the code itself, in this run
}

// addPIN adds a PIN that must not be left on the locks.
func (c *codes) addPIN(pin string) {
	if isReadable(pin) && !slices.Contains(c.pins, pin) {
		c.pins = append(c.pins, pin)
		c.AddSecret(pin)
		c.pinRelease.AddPIN(pin)
	}
}

// codeIDs returns the IDs of the access codes to remove.
func (c *codes) codeIDs() []string {
	if c.Checkpoint.BackupCodeID == "" {
		return []string{c.ID}
	}
	return []string{c.ID, c.Checkpoint.BackupCodeID}
}

// deviceIDs returns the locks where the code is or was, the one in the state first.
func (c *codes) deviceIDs() []string {
	return uniqueDeviceIDs(c.DeviceID, c.Checkpoint.OtherDeviceIDs, c.Prior.DeviceIDs)
}

func uniqueDeviceIDs(first string, others ...[]string) []string {
	all := []string{first}
	for _, id := range slices.Concat(others...) {
		if !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

// record updates the checkpoint from a read of one of the codes: its lock, whether it is on the
// lock, and its backup code.
func (c *codes) record(id string, code seam.AccessCode) {
	c.Checkpoint.LeftBeforeRequest = c.Checkpoint.LeftBeforeRequest || c.changedBeforeRequest(id, code)
	c.recordDevice(code)
	if id != c.ID {
		return // what follows is about the code, not about its backup code
	}
	c.Checkpoint.WasOnLock = c.Checkpoint.WasOnLock || code.Status == "set" // removing says nothing about that
	if code.PulledBackupAccessCodeID != "" && !slices.Contains(c.Keep, code.PulledBackupAccessCodeID) {
		c.Checkpoint.BackupCodeID = code.PulledBackupAccessCodeID
	}
}

// changedBeforeRequest reports whether a read shows that the code was changed, or its removal
// requested, by somebody else or by a run that was killed. The entries on the lock are then not
// a valid baseline.
func (c *codes) changedBeforeRequest(id string, code seam.AccessCode) bool {
	changed := id == c.ID && c.PIN != "" && code.Code != "" && code.Code != c.PIN
	return changed || c.Checkpoint.RequestedAt.IsZero() && code.BeingRemoved()
}

// recordDevice records and warns that Seam reports the code on another lock than the state.
func (c *codes) recordDevice(code seam.AccessCode) {
	if code.DeviceID == "" || slices.Contains(c.deviceIDs(), code.DeviceID) {
		return
	}
	id := seam.SanitizeID(code.DeviceID)
	c.Checkpoint.OtherDeviceIDs = append(c.Checkpoint.OtherDeviceIDs, id)
	c.Warn("Access code is on another lock", fmt.Sprintf("The state has access code %s on lock %s, but Seam reports it on lock %s. Both locks are checked.", c.ID, c.DeviceID, id))
}

// Begin lets writes of the same PIN in this run wait for the removal.
func (c *codes) Begin() (end func(error)) {
	c.pinRelease = c.BeginPINRelease(c.DeviceID, c.ID, c.pins)
	return c.pinRelease.Finish
}

func (c *codes) AcquireWrite(ctx context.Context) (func(), error) {
	return c.Client.AcquireWrite(ctx, c.DeviceID, seam.WriteDelete)
}

func (c *codes) Before(ctx context.Context) []string {
	return c.ListUnmanagedIDs(ctx, c.deviceIDs())
}

// newLockCheck returns the lock check for the codes. If an entry may have been left on the lock
// since the code was created, only entries older than the code pass as a baseline.
func (c *codes) newLockCheck(sinceCreated bool) lockCheck {
	k := lockCheck{
		workspaceID: c.WorkspaceID, codeIDs: c.codeIDs(), ownIDs: c.Keep, pins: c.pins, likelyPINs: c.LikelyPINs, likelySince: c.LikelySince,
		residualIDs: slices.Concat(c.Checkpoint.ResidualIDs, c.UpdateCheckpoint.ResidualIDs),
		baselines:   slices.Concat(c.Checkpoint.baselines(c.CreatedAt), c.UpdateCheckpoint.baselines(c.CreatedAt), c.Prior.baseline(c.CreatedAt)),
	}
	if len(k.baselines) == 0 || sinceCreated {
		k.baselines = append(k.baselines, baseline{at: c.CreatedAt})
	}
	if c.UpdateCheckpoint.Unfinished() && !c.UpdateCheckpoint.PINKept && (c.PIN == "" || c.UpdateCheckpoint.PINLost || !c.sawOtherPIN()) {
		k.unknownPINSince = c.UpdateCheckpoint.since(c.CreatedAt)
	}
	return k
}

// sawOtherPIN reports whether a PIN is known that was not in the state, as that of an update
// which is not proven.
func (c *codes) sawOtherPIN() bool {
	return slices.ContainsFunc(c.pins, func(pin string) bool { return pin != c.PIN && !slices.Contains(c.Prior.PINs, pin) })
}

// checkLocks makes the check on every lock. What it finds to be left of the code and can be
// deleted is in its error.
func (c *codes) checkLocks(ctx context.Context, k lockCheck) (Evidence, error) {
	found, err := k.runOn(ctx, c.Client, c.deviceIDs())
	found.Grade = GradeLock
	found.Compared = err == nil && len(c.pins) > 0 && found.NotCompared == 0
	if residual, ok := errors.AsType[*ResidualError](err); ok {
		for _, entry := range residual.entries {
			if !entry.CannotDelete && (slices.Contains(k.codeIDs, entry.ID) || c.isReturned(entry)) {
				residual.Returned = append(residual.Returned, &unmanagedCode{codes: c, id: entry.ID})
			}
		}
	}
	return found, err
}

// isReturned reports whether an entry certainly is the removed PIN: it has exactly that PIN and
// appeared after the delete request. Any other entry may belong to somebody else.
func (c *codes) isReturned(entry seam.AccessCode) bool {
	m := c.Checkpoint
	exactly := func(pin string) bool { return seam.NumericPIN.MatchString(pin) && stripSeparators(entry.Code) == pin }
	return m.UnmanagedBefore != nil && !slices.Contains(m.UnmanagedBefore, entry.ID) &&
		c.Now().Sub(m.RequestedAt) <= maxReturnAge && slices.ContainsFunc(c.pins, exactly)
}

// Caveats returns warnings if the PIN was not compared, or still opens the lock through another
// code.
func (c *codes) Caveats(ctx context.Context) []Caveat {
	var caveats []Caveat
	same, err := codesWithPIN(ctx, c.Client, c.DeviceID, c.pins, c.codeIDs())
	if err != nil {
		caveats = append(caveats, Caveat{"Other access codes not compared", fmt.Sprintf("Access code %s is removed. Checking whether another access code of this workspace has the same PIN on lock %s failed: %v\n\nLook at the codes of that lock, in the Seam console or with data.seam_access_codes.", c.ID, c.DeviceID, err)})
	}
	if len(same) > 0 {
		caveats = append(caveats, Caveat{"Another access code has the same PIN", fmt.Sprintf("Access code %s is removed, but the PIN still opens lock %s through access code %s. If it must stop working, delete that one as well.", c.ID, c.DeviceID, strings.Join(same, ", "))})
	}
	if len(c.pins) == 0 {
		caveats = append(caveats, Caveat{"Removal verified without comparing PINs", c.noPINDetail()})
	}
	return caveats
}

// sharedPIN says which other managed codes have the PIN, as far as the check has seen them.
func (c *codes) sharedPIN(ctx context.Context) string {
	same, err := codesWithPIN(ctx, c.Client, c.DeviceID, c.pins, c.codeIDs())
	if err != nil || len(same) == 0 {
		return ""
	}
	return fmt.Sprintf(" But its PIN still opens lock %s, through access code %s.", c.DeviceID, seam.JoinLimited(same))
}

// noPINDetail explains what a proof is based on if no PIN is known.
func (c *codes) noPINDetail() string {
	others := slices.DeleteFunc(slices.Clone(c.Checkpoint.UnmanagedBefore), func(id string) bool { return id == c.ID })
	if len(others) > 0 {
		return fmt.Sprintf("Access code %s is off lock %s, but its PIN was never known. No unmanaged code has appeared on the lock since. Unmanaged codes that were there before may remain: %s. Whether one of them has the same PIN is unknown.", c.ID, c.DeviceID, seam.JoinLimited(others))
	}
	return fmt.Sprintf("Access code %s was already gone when it was read, or never had a readable PIN. No unmanaged code has appeared on lock %s since it was created, so none has its PIN.", c.ID, c.DeviceID)
}

// delete requests the deletion of a code. A code that is already gone is no error.
func (c *codes) delete(ctx context.Context, id string, unmanaged bool) (attemptID string, err error) {
	if slices.Contains(c.Keep, id) {
		return "", seam.WrapAdvice(ErrRefused, fmt.Sprintf("Access code %s is to be kept, and was not deleted.", id), "Run again.")
	}
	attemptID, err = c.RequestAccessCodeDeletion(ctx, id, unmanaged)
	if seam.IsType(err, "access_code_not_found", "not_found") {
		err = nil
	}
	return attemptID, err
}

// look reads a code. Codes with a time window are read without the cache, which could miss a
// backup code that was pulled recently.
func (c *codes) look(ctx context.Context, id string, o seam.LookupOptions) (Lookup, seam.AccessCode, error) {
	if !c.EndsAt.IsZero() {
		o.MaxAge = 0
	}
	o.DeviceID = c.DeviceID
	seen, err := c.LookUpAccessCode(ctx, id, o)
	out := Lookup{Gone: seen.Gone, At: seen.At, Removing: seen.Code.BeingRemoved()}
	if err == nil && seen.Gone {
		proof := proofOf("/access_codes/get "+id, seen.ResponseMeta, "no such access code")
		out.Proof = &proof
	}
	return out, seen.Code, err
}

// diagnose describes the status of a code and its lock, one line each. Failed reads are omitted.
func (c *codes) diagnose(ctx context.Context, id string, unmanaged bool) []string {
	var lines []string
	if seen, err := c.LookUpAccessCode(ctx, id, seam.LookupOptions{Unmanaged: unmanaged}); err == nil && !seen.Gone {
		lines = append(lines, "Status of the code: "+c.Redact(seen.Code.Status)+".")
		lines = append(lines, c.DescribeIssues(seen.Code)...)
	}
	if d, _, err := c.GetLockDevice(ctx, c.DeviceID); err == nil && d.Properties.Online != nil && !*d.Properties.Online {
		lines = append(lines, "The lock is offline.")
	}
	return lines
}
