package provider

import (
	"context"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// reaches reports whether the plan may ask Seam. Planning a create is the first time that
// a run with an empty state needs Seam, so it also checks the credentials, once: what
// apply is certain to refuse is an error, what may pass until then a warning. A plan of an
// update or a destroy checks nothing, so that letting go of an object works with a key
// that is dead.
func (p *planning[M]) reaches(ctx context.Context) bool {
	if p.seam == nil || p.prior != nil || p.reached != nil {
		return p.seam != nil && (p.reached == nil || *p.reached)
	}
	err := p.seam.CheckCredentials(ctx)
	p.reached = new(err == nil)
	switch {
	case err == nil || ctx.Err() != nil:
	case seam.IsConfigurationError(err):
		p.rejected = true
		p.diags.AddError("Seam refuses the provider's credentials", err.Error()+"\n\n"+advice(err))
	default:
		p.diags.AddWarning("Seam cannot be asked", err.Error()+"\n\nThe plan was made without it, so what Seam or the lock would object to shows only when it is applied. "+advice(err))
	}
	return *p.reached
}
