package removal

import (
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// Proof is one answer that a verdict rests on.
type Proof struct {
	Asked     string    `json:"asked"`
	At        time.Time `json:"at"`
	RequestID string    `json:"request_id"`
	Showed    string    `json:"showed"`
}

func proofOf(asked string, a seam.ResponseMeta, showed string) Proof {
	return Proof{asked, a.At.UTC(), a.RequestID, showed}
}

// Evidence is what checks found out.
type Evidence struct {
	Proofs      []Proof
	Compared    bool // everything that could be the access
	NotCompared int  // entries that were there before and could not be compared
}

func (e *Evidence) add(asked string, a seam.ResponseMeta, showed string) {
	e.Proofs = append(e.Proofs, proofOf(asked, a, showed))
}

// ResidualError says that Seam still shows the access, or something that could be it.
type ResidualError struct {
	*seam.AdviceError
	IDs      []string // entries that hold the access
	Listed   []Target // what Seam lists although it answers that it is gone
	Became   []Target // what it is listed as instead
	Returned []Target // entries that certainly are the access, and came back after its deletion was asked for

	stillListed []string          // codes listed where they should not be any more
	entries     []seam.AccessCode // those of IDs
}

func (e *ResidualError) Unwrap() error { return e.AdviceError }
