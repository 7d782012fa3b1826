package removal

import "time"

// Mode is how far a removal goes before it counts as done.
type Mode string

// Modes of a removal. Only the first two prove anything.
const (
	Verified        Mode = "verified"          // until a check shows that nothing is left
	VerifiedByEvent Mode = "verified_by_event" // that, and Seam's event says so
	Requested       Mode = "requested"         // asked for, not waited for
	Abandoned       Mode = "abandoned"         // not even asked for
)

// Modes are all of them.
var Modes = []Mode{Verified, VerifiedByEvent, Requested, Abandoned}

// Options say how something is removed.
type Options struct {
	WorkspaceID string // of the target; empty if it is not known
	Mode        Mode
	Timeout     time.Duration        // waiting for the turn to write does not count
	Checkpoint  Checkpoint           // what an earlier run left unfinished
	Save        func(Checkpoint)     // keeps it, so that a later run can go on; called before every wait
	Progress    func(message string) // may be nil
	Warn        func(summary, detail string)
}
