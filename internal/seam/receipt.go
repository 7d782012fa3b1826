package seam

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// Receipt is the record of a removal that has ended, one line of JSON in the receipts
// file. It never holds a PIN.
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
	NotCompared    int       `json:"not_compared,omitempty"` // unmanaged codes that were there before and whose PINs cannot be read
	Proofs         []Proof   `json:"proofs"`
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
	if c.receiptsPath == "" {
		return nil
	}
	file, err := c.openReceipts()
	if err == nil {
		err = file.Close()
	}
	if err != nil {
		return WrapAdvice(err, fmt.Sprintf("The removal was not started, because its receipt could not be written: %v.", err), "Make the file that removal_receipts names writable, or leave removal_receipts out.")
	}
	return nil
}

// openReceipts refuses what is no ordinary file: a FIFO would make the run wait for a
// reader, perhaps for ever.
func (c *Client) openReceipts() (*os.File, error) {
	if info, err := os.Stat(c.receiptsPath); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", c.receiptsPath)
	}
	return os.OpenFile(c.receiptsPath, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
}

// appendReceipt appends a receipt as one line, in one write, so that parallel ones do not mix.
// People write PINs into names.
func (c *Client) appendReceipt(r Receipt) error {
	if c.receiptsPath == "" {
		return nil
	}
	r.AccessCodeName, r.DeviceName = c.redactor.redact(r.AccessCodeName), c.redactor.redactKnown(r.DeviceName)
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	c.receiptsMutex.Lock()
	defer c.receiptsMutex.Unlock()
	file, err := c.openReceipts()
	if err != nil {
		return err
	}
	if c.hasPartialLine() {
		line = append([]byte{'\n'}, line...)
	}
	_, err = file.Write(append(line, '\n'))
	return errors.Join(err, file.Close())
}

// writeReceipt ends a removal. The removal stands even if its receipt cannot be written.
func (r *removal) writeReceipt(outcome string) error {
	err := r.appendReceipt(Receipt{
		Time: r.Now().UTC(), AccessCodeID: r.AccessCodeID, DeviceID: r.DeviceID, WorkspaceID: r.WorkspaceID,
		AccessCodeName: r.nameOf(r.AccessCodeID, r.Name), DeviceName: r.nameOf(r.DeviceID, ""),
		Mode: r.Mode, Outcome: outcome, AttemptID: r.Checkpoint.DeleteRequests[r.AccessCodeID].AttemptID,
		PINCompared: r.evidence.allCompared, NotCompared: r.evidence.notCompared, Proofs: r.evidence.proofs,
	})
	if err != nil {
		r.Warn("Receipt not written", fmt.Sprintf("The removal of access code %s ended as %q, but its receipt could not be written: %v", r.AccessCodeID, outcome, err))
	}
	return nil
}

// hasPartialLine reports whether the last line of the file has no end, because whoever
// wrote it was killed or the disk was full. A file that may not be read is taken as it is.
func (c *Client) hasPartialLine() bool {
	file, err := os.Open(c.receiptsPath)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	last := make([]byte, 1)
	if _, err := file.Seek(-1, io.SeekEnd); err != nil {
		return false // it is empty
	}
	_, err = file.Read(last)
	return err == nil && last[0] != '\n'
}

// nameOf is what people call the access code or lock with this id, if this run has seen it.
func (c *Client) nameOf(id, otherwise string) string {
	if name, seen := c.names.Load(id); seen {
		return fmt.Sprint(name)
	}
	return otherwise
}

func (c *Client) storeName(id, name string) {
	if id != "" && name != "" {
		c.names.Store(id, name)
	}
}
