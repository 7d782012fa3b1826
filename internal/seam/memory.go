package seam

import (
	"errors"
	"slices"
	"time"
)

// Memory is what one run has to know of the removals before it. It holds no PIN.
type Memory struct {
	AskedAt  time.Time      `json:"asked_at,omitzero"`                  // of the first ask, on the server's clock
	Before   []string       `json:"unmanaged_before,omitzero"`          // unmanaged codes that were on the lock right before it; nil if they could not be listed
	Asks     map[string]Ask `json:"asks,omitempty"`                     // the latest, by access code
	Backup   string         `json:"pulled_backup_access_code,omitzero"` // an access code to be removed with this one
	OnLock   bool           `json:"was_on_lock,omitempty"`
	Older    bool           `json:"left_before_ask,omitempty"`        // something may have been left on the lock before the ask, since the code was made
	Suspects []string       `json:"unmanaged_access_codes,omitempty"` // were seen to hold the PIN
	Locks    []string       `json:"other_locks,omitempty"`            // that Seam said the code is on, besides that of the state
}

// Unfinished reports whether a removal was asked for.
func (m Memory) Unfinished() bool { return !m.AskedAt.IsZero() || len(m.Suspects) > 0 }

// Ask is a request that Seam took on: when, on its clock, and as which attempt.
type Ask struct {
	At      time.Time `json:"asked_at"`
	Attempt string    `json:"action_attempt_id,omitempty"`
}

// begin notes the first ask, with what was on the lock right before it.
func (m *Memory) begin(at time.Time, before []string) {
	if m.AskedAt.IsZero() {
		m.AskedAt, m.Before = at, before
	}
}

func (m *Memory) note(id string, ask Ask) {
	if m.Asks == nil {
		m.Asks = map[string]Ask{}
	}
	m.Asks[id] = ask
}

// learn keeps what a check of the lock showed: the ids of unmanaged codes that hold the
// PIN, since the PIN itself is not kept.
func (m *Memory) learn(err error) {
	residual, ok := errors.AsType[*Residual](err)
	if !ok {
		return
	}
	for _, id := range residual.IDs {
		if !slices.Contains(m.Suspects, id) {
			m.Suspects = append(m.Suspects, id)
		}
	}
}

// baseline is what was on the lock before the removal or change was asked for, if it was.
func (m Memory) baseline() []baseline {
	if m.AskedAt.IsZero() {
		return nil
	}
	return []baseline{{m.AskedAt, m.Before}}
}
