package removal

import (
	"context"
	"fmt"
	"time"
)

// Target is access that can be removed. A removal reads it, requests its deletion, waits until
// Seam answers that it is gone, and checks that answer.
type Target interface {
	Subject() Subject
	// Begin tells this run's other operations that the target is being removed. The caller
	// calls end with the result.
	Begin() (end func(error))
	// Look reads the target. The result may be up to maxAge old.
	Look(ctx context.Context, maxAge time.Duration) (Lookup, error)
	// Irrevocable reports whether nothing can revoke the target before its end.
	Irrevocable() bool
	// CheckEnded fails if an irrevocable target has not ended yet.
	CheckEnded(ctx context.Context) error
	// AcquireWrite waits until a delete request may be sent.
	AcquireWrite(ctx context.Context) (release func(), err error)
	// Before returns the IDs of the entries that exist right before the delete request and
	// could later be mistaken for the target; nil if they cannot be listed.
	Before(ctx context.Context) []string
	// Delete sends the delete request and returns the ID of its action attempt, if any.
	Delete(ctx context.Context) (attemptID string, err error)
	// Dependents returns targets that must be removed after this one.
	Dependents(ctx context.Context) ([]Target, error)
	// Check passes if Seam lists nothing that is or may be the access. It must run after
	// Seam's answer that the target is gone. It may fail with a [ResidualError].
	Check(ctx context.Context) (Evidence, error)
	// FindEvent looks for the event that reports the removal. It returns nil if there is
	// none yet, and the event's type in any case.
	FindEvent(ctx context.Context) (proof *Proof, awaited string, err error)
	// Caveats returns what a proof of the removal does not cover.
	Caveats(ctx context.Context) []Caveat
	// Diagnose describes the current status for an error, in sentences. It is best effort.
	Diagnose(ctx context.Context) []string
}

// Lookup is the result of reading a target.
type Lookup struct {
	Gone        bool      // Seam's typed 404, which a check must confirm
	Proof       *Proof    // proof of Gone
	At          time.Time // of the response, on Seam's clock
	Removing    bool      // Seam is already deleting it
	Became      Target    // what the target was converted to; to be removed instead
	Undeletable error     // why it cannot be deleted
}

// Subject is how messages and receipts name a target.
type Subject struct {
	ID       string
	Kind     string // such as "access code"
	Access   string // what lets people in, such as "PIN"
	DeviceID string // the lock; empty for several doors
	Name     string
}

func (s Subject) String() string { return s.Kind + " " + s.ID }

// place names the lock, or the doors.
func (s Subject) place() string {
	if s.DeviceID == "" {
		return "its doors"
	}
	return "lock " + s.DeviceID
}

// absence says that the access was not found any more.
func (s Subject) absence() string {
	if s.DeviceID == "" {
		return "nothing that it gave access with is left"
	}
	return fmt.Sprintf("%s no longer lists its %s", s.place(), s.Access)
}

// risk says that the access may still work.
func (s Subject) risk() string {
	return fmt.Sprintf("The %s of %v may still open %s", s.Access, s, s.place())
}

// Caveat is a warning about a proven removal.
type Caveat struct{ Summary, Detail string }
