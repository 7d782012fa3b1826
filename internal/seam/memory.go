package seam

import (
	"errors"
	"slices"
	"time"
)

// Memory is what one run has to know of the removals before it. It holds no PIN.
type Memory struct {
	AskedAt    time.Time      `json:"asked_at,omitzero"`                  // of the first ask, on the server's clock
	Asks       map[string]Ask `json:"asks,omitempty"`                     // the latest, by access code
	Backup     string         `json:"pulled_backup_access_code,omitzero"` // an access code to be removed with this one
	OnLock     bool           `json:"was_on_lock,omitempty"`
	Suspects   []string       `json:"unmanaged_access_codes,omitempty"` // were seen to hold the PIN
	Neighbours []string       `json:"neighbours,omitempty"`             // unmanaged codes that were on the lock beside an unmanaged one
	Checked    bool           `json:"lock_was_checked,omitempty"`       // its unmanaged codes could be listed
}

// Unfinished reports whether a removal was asked for.
func (m Memory) Unfinished() bool { return !m.AskedAt.IsZero() || len(m.Suspects) > 0 }

// Ask is a request that Seam took on: when, on its clock, and as which attempt.
type Ask struct {
	At      time.Time `json:"asked_at"`
	Attempt string    `json:"action_attempt_id,omitempty"`
}

func (m *Memory) note(id string, ask Ask) {
	if m.AskedAt.IsZero() {
		m.AskedAt = ask.At
	}
	if m.Asks == nil {
		m.Asks = map[string]Ask{}
	}
	m.Asks[id] = ask
}

// learn keeps what a check of the lock showed: the ids of unmanaged codes that hold the
// PIN, since the PIN itself is not kept.
func (m *Memory) learn(err error) {
	residual, ok := errors.AsType[*Residual](err)
	m.Checked = m.Checked || ok
	if !ok {
		return
	}
	for _, id := range residual.IDs {
		if !slices.Contains(m.Suspects, id) {
			m.Suspects = append(m.Suspects, id)
		}
	}
}
