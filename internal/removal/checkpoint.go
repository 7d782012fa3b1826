package removal

import (
	"errors"
	"slices"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// Checkpoint is the persisted progress of a removal or an update, for later runs. It contains no
// PIN. Times are on Seam's clock.
type Checkpoint struct {
	RequestedAt       time.Time                `json:"asked_at,omitzero"`                  // time of the first request, on Seam's clock
	UnmanagedBefore   []string                 `json:"unmanaged_before,omitzero"`          // unmanaged codes on the lock right before it; nil if they could not be listed
	DeleteRequests    map[string]DeleteRequest `json:"asks,omitempty"`                     // the latest request, by access code ID
	BackupCodeID      string                   `json:"pulled_backup_access_code,omitzero"` // an access code to be removed with this one
	WasOnLock         bool                     `json:"was_on_lock,omitempty"`
	LeftBeforeRequest bool                     `json:"left_before_ask,omitempty"`        // an entry may have been left on the lock between the create and the first request
	ResidualIDs       []string                 `json:"unmanaged_access_codes,omitempty"` // unmanaged codes that had the PIN
	OtherDeviceIDs    []string                 `json:"other_locks,omitempty"`            // locks on which Seam reported the code, besides the one in the state
	Parts             *GrantParts              `json:"parts,omitempty"`                  // of a grant or an access method
	Credentials       []IssuedCredential       `json:"acs_credentials,omitempty"`        // that end with a user or a credential of an access system
	CredentialsRead   bool                     `json:"acs_credentials_read,omitempty"`   // while that was there
	TakenOut          *seam.Doors              `json:"taken_out,omitempty"`              // doors that left a space
	PINKept           bool                     `json:"pin_kept,omitempty"`               // no unproven update asked for another PIN
	PINLost           bool                     `json:"pin_lost,omitempty"`               // an update was sent before an earlier one was proven, so a PIN in between is unknown
}

// Unfinished reports whether a removal was requested and is not proven.
func (m Checkpoint) Unfinished() bool { return !m.RequestedAt.IsZero() || len(m.ResidualIDs) > 0 }

// DeleteRequest is a delete request: its time on Seam's clock, and the ID of its action attempt.
type DeleteRequest struct {
	At        time.Time `json:"asked_at"`
	AttemptID string    `json:"action_attempt_id,omitempty"`
}

// start records the first request and the unmanaged codes on the lock right before it.
func (m *Checkpoint) start(at time.Time, before []string) {
	if m.RequestedAt.IsZero() {
		m.RequestedAt, m.UnmanagedBefore = at, before
	}
}

func (m *Checkpoint) setRequest(id string, request DeleteRequest) {
	if m.DeleteRequests == nil {
		m.DeleteRequests = map[string]DeleteRequest{}
	}
	m.DeleteRequests[id] = request
}

// addResidual records the IDs of the unmanaged codes that have the PIN, since the PIN itself is
// not stored.
func (m *Checkpoint) addResidual(err error) {
	residual, ok := errors.AsType[*ResidualError](err)
	if !ok {
		return
	}
	for _, id := range residual.IDs {
		if !slices.Contains(m.ResidualIDs, id) {
			m.ResidualIDs = append(m.ResidualIDs, id)
		}
	}
}

// baselines are what was on the lock before the removal or update was asked for, if it was.
func (m Checkpoint) baselines(createdAt time.Time) []baseline {
	var all []baseline
	if !m.RequestedAt.IsZero() {
		all = append(all, baseline{m.RequestedAt, m.UnmanagedBefore})
	}
	if m.LeftBeforeRequest {
		all = append(all, baseline{at: createdAt})
	}
	return all
}

// since is the time from which on an update may have left a PIN that is not known.
func (m Checkpoint) since(createdAt time.Time) *baseline {
	if m.LeftBeforeRequest {
		return &baseline{at: createdAt}
	}
	return &baseline{m.RequestedAt, m.UnmanagedBefore}
}

// AfterUpdate is what stays of a removal once the code was updated: its requests are void.
func (m Checkpoint) AfterUpdate() Checkpoint {
	m.RequestedAt, m.UnmanagedBefore, m.DeleteRequests = time.Time{}, nil, nil
	return m
}
