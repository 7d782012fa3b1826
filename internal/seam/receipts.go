package seam

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"
)

// Receipt is the record of a removal that has ended, one line of JSON in the receipts
// file. It never holds a PIN.
type Receipt struct {
	Time         time.Time `json:"time"`
	AccessCodeID string    `json:"access_code_id"`
	DeviceID     string    `json:"device_id"`
	WorkspaceID  string    `json:"workspace_id"`
	Mode         Mode      `json:"mode"`
	Outcome      string    `json:"outcome"` // one of the Outcome constants
	AttemptID    string    `json:"attempt_id,omitempty"`
	PINCompared  bool      `json:"pin_compared"`
	NotCompared  int       `json:"not_compared,omitempty"` // unmanaged codes that were there before and whose PINs cannot be read
	Proofs       []Proof   `json:"proofs"`
}

// Outcomes of a removal that has ended.
const (
	OutcomeVerified  = "verified"  // the typed 404, and a lock that no longer lists the PIN
	OutcomeRequested = "requested" // asked for, not waited for
	OutcomeAbandoned = "abandoned" // never asked for
	OutcomeExpired   = "expired"   // an offline code, past its end
)

// checkReceipts makes sure that a receipt can be written before anything is asked for.
func (c *Client) checkReceipts() error {
	if c.receipts == "" {
		return nil
	}
	file, err := c.openReceipts()
	if err == nil {
		err = file.Close()
	}
	if err != nil {
		return because(err, fmt.Sprintf("The removal was not started, because its receipt could not be written: %v.", err), "Make the file that removal_receipts names writable, or leave removal_receipts out.")
	}
	return nil
}

func (c *Client) openReceipts() (*os.File, error) {
	return os.OpenFile(c.receipts, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
}

// record appends a receipt as one line, in one write, so that parallel ones do not mix.
func (c *Client) record(r Receipt) error {
	if c.receipts == "" {
		return nil
	}
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	file, err := c.openReceipts()
	if err != nil {
		return err
	}
	_, err = file.Write(append(line, '\n'))
	return errors.Join(err, file.Close())
}

// receipt ends a removal. The removal stands even if its receipt cannot be written.
func (r *removal) receipt(outcome string) error {
	err := r.record(Receipt{
		Time: r.Now().UTC(), AccessCodeID: r.AccessCodeID, DeviceID: r.DeviceID, WorkspaceID: r.WorkspaceID,
		Mode: r.Mode, Outcome: outcome, AttemptID: r.Memory.Asks[r.AccessCodeID].Attempt,
		PINCompared: r.found.compared, NotCompared: r.found.notCompared, Proofs: r.found.proofs,
	})
	if err != nil {
		r.Warn("Receipt not written", fmt.Sprintf("The removal of access code %s ended as %q, but its receipt could not be written: %v", r.AccessCodeID, outcome, err))
	}
	return nil
}
