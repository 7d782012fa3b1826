package core

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// Request is the input of a verb, besides its model.
type Request[M any] struct {
	Client  *seam.Client
	Config  M             // Create and Update: the only place with write-only values
	Prior   M             // Update: the state before
	Timeout time.Duration // applied by core, except to Delete, which applies it itself
	private privateState
	diags   *diag.Diagnostics
}

// AddWarning adds a warning about the whole object.
func (op *Request[M]) AddWarning(summary, detail string) { op.diags.AddWarning(summary, detail) }

// withTimeout runs a verb with the request's timeout.
func (op *Request[M]) withTimeout(ctx context.Context, m *M, verb func(context.Context, *M, *Request[M]) error) error {
	return WithTimeout(ctx, op.Timeout, func(ctx context.Context) error { return verb(ctx, m, op) })
}

// PlanRequest is the input of a plan check. There is none for a destroy.
type PlanRequest[M any] struct {
	Client         *seam.Client // nil if the provider's configuration is not known yet
	Config         M
	Prior          *M                                // nil when the object is to be created
	RequireReplace func(attribute string)            // makes this attribute replace the object
	MarkUnknown    func(attribute string)            // makes this computed attribute unknown, which forces an update
	Set            func(attribute string, value any) // plans a value for this computed attribute
	private        privateState
	diags          *diag.Diagnostics
	hasErrors      bool  // by the plan's own checks
	reachable      *bool // whether Seam answered; nil before the first request
}

// run runs the plan's checks.
func (p *PlanRequest[M]) run(ctx context.Context, m *M) {
	if planner, ok := any(m).(planner[M]); ok {
		planner.Plan(ctx, p)
	}
	if !p.hasErrors {
		p.CheckReachable(ctx)
	}
}

// clockTimeout limits how long a plan waits for Seam's time.
const clockTimeout = 15 * time.Second

// IsPast reports whether t is in the past by Seam's clock. It is false if Seam cannot be reached.
func (p *PlanRequest[M]) IsPast(ctx context.Context, t time.Time) bool {
	ctx, cancel := context.WithTimeout(ctx, clockTimeout)
	defer cancel()
	return p.Client != nil && p.Client.IsPast(ctx, t)
}

// AddAttributeError adds an error about an attribute, which fails the plan.
func (p *PlanRequest[M]) AddAttributeError(attribute, problem, next string) {
	p.hasErrors = true
	p.diags.AddAttributeError(path.Root(attribute), "Invalid "+attribute, problem+"\n\n"+next)
}

// AddAttributeWarning adds a warning about an attribute.
func (p *PlanRequest[M]) AddAttributeWarning(attribute, summary, detail string) {
	p.diags.AddAttributeWarning(path.Root(attribute), summary, detail)
}

// AddProblems adds an error for each problem, or a warning if the problem is not certain.
func (p *PlanRequest[M]) AddProblems(problems []seam.PlanProblem) {
	for _, found := range problems {
		if found.Summary == "" {
			p.AddAttributeError(found.Attribute, found.Problem, found.Next)
		} else {
			p.AddAttributeWarning(found.Attribute, found.Summary, found.Problem+"\n\n"+found.Next)
		}
	}
}

// Refused reports whether the plan has an error so far.
func (p *PlanRequest[M]) Refused() bool { return p.hasErrors }

// CheckReachable reports whether the plan can send requests to Seam. For a create it also checks
// the credentials, once: with an empty state, this is the first time a run needs Seam. A failure
// that apply would certainly repeat is an error; one that may be temporary is a warning. Plans of
// updates and destroys check nothing, so that an object can be abandoned with a revoked key.
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
		p.diags.AddError("Seam rejected the provider's credentials", err.Error()+"\n\n"+Advice(err, ""))
	default:
		p.diags.AddWarning("Seam cannot be reached", err.Error()+"\n\nThe plan was made without checking with Seam, so problems may show only during apply. "+Advice(err, ""))
	}
	return *p.reachable
}
