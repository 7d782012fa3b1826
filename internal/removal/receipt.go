package removal

import "time"

// Receipt is the record of a removal that has ended: one line of JSON in the receipts file. It
// never contains a PIN. Times are UTC.
type Receipt struct {
	Time           time.Time `json:"time"`
	AccessCodeID   string    `json:"access_code_id"`
	AccessCodeName string    `json:"access_code_name,omitempty"`
	DeviceID       string    `json:"device_id"`
	DeviceName     string    `json:"device_name,omitempty"`
	WorkspaceID    string    `json:"workspace_id"`
	Mode           Mode      `json:"mode"`
	Outcome        string    `json:"outcome"` // one of the Outcome constants
	AttemptID      string    `json:"attempt_id,omitempty"`
	PINCompared    bool      `json:"pin_compared"`
	NotCompared    int       `json:"not_compared,omitempty"` // number of unmanaged codes that were there before and whose PINs cannot be read
	Proofs         []Proof   `json:"proofs"`
}

// Outcomes of a removal that has ended.
const (
	OutcomeVerified  = "verified"  // proven, as the mode requires
	OutcomeRequested = "requested" // requested, without a wait
	OutcomeAbandoned = "abandoned" // not requested
	OutcomeExpired   = "expired"   // an irrevocable target past its end
)

// receipt returns the receipt of the removal. Names are redacted because they may contain PINs.
func (r *removal) receipt(outcome string) Receipt {
	subject := r.target.Subject()
	return Receipt{
		Time: r.Now().UTC(), AccessCodeID: subject.ID, DeviceID: subject.DeviceID, WorkspaceID: r.WorkspaceID,
		AccessCodeName: r.Redact(r.NameOf(subject.ID, subject.Name)), DeviceName: r.RedactKnown(r.NameOf(subject.DeviceID, "")),
		Mode: r.Mode, Outcome: outcome, AttemptID: r.Checkpoint.DeleteRequests[subject.ID].AttemptID,
		PINCompared: r.evidence.Compared, NotCompared: r.evidence.NotCompared, Proofs: r.evidence.Proofs,
	}
}
