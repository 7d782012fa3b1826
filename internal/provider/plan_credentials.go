package provider

import (
	"context"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// checkReachable reports whether the plan may ask Seam. Planning a create is the first time that
// a run with an empty state needs Seam, so it also checks the credentials, once: what
// apply is certain to refuse is an error, what may pass until then a warning. A plan of an
// update or a destroy checks nothing, so that letting go of an object works with a key
// that is dead.
func (p *planRequest[M]) checkReachable(ctx context.Context) bool {
	if p.client == nil || p.prior != nil || p.reachable != nil {
		return p.client != nil && (p.reachable == nil || *p.reachable)
	}
	err := p.client.CheckCredentials(ctx)
	p.reachable = new(err == nil)
	switch {
	case err == nil || ctx.Err() != nil:
	case seam.IsConfigurationError(err):
		p.hasErrors = true
		p.diags.AddError("Seam refuses the provider's credentials", err.Error()+"\n\n"+advice(err, ""))
	default:
		p.diags.AddWarning("Seam cannot be asked", err.Error()+"\n\nThe plan was made without it, so what Seam or the lock would object to shows only when it is applied. "+advice(err, ""))
	}
	return *p.reachable
}
