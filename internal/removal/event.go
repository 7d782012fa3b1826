package removal

import (
	"context"
	"fmt"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// awaitEvent waits for the event that reports the removal.
func (r *removal) awaitEvent(ctx context.Context) error {
	awaited := "of the removal"
	look := func(ctx context.Context) (bool, error) {
		done, name, err := r.findEvent(ctx)
		if err == nil {
			awaited = name
		}
		return done, err
	}
	done, err := look(ctx)
	if done || err != nil && !seam.IsRetryable(err) {
		return err
	}
	if err := seam.Poll(ctx, look); err != nil {
		return seam.WrapAdvice(err, fmt.Sprintf("The %s is gone as far as Seam shows, but Seam's event %s did not come: %v", r.target.Subject().Access, awaited, err),
			"Run destroy again to wait longer, or set removal = \"verified\", which does not need the event, apply and destroy.")
	}
	return nil
}

func (r *removal) findEvent(ctx context.Context) (done bool, awaited string, err error) {
	proof, awaited, err := r.target.FindEvent(ctx)
	if proof != nil {
		r.evidence.Proofs = append(r.evidence.Proofs, *proof)
	}
	return proof != nil, awaited, err
}
