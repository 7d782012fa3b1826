package seam

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// AccessCode is a PIN on a lock, as Seam reports it.
type AccessCode struct {
	ID                            string     `json:"access_code_id"`
	DeviceID                      string     `json:"device_id"`
	WorkspaceID                   string     `json:"workspace_id"`
	Name                          string     `json:"name"`
	Code                          string     `json:"code"` // empty while Seam has not assigned one
	Type                          string     `json:"type"` // ongoing or time_bound
	Status                        string     `json:"status"`
	StartsAt                      Timestamp  `json:"starts_at"`
	EndsAt                        Timestamp  `json:"ends_at"`
	CreatedAt                     Timestamp  `json:"created_at"`
	IsManaged                     *bool      `json:"is_managed"`
	IsExternalModificationAllowed bool       `json:"is_external_modification_allowed"`
	IsOfflineAccessCode           bool       `json:"is_offline_access_code"`
	IsOneTimeUse                  bool       `json:"is_one_time_use"`
	CommonCodeKey                 string     `json:"common_code_key"`
	IsBackup                      bool       `json:"is_backup"` // a spare of the lock's pool
	IsScheduledOnDevice           bool       `json:"is_scheduled_on_device"`
	IsWaitingForCodeAssignment    bool       `json:"is_waiting_for_code_assignment"`
	PulledBackupAccessCodeID      string     `json:"pulled_backup_access_code_id"`
	PendingMutations              []Mutation `json:"pending_mutations"`
	Errors                        []Issue    `json:"errors"`
	Warnings                      []Issue    `json:"warnings"`
	CannotBeManaged               bool       `json:"cannot_be_managed"`                   // unmanaged codes only
	CannotDelete                  bool       `json:"cannot_delete_unmanaged_access_code"` // unmanaged codes only

	garbled []string // fields of the answer that could not be read
}

// Mutation is a change that the lock has not confirmed yet.
type Mutation struct {
	Code      string    `json:"mutation_code"`
	CreatedAt Timestamp `json:"created_at"`
}

// Issue is one of the errors or warnings that Seam keeps on a code or a device.
type Issue struct {
	ErrorCode   string    `json:"error_code"`
	WarningCode string    `json:"warning_code"`
	Message     string    `json:"message"`
	CreatedAt   Timestamp `json:"created_at"`
}

// Code is what kind of issue it is.
func (i Issue) Code() string { return i.ErrorCode + i.WarningCode }

// Remedy is what helps against it; empty if we do not know.
func (i Issue) Remedy() string { return remedies[i.Code()] }

// Timestamp is a time in an answer. What is absent or no time is zero.
type Timestamp struct{ time.Time }

// UnmarshalJSON never fails: a time that cannot be read must not hide the object.
func (t *Timestamp) UnmarshalJSON(data []byte) error {
	var text string
	t.Time = time.Time{}
	if json.Unmarshal(data, &text) == nil {
		t.Time, _ = ParseTime(text)
	}
	return nil
}

// ParseTime reads an RFC 3339 time. Seam keeps milliseconds, so that is what counts.
func ParseTime(text string) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339Nano, text)
	return at.UTC().Truncate(time.Millisecond), err == nil
}

// unmanaged reports whether Seam says that the code is not one of ours.
func (a *AccessCode) unmanaged() bool { return a.IsManaged != nil && !*a.IsManaged }

// onLock reports whether the lock has, or may have, the PIN.
func (a *AccessCode) onLock() bool { return a.Status == "set" || a.Status == "removing" }

// BeingRemoved reports whether Seam is already taking the code off the lock.
func (a *AccessCode) BeingRemoved() bool {
	return a.Status == "removing" || slices.ContainsFunc(a.Warnings, func(w Issue) bool { return w.WarningCode == "being_deleted" })
}

// sighting is what Seam says when it is asked for a code.
type sighting struct {
	code AccessCode
	gone bool // the typed answer; believed only after a lock check
	answer
}

// lookUp asks for a code that this run holds, or is to hold.
func (c *Client) lookUp(ctx context.Context, id string) (sighting, error) {
	seen, err := c.glimpse(ctx, id)
	if err == nil && !seen.gone {
		c.know(&seen.code)
	}
	return seen, err
}

// glimpse asks for a code. It alone decides what counts as gone: the error envelope of
// type access_code_not_found, or not_found with the id absent from a list of just that
// id. Every other failure is an error.
func (c *Client) glimpse(ctx context.Context, id string) (sighting, error) {
	var out struct {
		AccessCode AccessCode `json:"access_code"`
	}
	a, err := c.postFor(ctx, "/access_codes/get", id, &out)
	switch {
	case isMissing(err, "access_code_not_found"):
		return sighting{gone: true, answer: a}, nil
	case isMissing(err, "not_found"):
		return c.lookUpInList(ctx, id, err)
	case err != nil:
		return sighting{}, err
	case out.AccessCode.faultFor(id) != "":
		return sighting{}, &Error{Path: "/access_codes/get", Status: 200, RequestID: a.requestID, Message: out.AccessCode.faultFor(id)}
	case out.AccessCode.unmanaged():
		return sighting{}, codeUnmanaged(id)
	}
	return sighting{code: out.AccessCode, answer: a}, nil
}

// postFor asks something about one access code. A "not found" that is not about it is
// not taken for one.
func (c *Client) postFor(ctx context.Context, path, id string, out any) (answer, error) {
	a, err := c.post(ctx, path, map[string]string{"access_code_id": id}, out)
	return a, aboutCode(id, err)
}

// know keeps in mind that a code exists and is known, and completes it.
func (c *Client) know(code *AccessCode) {
	c.held.Store(code.ID, nil)
	c.complete(code)
}

// complete makes a code fit to be shown.
func (c *Client) complete(code *AccessCode) {
	c.secrets.add(code.Code)
	c.noteName(code.ID, code.Name)
	if code.WorkspaceID == "" {
		code.WorkspaceID = c.workspace.known()
	}
	code.Errors, code.Warnings = slices.Clone(code.Errors), slices.Clone(code.Warnings) // others may be looking at the same list
	c.clean(code.Errors)
	c.clean(code.Warnings)
}

// clean scrubs issues in place.
func (c *Client) clean(issues []Issue) {
	for i := range issues {
		issues[i].ErrorCode, issues[i].WarningCode = c.secrets.scrub(issues[i].ErrorCode), c.secrets.scrub(issues[i].WarningCode)
		issues[i].Message = c.secrets.scrub(issues[i].Message)
	}
}

// lookUpInList settles an answer that could mean a missing code as well as a missing
// anything.
func (c *Client) lookUpInList(ctx context.Context, id string, doubt error) (sighting, error) {
	a, listed, err := c.listAccessCodes(ctx, map[string]any{"access_code_ids": []string{id}})
	if err != nil {
		return sighting{}, because(err, fmt.Sprintf("Seam answers not_found for access code %s (%v), and listing it, to tell whether that is so, failed: %v", id, doubt, err), Advice(err, "Run again."))
	}
	if slices.ContainsFunc(listed, func(code AccessCode) bool { return code.ID == id }) {
		return sighting{}, because(doubt, fmt.Sprintf("Seam answers not_found for access code %s and lists it all the same: %v", id, doubt), "Run again; if it stays so, ask Seam's support with the request id.")
	}
	return sighting{gone: true, answer: a}, nil
}

// BecameUnmanaged says that a code of ours is on the lock and no longer managed.
type BecameUnmanaged struct{ *Problem }

func (e *BecameUnmanaged) Unwrap() error { return e.Problem }

func codeUnmanaged(id string) error {
	return &BecameUnmanaged{because(ErrOutOfSight,
		fmt.Sprintf("Access code %s is on the lock but no longer managed by this workspace. It may still open the door.", id),
		"Apply takes it back: it becomes managed again, with the same id and PIN. Destroy removes it from the lock.")}
}

func isUnmanaged(err error) bool {
	_, unmanaged := errors.AsType[*BecameUnmanaged](err)
	return unmanaged
}

type accessCodePage struct {
	AccessCodes []AccessCode `json:"access_codes"`
	pagination
}

func (p *accessCodePage) take() ([]AccessCode, pagination) { return p.AccessCodes, p.pagination }

// listAccessCodes fetches all pages. The filter is not to be trusted: callers filter
// again.
func (c *Client) listAccessCodes(ctx context.Context, filter map[string]any) (answer, []AccessCode, error) {
	return c.learned(pages(ctx, c, "/access_codes/list", filter, (*accessCodePage).take))
}

// listUnmanaged fetches all codes on a lock that this workspace does not manage.
func (c *Client) listUnmanaged(ctx context.Context, deviceID string) (answer, []AccessCode, error) {
	return c.learned(pages(ctx, c, "/access_codes/unmanaged/list", map[string]any{"device_id": deviceID}, (*accessCodePage).take))
}

// learned makes the PINs in a list secrets.
func (c *Client) learned(a answer, codes []AccessCode, err error) (answer, []AccessCode, error) {
	for _, code := range codes {
		c.secrets.add(code.Code)
	}
	return a, codes, err
}
