package provider

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// killedRun is a run whose process is killed after it did its work: the state is as before.
func (c *chaos) killedRun(k *chaosResource, what string, do func()) {
	c.count("kill in " + what)
	c.note("kill -9 in %s of %s", what, k.id())
	state, private, identity := k.State.Copy(), k.Private, k.Identity
	do()
	c.noteSentPIN(k)
	k.State, k.Private, k.Identity = state, private, identity
}

// canKill reports whether the state holds all that is needed to find out later what a
// killed update has done: the PIN that the code has now.
func (c *chaos) canKill(k *chaosResource) bool {
	now, ok := c.seam.AccessCode(k.id())
	return ok && k.attribute("code") == any(now.PIN) && !strings.Contains(privateStateText(c.t, k.Private), "asked_at")
}

// changeOutside is what people do to a code past Terraform.
func (c *chaos) changeOutside(k *chaosResource) {
	if k.State.IsNull() {
		return
	}
	id := k.id()
	switch c.IntN(7) {
	case 4:
		c.moveCode(k)
		return
	case 5:
		c.rotateOutside(k)
		return
	case 6:
		if k.attribute("removal") != nil {
			return // Seam has other events for what it does not manage
		}
		c.note("somebody takes access code %s out of Seam's care", id)
		c.count("unmanaged outside")
		c.seam.UnmanageAccessCode(id)
		return
	}
	switch c.IntN(4) {
	case 0:
		c.note("somebody removes access code %s", id)
		c.seam.RemoveAccessCode(id)
	case 1:
		c.note("somebody renames access code %s", id)
		c.seam.ChangeAccessCode(id, func(code *seamtest.AccessCode) { code.Name = "Somebody" })
	case 2:
		c.pins++
		c.note("somebody changes the PIN of access code %s", id)
		c.seam.ChangeAccessCode(id, func(code *seamtest.AccessCode) { code.PIN = fmt.Sprint(5000 + c.pins) })
	default:
		c.note("somebody adds a code of their own with a masked PIN, then removes it")
		neighbour := k.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Neighbour", PIN: "99887", Masked: true})
		if c.IntN(2) == 0 {
			advanceClock(time.Minute)
		}
		c.seam.RemoveUnmanagedAccessCode(neighbour)
	}
}

// pullBackup gives a time-bound code a backup code at times. The provider learns of it when it reads the code.
func (c *chaos) pullBackup(k *chaosResource) {
	if k.State.IsNull() || c.IntN(2) == 0 {
		return
	}
	id := k.id()
	backup := c.seam.PullBackupAccessCode(id)
	if backup == "" {
		return
	}
	c.backups[backup] = id
	c.count("backup code")
	c.note("somebody pulls backup code %s for access code %s", backup, id)
}

// removeBackups removes the backup codes of an access code.
func (c *chaos) removeBackups(id string) {
	for backup, of := range c.backups {
		if of == id {
			c.seam.RemoveAccessCode(backup)
		}
	}
}

// moveCode is a code that turns up on another lock, at times with its PIN left on the one before.
func (c *chaos) moveCode(k *chaosResource) {
	code, ok := c.seam.AccessCode(k.id())
	to := c.locks[c.IntN(2)]
	if !ok || code.DeviceID == to.ID || code.Status != "set" {
		return
	}
	from := c.seam.Device(code.DeviceID)
	c.count("move")
	c.note("access code %s moves from the %s to the %s", code.ID, from.Name, to.Name)
	c.seam.MoveAccessCode(code.ID, to)
	if c.IntN(2) == 0 && code.PIN != "" {
		c.note("its PIN stays on the %s", from.Name)
		from.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: code.PIN})
	}
}

// rotateOutside is another PIN that somebody gives a code, with the old one left behind.
// It can be found only if the state knows the old one.
func (c *chaos) rotateOutside(k *chaosResource) {
	code, ok := c.seam.AccessCode(k.id())
	if !ok || code.Status != "set" || k.attribute("code") != any(code.PIN) {
		return
	}
	c.pins++
	c.count("rotation outside")
	c.note("somebody changes the PIN of access code %s, and the old one stays", code.ID)
	c.seam.ChangeAccessCode(code.ID, func(code *seamtest.AccessCode) { code.PIN = fmt.Sprint(5000 + c.pins) })
	c.seam.Device(code.DeviceID).AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: code.PIN})
}

// unmanagedOnLocks are the unmanaged codes that are on the locks now.
func (c *chaos) unmanagedOnLocks() (ids []string) {
	for _, lock := range c.locks {
		ids = append(ids, lock.UnmanagedAccessCodeIDs()...)
	}
	return ids
}

// requireRemovalTried fails if a destroy gives up because of a PIN that came back after it asked, and
// has not tried to take that off as well.
func (c *chaos) requireRemovalTried(before []string, said string) {
	if !strings.Contains(said, "still lists the PIN") {
		return
	}
	tried := false
	for _, r := range c.seam.Requests() {
		tried = tried || r.Path == strayDeletePath
	}
	for _, id := range c.unmanagedOnLocks() {
		if !slices.Contains(before, id) && strings.Contains(said, id) && !tried {
			c.t.Errorf("the PIN came back as unmanaged access code %s, and destroy left it there", id)
		}
	}
}

// stillPending reports whether the attempt that a code's private state records is at work.
func (c *chaos) stillPending(k *chaosResource) bool {
	memory := struct {
		Asks map[string]struct {
			At      time.Time `json:"asked_at"`
			Attempt string    `json:"action_attempt_id"`
		} `json:"asks"`
	}{}
	var kept map[string][]byte
	if json.Unmarshal(k.Private, &kept) != nil || json.Unmarshal(kept["removal"], &memory) != nil {
		return false
	}
	ask := memory.Asks[k.id()]
	if ask.Attempt == "" || time.Since(ask.At) > 50*time.Minute {
		return false
	}
	var out struct {
		ActionAttempt struct{ Status string } `json:"action_attempt"`
	}
	c.request("/action_attempts/get", map[string]string{"action_attempt_id": ask.Attempt}, &out)
	return out.ActionAttempt.Status == "pending"
}
