package removal

import (
	"context"
	"fmt"
	"time"
)

// Target is one kind of access that can be taken away. A removal looks at it, asks for its
// deletion, waits until Seam answers that it is gone, and checks that this is so.
type Target interface {
	Subject() Subject
	// Begin tells this run's other operations that the target is being removed. They learn
	// from end how that went.
	Begin() (end func(error))
	// Look asks Seam for the target. The answer may be as old as maxAge.
	Look(ctx context.Context, maxAge time.Duration) (Lookup, error)
	// Irrevocable reports whether nothing can revoke the target before its end.
	Irrevocable() bool
	// CheckEnded fails if the end of an irrevocable target has not come.
	CheckEnded(ctx context.Context) error
	// AcquireWrite waits for the turn to send a deletion.
	AcquireWrite(ctx context.Context) (release func(), err error)
	// Before lists by id what is already there right before the deletion is asked for and
	// could be mistaken for the target afterwards; nil if that cannot be seen.
	Before(ctx context.Context) []string
	// Delete asks for the deletion and returns the action attempt, if Seam makes one.
	Delete(ctx context.Context) (attemptID string, err error)
	// Dependents are to be removed as well, once the target is.
	Dependents() []Target
	// Check passes once nothing of the access is left, as far as Seam sees it. It is made
	// after Seam's answer that the target is gone. See [ResidualError] for how it fails.
	Check(ctx context.Context) (Evidence, error)
	// FindEvent looks for the event that says so, and names it.
	FindEvent(ctx context.Context) (proof *Proof, awaited string, err error)
	// Caveats are what a proof of the removal does not cover.
	Caveats(ctx context.Context) []Caveat
	// Diagnose tells what a person needs to judge a failure. It is best effort.
	Diagnose(ctx context.Context) []string
}

// Lookup is what Seam says of a target.
type Lookup struct {
	Gone        bool      // Seam's own typed answer, which a check has to confirm
	Proof       *Proof    // that it is gone
	At          time.Time // of the answer, on Seam's clock
	Removing    bool      // Seam is deleting it already
	Became      Target    // what the access goes on as; to be removed in its place
	Undeletable error     // why it cannot be deleted
}

// Subject is what a target is called.
type Subject struct {
	ID       string
	Kind     string // such as "access code"
	Access   string // what lets people in, such as "PIN"
	DeviceID string // the lock
	Name     string
}

func (s Subject) String() string { return s.Kind + " " + s.ID }

// place is where the access is.
func (s Subject) place() string { return "lock " + s.DeviceID }

// risk says what may be left.
func (s Subject) risk() string {
	return fmt.Sprintf("The %s of %v may still open %s", s.Access, s, s.place())
}

// Caveat is a warning that goes with a removal that was proven.
type Caveat struct{ Summary, Detail string }
