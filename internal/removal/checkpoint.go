package removal

import (
	"errors"
	"slices"
	"time"
)

// Checkpoint is what one run has to know of the removals before it. It holds no PIN.
type Checkpoint struct {
	RequestedAt       time.Time                `json:"asked_at,omitzero"`                  // of the first request, on the server's clock
	UnmanagedBefore   []string                 `json:"unmanaged_before,omitzero"`          // unmanaged codes that were on the lock right before it; nil if they could not be listed
	DeleteRequests    map[string]DeleteRequest `json:"asks,omitempty"`                     // the latest, by access code
	BackupCodeID      string                   `json:"pulled_backup_access_code,omitzero"` // an access code to be removed with this one
	WasOnLock         bool                     `json:"was_on_lock,omitempty"`
	LeftBeforeRequest bool                     `json:"left_before_ask,omitempty"`        // something may have been left on the lock before the request, since the code was made
	ResidualIDs       []string                 `json:"unmanaged_access_codes,omitempty"` // were seen to hold the PIN
	OtherDeviceIDs    []string                 `json:"other_locks,omitempty"`            // that Seam said the code is on, besides that of the state
	PINLost           bool                     `json:"pin_lost,omitempty"`               // an update was sent over another that was not proven: a PIN in between is not known any more
}

// Unfinished reports whether a removal was asked for.
func (m Checkpoint) Unfinished() bool { return !m.RequestedAt.IsZero() || len(m.ResidualIDs) > 0 }

// DeleteRequest is a request that Seam took on: when, on its clock, and as which attempt.
type DeleteRequest struct {
	At        time.Time `json:"asked_at"`
	AttemptID string    `json:"action_attempt_id,omitempty"`
}

// start notes the first request, with what was on the lock right before it.
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

// addResidual keeps what a check of the lock showed: the ids of unmanaged codes that hold the
// PIN, since the PIN itself is not kept.
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
