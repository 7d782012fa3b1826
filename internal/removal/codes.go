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

// maxReturnAge is how long after its deletion was asked for a PIN that appears on the lock
// counts as the removed one that came back.
const maxReturnAge = time.Hour

// AccessCode is an access code as the state knows it. What is not known is zero.
type AccessCode struct {
	ID               string
	DeviceID         string
	Name             string
	PIN              string
	CreatedAt        time.Time
	EndsAt           time.Time // zero for an ongoing code
	IsOffline        bool
	NeverSeen        bool        // Seam has not found it since it was created
	UpdateCheckpoint Checkpoint  // of an update that took access away and is not proven
	Prior            PriorAccess // what may still open the door besides the code as it is
}

// codes are what the removal of one access code has to do with on its locks.
type codes struct {
	*state
	AccessCode
	pins       []string
	pinRelease *seam.PINRelease
	seen       bool // the code itself, in this run
}

// addPIN keeps a PIN to look for.
func (c *codes) addPIN(pin string) {
	if pin != "" && !slices.Contains(c.pins, pin) {
		c.pins = append(c.pins, pin)
		c.AddSecret(pin)
		c.pinRelease.AddPIN(pin)
	}
}

// codeIDs are the access codes to be removed.
func (c *codes) codeIDs() []string {
	if c.Checkpoint.BackupCodeID == "" {
		return []string{c.ID}
	}
	return []string{c.ID, c.Checkpoint.BackupCodeID}
}

// deviceIDs are the locks where the code is or was, the one in the state first.
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

// record keeps what a look at one of the codes shows: its lock, and whether a backup code
// stands in for it.
func (c *codes) record(id string, code seam.AccessCode) {
	c.Checkpoint.LeftBeforeRequest = c.Checkpoint.LeftBeforeRequest || c.changedBeforeRequest(id, code)
	c.recordDevice(code)
	if _, asked := c.Checkpoint.DeleteRequests[id]; !asked { // afterwards any code is removing
		c.Checkpoint.WasOnLock = c.Checkpoint.WasOnLock || code.OnLock()
	}
	if id == c.ID && code.PulledBackupAccessCodeID != "" {
		c.Checkpoint.BackupCodeID = code.PulledBackupAccessCodeID
	}
}

// changedBeforeRequest reports whether a look shows that the code was changed, or its removal
// asked for, by somebody else or by a run that was killed. What is on the lock now is then
// not what was there before.
func (c *codes) changedBeforeRequest(id string, code seam.AccessCode) bool {
	changed := id == c.ID && c.PIN != "" && code.Code != "" && code.Code != c.PIN
	return changed || c.Checkpoint.RequestedAt.IsZero() && code.BeingRemoved()
}

// recordDevice takes in that Seam says the code is on another lock than the state.
func (c *codes) recordDevice(code seam.AccessCode) {
	if code.DeviceID == "" || slices.Contains(c.deviceIDs(), code.DeviceID) {
		return
	}
	id := seam.SanitizeID(code.DeviceID)
	c.Checkpoint.OtherDeviceIDs = append(c.Checkpoint.OtherDeviceIDs, id)
	c.Warn("Access code is on another lock", fmt.Sprintf("The state has access code %s on lock %s, and Seam says that it is on lock %s. Both locks are checked.", c.ID, c.DeviceID, id))
}

// Begin tells writes of the same PIN that it is going to be free.
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

// newLockCheck is what has to be off the locks. If an entry may have been there since the
// code was made, what was there later excuses nothing.
func (c *codes) newLockCheck(sinceCreated bool) lockCheck {
	k := lockCheck{
		workspaceID: c.WorkspaceID, codeIDs: c.codeIDs(), pins: c.pins,
		residualIDs: slices.Concat(c.Checkpoint.ResidualIDs, c.UpdateCheckpoint.ResidualIDs),
		baselines:   slices.Concat(c.Checkpoint.baselines(c.CreatedAt), c.UpdateCheckpoint.baselines(c.CreatedAt), c.Prior.baseline(c.CreatedAt)),
	}
	if len(k.baselines) == 0 || sinceCreated {
		k.baselines = append(k.baselines, baseline{at: c.CreatedAt})
	}
	if c.UpdateCheckpoint.Unfinished() && (c.PIN == "" || c.UpdateCheckpoint.PINLost || !c.sawOtherPIN()) {
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

// isReturned reports whether an entry certainly is the removed PIN: it is exactly that PIN,
// and appeared after its removal was asked for. Anything else may be somebody else's.
func (c *codes) isReturned(entry seam.AccessCode) bool {
	m := c.Checkpoint
	exactly := func(pin string) bool { return seam.NumericPIN.MatchString(pin) && stripSeparators(entry.Code) == pin }
	return m.UnmanagedBefore != nil && !slices.Contains(m.UnmanagedBefore, entry.ID) &&
		c.Now().Sub(m.RequestedAt) <= maxReturnAge && slices.ContainsFunc(c.pins, exactly)
}

// Caveats are that the PIN was not compared, or opens the lock through another code.
func (c *codes) Caveats(ctx context.Context) []Caveat {
	var caveats []Caveat
	same, err := codesWithPIN(ctx, c.Client, c.DeviceID, c.pins, c.codeIDs())
	if err != nil {
		caveats = append(caveats, Caveat{"Other access codes not compared", fmt.Sprintf("Access code %s is removed. Whether another access code of this workspace has the same PIN on lock %s could not be seen: %v", c.ID, c.DeviceID, err)})
	}
	if len(same) > 0 {
		caveats = append(caveats, Caveat{"Another access code has the same PIN", fmt.Sprintf("Access code %s is removed, but the PIN still opens lock %s through access code %s.", c.ID, c.DeviceID, strings.Join(same, ", "))})
	}
	if len(c.pins) == 0 {
		caveats = append(caveats, Caveat{"Removal verified without comparing PINs", c.noPINDetail()})
	}
	return caveats
}

// noPINDetail says what a proof rests on if no PIN is known.
func (c *codes) noPINDetail() string {
	others := slices.DeleteFunc(slices.Clone(c.Checkpoint.UnmanagedBefore), func(id string) bool { return id == c.ID })
	if len(others) > 0 {
		return fmt.Sprintf("Access code %s is off lock %s, and its PIN was never seen. No unmanaged code has appeared on the lock since, but those that were there before may stay: %s. Whether one of them has the same PIN cannot be seen.", c.ID, c.DeviceID, seam.JoinLimited(others))
	}
	return fmt.Sprintf("Access code %s was gone when it was looked at, or never showed its PIN. No unmanaged code has appeared on lock %s since it was created, so none is its PIN.", c.ID, c.DeviceID)
}

// delete asks for the deletion of a code.
func (c *codes) delete(ctx context.Context, id string, unmanaged bool) (attemptID string, err error) {
	attemptID, err = c.RequestAccessCodeDeletion(ctx, id, unmanaged)
	if seam.IsType(err, "access_code_not_found", "not_found") {
		err = nil
	}
	return attemptID, err
}

// look asks for a code. A code with a stay is asked for at this moment: a backup code that
// was pulled for it since would be missed.
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

// diagnose tells how a code and its lock are.
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
