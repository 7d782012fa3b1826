package sandbox

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

var (
	runSandbox  = flag.Bool("sandbox", false, "run TestSandbox, with the key in SEAM_API_KEY")
	journalPath = flag.String("journal", "journal.txt", "file with the names that TestSandbox has given")
)

// sandbox is a sandbox workspace, and one of its locks.
type sandbox struct {
	api
	journal

	lock string
}

// open refuses a workspace that is not a sandbox, and sweeps what earlier runs have left.
func open(ctx context.Context, a api, j journal) (*sandbox, error) {
	if err := a.requireSandbox(ctx); err != nil {
		return nil, err
	}
	deleted, err := j.sweep(ctx, a)
	if err != nil {
		return nil, err
	}
	if deleted > 0 {
		fmt.Printf("Deleted %d objects that earlier runs had left.\n", deleted)
	}
	locks, err := a.locks(ctx)
	if err == nil && len(locks) == 0 {
		err = errors.New("the workspace has no lock that can be given PINs: connect a sandbox account with simulated locks in the Seam console")
	}
	if err != nil {
		return nil, err
	}
	return &sandbox{api: a, journal: j, lock: locks[0]}, nil
}

// newName returns a recorded name for an object.
func (s *sandbox) newName(t *testing.T) string {
	t.Helper()
	name, err := s.journal.newName()
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// test runs everything, and sweeps afterwards.
func (s *sandbox) test(t *testing.T) {
	t.Run("access_code", s.testAccessCode)
	t.Run("access_grant", s.testAccessGrant)
	t.Run("inferences", s.testInferences)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Minute)
	defer cancel()
	if _, err := s.sweep(ctx, s.api); err != nil {
		t.Errorf("Something may be left in the workspace; the next run looks for it: %v", err)
	}
}

// TestSandbox runs against the real Seam: `make testacc-sandbox`.
func TestSandbox(t *testing.T) {
	if !*runSandbox {
		t.Skip("SANDBOX TEST NOT RUN: it writes to a real workspace. `make testacc-sandbox` runs it; TestSandbox_runsAgainstTheFake runs the same here.")
	}
	a := api{endpoint: cmp.Or(os.Getenv("SEAM_ENDPOINT"), seam.DefaultEndpoint), key: os.Getenv("SEAM_API_KEY")}
	if a.key == "" {
		fmt.Println("NOTHING WAS RUN. Set SEAM_API_KEY to a key of a sandbox workspace, from the Seam console. A key of another workspace is refused.")
		t.Skip("SANDBOX TEST NOT RUN: SEAM_API_KEY is not set.")
	}
	s, err := open(t.Context(), a, journal{*journalPath})
	if err != nil {
		t.Fatal(err)
	}
	s.test(t)
}
