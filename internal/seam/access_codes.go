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
	IsBackup                      bool       `json:"is_backup"` // in the lock's backup pool
	IsScheduledOnDevice           bool       `json:"is_scheduled_on_device"`
	IsWaitingForCodeAssignment    bool       `json:"is_waiting_for_code_assignment"`
	PulledBackupAccessCodeID      string     `json:"pulled_backup_access_code_id"`
	PendingMutations              []Mutation `json:"pending_mutations"`
	Errors                        []Issue    `json:"errors"`
	Warnings                      []Issue    `json:"warnings"`
	CannotBeManaged               bool       `json:"cannot_be_managed"`                   // unmanaged codes only
	CannotDelete                  bool       `json:"cannot_delete_unmanaged_access_code"` // unmanaged codes only

	malformed []string // fields of the answer that could not be read
}

// Mutation is a change that the lock has not confirmed yet.
type Mutation struct {
	Code      string     `json:"mutation_code"`
	CreatedAt Timestamp  `json:"created_at"`
	From      mutatedPIN `json:"from"`
	To        mutatedPIN `json:"to"`
}

// mutatedPIN is the PIN before or after a mutation; empty if it is not about the PIN.
type mutatedPIN string

// UnmarshalJSON never fails: what cannot be read here must not hide the mutation.
func (p *mutatedPIN) UnmarshalJSON(data []byte) error {
	var side struct {
		Code string `json:"code"`
	}
	_ = json.Unmarshal(data, &side)
	*p = mutatedPIN(side.Code)
	return nil
}

// Issue is an error or a warning of a code or a device.
type Issue struct {
	ErrorCode   string    `json:"error_code"`
	WarningCode string    `json:"warning_code"`
	Message     string    `json:"message"`
	CreatedAt   Timestamp `json:"created_at"`
}

// Code returns the error code or the warning code.
func (i Issue) Code() string { return i.ErrorCode + i.WarningCode }

// Remedy says how to fix the issue. It is empty if no remedy is known.
func (i Issue) Remedy() string { return remedies[i.Code()] }

// Timestamp is a time in a response. It is zero if absent or invalid.
type Timestamp struct{ time.Time }

// UnmarshalJSON never fails: an invalid time must not make the whole object unreadable.
func (t *Timestamp) UnmarshalJSON(data []byte) error {
	var text string
	t.Time = time.Time{}
	if json.Unmarshal(data, &text) == nil {
		t.Time, _ = ParseTime(text)
	}
	return nil
}

// ParseTime parses an RFC 3339 time and truncates it to milliseconds, Seam's resolution.
func ParseTime(text string) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339Nano, text)
	return at.UTC().Truncate(time.Millisecond), err == nil
}

// IsUnmanaged reports whether Seam marks the code as unmanaged.
func (a *AccessCode) IsUnmanaged() bool { return a.IsManaged != nil && !*a.IsManaged }

// PINs are the PIN of the code, and those before and after changes that the lock has not
// confirmed; none if its own is not known.
func (a *AccessCode) PINs() []string {
	if a.Code == "" {
		return nil
	}
	pins := []string{a.Code}
	for _, m := range a.PendingMutations {
		for _, pin := range []string{string(m.From), string(m.To)} {
			if pin != "" && !slices.Contains(pins, pin) {
				pins = append(pins, pin)
			}
		}
	}
	return pins
}

// OnLock reports whether the lock has, or may have, the PIN.
func (a *AccessCode) OnLock() bool { return a.Status == "set" || a.Status == "removing" }

// BeingRemoved reports whether Seam is already removing the code from the lock.
func (a *AccessCode) BeingRemoved() bool {
	return a.Status == "removing" || slices.ContainsFunc(a.Warnings, func(w Issue) bool { return w.WarningCode == "being_deleted" })
}

// track records that this run knows the code, and normalizes it.
func (c *Client) track(code *AccessCode) {
	c.trackedIDs.Store(code.ID, nil)
	c.normalize(code)
}

// normalize prepares a code for display: it registers the PIN for redaction, redacts issues and
// fills in the workspace ID.
func (c *Client) normalize(code *AccessCode) {
	c.redactor.add(code.Code)
	for _, m := range code.PendingMutations {
		c.redactor.add(string(m.From))
		c.redactor.add(string(m.To))
	}
	c.storeName(code.ID, code.Name)
	if code.WorkspaceID == "" {
		code.WorkspaceID = c.workspace.known()
	}
	code.Errors, code.Warnings = slices.Clone(code.Errors), slices.Clone(code.Warnings) // the list is shared with other readers
	c.redactIssues(code.Errors)
	c.redactIssues(code.Warnings)
}

// redactIssues redacts issues in place.
func (c *Client) redactIssues(issues []Issue) {
	for i := range issues {
		issues[i].ErrorCode, issues[i].WarningCode = c.redactor.redact(issues[i].ErrorCode), c.redactor.redact(issues[i].WarningCode)
		issues[i].Message = c.redactor.redact(issues[i].Message)
	}
}

// UnmanagedError says that a code in the state is on the lock but no longer managed.
type UnmanagedError struct{ *AdviceError }

func (e *UnmanagedError) Unwrap() error { return e.AdviceError }

// NewUnmanagedError returns an [UnmanagedError] for the code. It matches [ErrNotObservable].
func NewUnmanagedError(id string) error {
	return &UnmanagedError{WrapAdvice(ErrNotObservable,
		fmt.Sprintf("Access code %s is on the lock but no longer managed by this workspace. It may still open the door.", id),
		"Apply makes it managed again, with the same id and PIN. Destroy removes it from the lock.")}
}

// IsUnmanagedError reports whether err is an [UnmanagedError].
func IsUnmanagedError(err error) bool {
	_, unmanaged := errors.AsType[*UnmanagedError](err)
	return unmanaged
}

type accessCodePage struct {
	AccessCodes []AccessCode `json:"access_codes"`
	pagination
}

func (p *accessCodePage) items() ([]AccessCode, pagination) { return p.AccessCodes, p.pagination }

// ListAccessCodes lists managed codes, all pages. Callers must filter the result again: servers
// may ignore the filter.
func (c *Client) ListAccessCodes(ctx context.Context, filter map[string]any) (ResponseMeta, []AccessCode, error) {
	return c.addListedPINs(listAll(ctx, c, "/access_codes/list", filter, (*accessCodePage).items))
}

// listUnmanaged lists all unmanaged codes on a lock.
func (c *Client) listUnmanaged(ctx context.Context, deviceID string) (ResponseMeta, []AccessCode, error) {
	return c.addListedPINs(listAll(ctx, c, "/access_codes/unmanaged/list", map[string]any{"device_id": deviceID}, (*accessCodePage).items))
}

// addListedPINs registers the PINs in a list for redaction.
func (c *Client) addListedPINs(a ResponseMeta, codes []AccessCode, err error) (ResponseMeta, []AccessCode, error) {
	for _, code := range codes {
		c.redactor.add(code.Code)
	}
	return a, codes, err
}
