package core

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// Request is what a verb works with besides its model.
type Request[M any] struct {
	Client  *seam.Client
	Config  M             // Create and Update: the only place of write-only values
	Prior   M             // Update: the state before
	Timeout time.Duration // Create, Update and Read end with it; Delete counts it itself
	private privateState
	diags   *diag.Diagnostics
}

// AddWarning adds a warning about the whole object.
func (op *Request[M]) AddWarning(summary, detail string) { op.diags.AddWarning(summary, detail) }

// withTimeout runs a verb that has to end in the request's time.
func (op *Request[M]) withTimeout(ctx context.Context, m *M, verb func(context.Context, *M, *Request[M]) error) error {
	return WithTimeout(ctx, op.Timeout, func(ctx context.Context) error { return verb(ctx, m, op) })
}

// PlanRequest is what a plan is checked with. It is never made for a destroy.
type PlanRequest[M any] struct {
	Client         *seam.Client // nil while the provider's configuration is not known
	Config         M
	Prior          *M                     // nil when the object is to be created
	RequireReplace func(attribute string) // plans a new object because of this attribute
	MarkUnknown    func(attribute string) // plans an update by making this computed attribute unknown
	private        privateState
	diags          *diag.Diagnostics
	hasErrors      bool  // by the plan's own checks
	reachable      *bool // whether Seam answered; nil until it is asked
}

// clockTimeout is how long a plan waits for Seam to tell the time.
const clockTimeout = 15 * time.Second

// IsPast reports whether a time is over by Seam's clock. It is not, as long as Seam cannot
// be asked.
func (p *PlanRequest[M]) IsPast(ctx context.Context, t time.Time) bool {
	ctx, cancel := context.WithTimeout(ctx, clockTimeout)
	defer cancel()
	return p.Client != nil && p.Client.IsPast(ctx, t)
}

// AddAttributeError refuses the plan because of an attribute.
func (p *PlanRequest[M]) AddAttributeError(attribute, problem, next string) {
	p.hasErrors = true
	p.diags.AddAttributeError(path.Root(attribute), "Invalid "+attribute, problem+"\n\n"+next)
}

// AddAttributeWarning adds a warning about an attribute.
func (p *PlanRequest[M]) AddAttributeWarning(attribute, summary, detail string) {
	p.diags.AddAttributeWarning(path.Root(attribute), summary, detail)
}

// Refused reports whether the plan has an error by now.
func (p *PlanRequest[M]) Refused() bool { return p.hasErrors }

// CheckReachable reports whether the plan may ask Seam. Planning a create is the first time that
// a run with an empty state needs Seam, so it also checks the credentials, once: what
// apply is certain to refuse is an error, what may pass until then a warning. A plan of an
// update or a destroy checks nothing, so that letting go of an object works with a key
// that is dead.
func (p *PlanRequest[M]) CheckReachable(ctx context.Context) bool {
	if p.Client == nil || p.Prior != nil || p.reachable != nil {
		return p.Client != nil && (p.reachable == nil || *p.reachable)
	}
	err := p.Client.CheckCredentials(ctx)
	p.reachable = new(err == nil)
	switch {
	case err == nil || ctx.Err() != nil:
	case seam.IsConfigurationError(err):
		p.hasErrors = true
		p.diags.AddError("Seam refuses the provider's credentials", err.Error()+"\n\n"+Advice(err, ""))
	default:
		p.diags.AddWarning("Seam cannot be asked", err.Error()+"\n\nThe plan was made without it, so what Seam or the lock would object to shows only when it is applied. "+Advice(err, ""))
	}
	return *p.reachable
}
