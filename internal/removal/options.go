package removal

import "time"

// Mode says what a removal requires before it counts as done.
type Mode string

// Modes of a removal. Only the first two prove the removal.
const (
	Verified        Mode = "verified"          // a lock check passes
	VerifiedByEvent Mode = "verified_by_event" // a lock check passes and Seam's event arrives
	Requested       Mode = "requested"         // the delete request is accepted; no wait
	Abandoned       Mode = "abandoned"         // no request is sent
)

// Modes lists all modes.
var Modes = []Mode{Verified, VerifiedByEvent, Requested, Abandoned}

// Options are the options of a removal.
type Options struct {
	WorkspaceID string // of the target; empty if not known
	Mode        Mode
	Timeout     time.Duration        // without the time spent waiting for Seam's write limits
	Checkpoint  Checkpoint           // of an earlier run
	Save        func(Checkpoint)     // persists the checkpoint for later runs; called before every wait
	Progress    func(message string) // may be nil
	Warn        func(summary, detail string)
}
