package removal

import (
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// Proof is one response that proves a removal.
type Proof struct {
	Asked     string    `json:"asked"` // path of the request
	At        time.Time `json:"at"`    // Seam's clock, UTC
	RequestID string    `json:"request_id"`
	Showed    string    `json:"showed"` // what the response proves
}

func proofOf(asked string, a seam.ResponseMeta, showed string) Proof {
	return Proof{asked, a.At.UTC(), a.RequestID, showed}
}

// Grade says what a proof is based on.
type Grade string

// Grades, the strongest first.
const (
	GradeLock    Grade = "lock"    // the lock's own list
	GradeSeam    Grade = "seam"    // Seam's answers about an access system
	GradeExpired Grade = "expired" // the end of a card or phone key that no answer is about
)

// Evidence is the result of a check.
type Evidence struct {
	Proofs      []Proof
	Grade       Grade
	Credentials []GradedCredential // of an access system
	Compared    bool               // every entry that could be the access was compared with it
	NotCompared int                // entries that were there before and could not be compared
}

func (e *Evidence) add(asked string, a seam.ResponseMeta, showed string) {
	e.Proofs = append(e.Proofs, proofOf(asked, a, showed))
}

// ResidualError says that Seam still lists the access, or an entry that could be it.
type ResidualError struct {
	*seam.AdviceError
	IDs      []string // unmanaged codes with the access
	Listed   []Target // targets that Seam lists although a get says that they are gone
	Became   []Target // targets that the access was converted to
	Returned []Target // entries that certainly are the access and appeared after its delete request

	stillListed []string          // IDs of Listed
	entries     []seam.AccessCode // entries of IDs
}

func (e *ResidualError) Unwrap() error { return e.AdviceError }

// join adds what another check found.
func (e *ResidualError) join(other *ResidualError) {
	e.AdviceError = seam.WrapAdvice(e.AdviceError, e.Error()+"\n"+other.Error(), e.Advice())
	e.IDs, e.Listed = append(e.IDs, other.IDs...), append(e.Listed, other.Listed...)
	e.Became, e.Returned = append(e.Became, other.Became...), append(e.Returned, other.Returned...)
}
