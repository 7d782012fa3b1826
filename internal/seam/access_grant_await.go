package seam

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// maxIssueTime is how long a new grant is watched until its PINs are on their way to the locks.
const maxIssueTime = time.Minute

// ReadGrantAccess reads the codes and the doors of a grant.
func (c *Client) ReadGrantAccess(ctx context.Context, grant AccessGrant) (AccessGrant, error) {
	var err error
	if _, grant.Codes, err = c.ListAccessCodes(ctx, map[string]any{"access_grant_id": grant.ID}); err != nil {
		return grant, err
	}
	for i := range grant.Codes {
		c.track(&grant.Codes[i])
	}
	grant.Doors, err = c.DoorsOfGrant(ctx, grant.ID)
	return grant, err
}

// AwaitAccessGrant waits until Seam has created so many of the methods that a grant asks for, and an
// access code on each lock for the mode code. It does not wait for a person who has to encode a card. If
// that does not happen in time, the grant is returned with an error that says what is missing.
func (c *Client) AwaitAccessGrant(ctx context.Context, id string, methods int) (grant AccessGrant, err error) {
	waiting, cancel := context.WithTimeout(ctx, maxIssueTime)
	defer cancel()
	missing := ""
	look := func(ctx context.Context) (bool, error) {
		now, err := AccessGrants.Get(ctx, c, Ref{ID: id})
		if err == nil {
			now, err = c.ReadGrantAccess(ctx, now)
		}
		if err != nil {
			return false, err
		}
		grant, missing = now, c.missingAccess(now, methods)
		return missing == "" || len(now.Errors) > 0, nil
	}
	done, err := look(waiting)
	if !done && err == nil {
		err = Poll(waiting, look)
	}
	if missing == "" && len(grant.Errors) == 0 {
		return grant, err
	}
	problems := []string{missing}
	for _, issue := range grant.Errors {
		problems = append(problems, c.redactor.redact(issue.ErrorCode+": "+issue.Message))
	}
	return grant, NewAdvice(fmt.Sprintf("Access grant %s does not give all the access that it asks for yet. %s", id, strings.TrimSpace(strings.Join(problems, " "))),
		"Seam keeps trying. Look at the grant in the Seam console, and run plan again later.")
}

// missingAccess describes what a grant asked for and has not got.
func (c *Client) missingAccess(grant AccessGrant, methods int) string {
	codes := false
	for _, m := range grant.RequestedMethods {
		if len(m.CreatedMethodIDs) > 0 {
			methods--
			codes = codes || m.Mode == "code"
		}
	}
	if methods > 0 {
		return "Not all access methods are there yet."
	}
	var without []string
	for _, id := range grant.Doors.DeviceIDs {
		onDoor := func(a AccessCode) bool { return a.DeviceID == id }
		if codes && !slices.ContainsFunc(grant.Codes, onDoor) && !grant.CannotHaveCode(id) {
			without = append(without, SanitizeID(id))
		}
	}
	if len(without) == 0 {
		return ""
	}
	return "There is no access code yet on lock " + JoinLimited(without) + "."
}

// CannotHaveCode reports whether Seam has left out a lock because it does not support PINs.
func (g *AccessGrant) CannotHaveCode(deviceID string) bool {
	return slices.ContainsFunc(g.Warnings, func(w GrantIssue) bool {
		return w.DeviceID == deviceID && w.WarningCode == "device_does_not_support_access_codes"
	})
}

// AwaitListedCodes lists codes until there are so many on each of the locks, or until Seam should
// show those that were created at the time given. If some are missing, it lists them at least twice, because
// one list may be out of date.
func (c *Client) AwaitListedCodes(ctx context.Context, filter map[string]any, locks []string, each int, createdAt time.Time) ([]AccessCode, error) {
	var codes []AccessCode
	look := func(ctx context.Context) (done bool, err error) {
		_, listed, err := c.ListAccessCodes(ctx, filter)
		if err != nil {
			return false, err
		}
		codes = append(slices.DeleteFunc(codes, func(a AccessCode) bool { return slices.Contains(IDsOf(listed), a.ID) }), listed...)
		onLock := map[string]int{}
		for _, code := range codes {
			onLock[code.DeviceID]++
		}
		return !slices.ContainsFunc(locks, func(id string) bool { return onLock[id] < each }), nil
	}
	done, err := look(ctx)
	if !done && err == nil {
		done, err = look(ctx)
	}
	young := c.invisibleFor(createdAt)
	if done || err != nil || young <= 0 {
		return codes, err
	}
	waiting, cancel := context.WithTimeout(ctx, young)
	defer cancel()
	if err = Poll(waiting, look); waiting.Err() != nil && ctx.Err() == nil {
		err = nil
	}
	return codes, err
}

// grantNotices are the warnings of a grant which say that a door was not given what was asked for.
var grantNotices = map[string]string{
	"device_does_not_support_access_codes": "Lock %s cannot be given PINs, so the grant does not open it with a PIN. Request another access method for it, or remove it from the grant.",
	"device_time_constraints_violated":     "Lock %s does not support the times of the grant. Choose other times, or remove the lock from the grant.",
}

// Notices describes the doors that were not given what the grant asks for.
func (g *AccessGrant) Notices() (notices []string) {
	for _, w := range g.Warnings {
		if text, known := grantNotices[w.WarningCode]; known {
			notices = append(notices, fmt.Sprintf(text, SanitizeID(w.DeviceID)))
		}
	}
	return notices
}
