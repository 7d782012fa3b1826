package removal

import (
	"strings"
	"time"
)

// Receipt is the record of a removal that has ended: one line of JSON in the receipts file. It
// never contains a PIN. Times are UTC.
type Receipt struct {
	Time             time.Time          `json:"time"`
	AccessCodeID     string             `json:"access_code_id,omitempty"`
	AccessCodeName   string             `json:"access_code_name,omitempty"`
	AccessGrantID    string             `json:"access_grant_id,omitempty"`
	AccessMethodID   string             `json:"access_method_id,omitempty"`
	AcsUserID        string             `json:"acs_user_id,omitempty"`
	AcsCredentialID  string             `json:"acs_credential_id,omitempty"`
	AcsAccessGroupID string             `json:"acs_access_group_id,omitempty"`
	DeviceID         string             `json:"device_id,omitempty"` // of an access code
	DeviceName       string             `json:"device_name,omitempty"`
	WorkspaceID      string             `json:"workspace_id"`
	Mode             Mode               `json:"mode"`
	Outcome          string             `json:"outcome"` // one of the Outcome constants
	Grade            Grade              `json:"grade,omitempty"`
	Credentials      []GradedCredential `json:"acs_credentials,omitempty"` // that ended with a user or a credential
	AttemptID        string             `json:"attempt_id,omitempty"`
	PINCompared      bool               `json:"pin_compared"`
	NotCompared      int                `json:"not_compared,omitempty"` // number of unmanaged codes that were there before and whose PINs cannot be read
	Proofs           []Proof            `json:"proofs"`
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
	out := Receipt{
		Time: r.Now().UTC(), WorkspaceID: r.WorkspaceID, Mode: r.Mode, Outcome: outcome, Grade: r.evidence.Grade, Credentials: r.evidence.Credentials,
		AttemptID:   r.Checkpoint.DeleteRequests[subject.ID].AttemptID,
		PINCompared: r.evidence.Compared, NotCompared: r.evidence.NotCompared, Proofs: r.evidence.Proofs,
	}
	switch subject.Kind {
	case kindAccessGrant:
		out.AccessGrantID = subject.ID
	case kindAccessMethod:
		out.AccessMethodID = subject.ID
	case kindAcsUser:
		out.AcsUserID = subject.ID
	case kindAcsCredential:
		out.AcsCredentialID = subject.ID
	case kindMembership:
		out.AcsAccessGroupID, out.AcsUserID, _ = strings.Cut(subject.ID, "/")
	default:
		out.AccessCodeID, out.AccessCodeName = subject.ID, r.Redact(r.NameOf(subject.ID, subject.Name))
		out.DeviceID, out.DeviceName = subject.DeviceID, r.RedactKnown(r.NameOf(subject.DeviceID, ""))
	}
	return out
}
