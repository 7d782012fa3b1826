// Package core turns the models of nouns into resources, data sources, list resources,
// actions and ephemeral resources. It handles verbs, state and diagnostics for any noun.
package core

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// ResourceModel is the Terraform model of a resource, with its CRUD verbs. Verbs return plain
// errors, which core turns into diagnostics. If Read returns a [goneError], the object is dropped
// from the state. A model that also implements [planner] can check and change its plan.
type ResourceModel[M any] interface {
	*M
	Create(context.Context, *Request[M]) error
	Read(context.Context, *Request[M]) error
	Update(context.Context, *Request[M]) error
	Delete(context.Context, *Request[M]) error
}

// planner is a model that checks and completes its plan.
type planner[M any] interface {
	Plan(context.Context, *PlanRequest[M])
}

// goneError says that an object is proven gone.
type goneError interface {
	error
	Summary() string
	Advice() string
}

// removedOutsideError is a goneError that wraps the proof of absence.
type removedOutsideError struct {
	error
	requested bool // by an earlier run that ended before the object was gone
}

func (e removedOutsideError) Summary() string {
	if e.requested {
		return "Removal complete"
	}
	return "Removed outside Terraform"
}

func (removedOutsideError) Advice() string {
	return "The next apply creates it again if it is still in the configuration."
}

// RemovedOutside is the error that Read returns when the object is proven gone.
func RemovedOutside(proof error) error { return removedOutsideError{error: proof} }

// asGone reports whether err is proof of absence.
func asGone(err error) (gone goneError, ok bool) {
	if proof, ok := errors.AsType[*removal.GoneError](err); ok {
		return removedOutsideError{proof, proof.Requested}, true
	}
	return errors.AsType[goneError](err)
}

// Default timeouts.
const (
	CreateTimeout = 5 * time.Minute
	UpdateTimeout = 5 * time.Minute
	readTimeout   = 5 * time.Minute
	DeleteTimeout = 10 * time.Minute
)

// verbs are the CRUD operations of a resource.
type verbs[M any] interface {
	create(context.Context, *M, *Request[M]) error
	read(context.Context, *M, *Request[M]) error
	update(context.Context, *M, *Request[M]) error
	delete(context.Context, *M, *Request[M]) error
}

// modelVerbs call the verbs of the model.
type modelVerbs[M any, P ResourceModel[M]] struct{}

func (modelVerbs[M, P]) create(ctx context.Context, m *M, op *Request[M]) error {
	return P(m).Create(ctx, op)
}

func (modelVerbs[M, P]) read(ctx context.Context, m *M, op *Request[M]) error {
	return P(m).Read(ctx, op)
}

func (modelVerbs[M, P]) update(ctx context.Context, m *M, op *Request[M]) error {
	return P(m).Update(ctx, op)
}

func (modelVerbs[M, P]) delete(ctx context.Context, m *M, op *Request[M]) error {
	return P(m).Delete(ctx, op)
}

// NewResource returns the resource seam_<name> with the model M.
func NewResource[M any, P ResourceModel[M]](name string, schema func(context.Context) schema.Schema) resource.Resource {
	return completeResource(&managedResource[M]{name: name, schema: schema, identity: identityByID, verbs: modelVerbs[M, P]{}})
}

// completeResource lists the framework interfaces that managedResource implements.
type completeResource interface {
	resource.ResourceWithConfigure
	resource.ResourceWithIdentity
	resource.ResourceWithImportState
	resource.ResourceWithModifyPlan
}

type managedResource[M any] struct {
	name     string // as in the type name
	schema   func(context.Context) schema.Schema
	identity identity
	findKey  keyLookup // nil if the noun has no key
	verbs    verbs[M]
	client   *seam.Client
}

func (r *managedResource[M]) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + r.name
}

func (r *managedResource[M]) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.schema(ctx)
}

func (r *managedResource[M]) IdentitySchema(ctx context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = r.identity.schema(r.schema(ctx))
}

func (r *managedResource[M]) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.client, _ = req.ProviderData.(*seam.Client)
}

// ImportState accepts an ID, key:<key> if the noun has a key, or an identity.
func (r *managedResource[M]) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := req.ID
	if key, isKey := strings.CutPrefix(id, "key:"); isKey && r.findKey != nil {
		if !requireConfigured(r.client, &resp.Diagnostics) {
			return
		}
		err := withReadTimeout(ctx, r.client, func(ctx context.Context) (err error) {
			id, err = r.findKey(ctx, r.client, key)
			return err
		})
		if err != nil {
			r.addErrors(ctx, &resp.Diagnostics, "import", err)
			return
		}
	}
	r.addErrors(ctx, &resp.Diagnostics, "import", r.identity.importInto(ctx, id, req, resp))
}

func (r *managedResource[M]) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	var m, prior M
	p := PlanRequest[M]{
		Client: r.client, private: req.Private, diags: &resp.Diagnostics,
		RequireReplace: func(attribute string) {
			resp.RequiresReplace = append(resp.RequiresReplace, path.Root(attribute))
		},
		Set: func(attribute string, value any) {
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(attribute), value)...)
		},
		MarkUnknown: func(attribute string) {
			resp.Diagnostics.Append(setUnknown(ctx, &resp.Plan, path.Root(attribute))...)
		},
	}
	if !req.State.Raw.IsNull() {
		p.Prior = &prior
		Decode(ctx, p.diags, req.State, &prior)
	}
	if !Decode(ctx, p.diags, req.Plan, &m) || !Decode(ctx, p.diags, req.Config, &p.Config) {
		return
	}
	p.run(ctx, &m)
}

func (r *managedResource[M]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m M
	op := Request[M]{private: resp.Private, diags: &resp.Diagnostics}
	if !Decode(ctx, op.diags, req.Plan, &m) || !Decode(ctx, op.diags, req.Config, &op.Config) || !r.prepare(ctx, &op, req.Plan, timeouts.Value.Create, CreateTimeout) {
		return
	}
	err := op.withTimeout(ctx, &m, r.verbs.create)
	made := tfsdk.State{Schema: resp.State.Schema, Raw: resp.State.Raw}
	op.diags.Append(made.Set(ctx, &m)...)
	if err == nil {
		made.Raw = keepPlanned(made.Raw, req.Plan.Raw)
	}
	// Once Seam has created the object, it is kept in the state even after an error. Terraform
	// marks it as tainted, so it can be destroyed.
	if r.identity.set(ctx, op.diags, resp.Identity, made) {
		resp.State.Raw = unknownToNull(made.Raw)
	}
	r.addErrors(ctx, op.diags, "create", err)
}

func (r *managedResource[M]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	op := Request[M]{Client: r.client, Timeout: readTimeout, private: resp.Private, diags: &resp.Diagnostics}
	r.identity.set(ctx, op.diags, resp.Identity, req.State)
	if r.client == nil {
		op.AddWarning("Not refreshed", "The provider's configuration is not known yet, so this object was not read from Seam.")
		return
	}
	m, err := r.readOnce(ctx, &op, req.State)
	if gone, ok := asGone(err); ok {
		op.AddWarning(gone.Summary(), gone.Error()+"\n\n"+gone.Advice())
		resp.State.RemoveResource(ctx)
		return
	}
	if err == nil && !op.diags.HasError() {
		op.diags.Append(resp.State.Set(ctx, &m)...)
	}
	r.addErrors(ctx, op.diags, "read", err)
}

// readOnce reads an object, unless it was read already: see [Unchanged].
func (r *managedResource[M]) readOnce(ctx context.Context, op *Request[M], state tfsdk.State) (m M, err error) {
	if done, ok := ctx.Value(readResultKey{}).(*readResult[M]); ok {
		op.diags.Append(done.diags...)
		for key, value := range done.private {
			op.diags.Append(op.private.SetKey(ctx, key, value)...)
		}
		return done.model, done.err
	}
	if Decode(ctx, op.diags, state, &m) {
		err = op.withTimeout(ctx, &m, r.verbs.read)
	}
	return m, err
}

func (r *managedResource[M]) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var m M
	op := Request[M]{private: resp.Private, diags: &resp.Diagnostics}
	if !Decode(ctx, op.diags, req.State, &op.Prior) {
		return
	}
	r.identity.set(ctx, op.diags, resp.Identity, req.State)
	if !Decode(ctx, op.diags, req.Plan, &m) || !Decode(ctx, op.diags, req.Config, &op.Config) || !r.prepare(ctx, &op, req.Plan, timeouts.Value.Update, UpdateTimeout) {
		return
	}
	err := op.withTimeout(ctx, &m, r.verbs.update)
	if err == nil {
		op.diags.Append(resp.State.Set(ctx, &m)...)
		resp.State.Raw = keepPlanned(keepPrior(resp.State.Raw, req.State.Raw), req.Plan.Raw)
	}
	r.addErrors(ctx, op.diags, "update", err)
}

func (r *managedResource[M]) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m M
	op := Request[M]{private: resp.Private, diags: &resp.Diagnostics}
	if !Decode(ctx, op.diags, req.State, &m) || !r.prepare(ctx, &op, req.State, timeouts.Value.Delete, DeleteTimeout) {
		return
	}
	r.addErrors(ctx, op.diags, "delete", r.verbs.delete(ctx, &m, &op))
}

// prepare sets the client and the timeout of an operation. The timeout is in the plan or the state.
func (r *managedResource[M]) prepare(ctx context.Context, op *Request[M], from attributeGetter, configured func(timeouts.Value, context.Context, time.Duration) (time.Duration, diag.Diagnostics), otherwise time.Duration) bool { //nolint:revive // a method expression
	var limits timeouts.Value
	if !requireConfigured(r.client, op.diags) || !DecodeAttribute(ctx, op.diags, from, "timeouts", &limits) {
		return false
	}
	timeout, d := configured(limits, ctx, otherwise)
	op.diags.Append(d...)
	op.Client, op.Timeout = r.client, timeout
	return !op.diags.HasError()
}

// withReadTimeout is withCheckedWorkspace for a read.
func withReadTimeout(ctx context.Context, client *seam.Client, work func(context.Context) error) error {
	return withCheckedWorkspace(ctx, client, readTimeout, work)
}

// withCheckedWorkspace is WithTimeout for work without an object in the state. It first checks that
// the credentials belong to the configured workspace.
func withCheckedWorkspace(ctx context.Context, client *seam.Client, timeout time.Duration, work func(context.Context) error) error {
	return WithTimeout(ctx, timeout, func(ctx context.Context) error {
		if err := client.CheckConfiguredWorkspace(ctx); err != nil {
			return err
		}
		return work(ctx)
	})
}

// WithTimeout runs work with a timeout.
func WithTimeout(ctx context.Context, timeout time.Duration, work func(context.Context) error) error {
	ctx, cancel := seam.WithTimeout(ctx, timeout)
	defer cancel()
	return work(ctx)
}

func (r *managedResource[M]) addErrors(ctx context.Context, diags *diag.Diagnostics, verb string, err error) {
	if err != nil {
		next := Advice(err, r.name)
		if verb == "delete" {
			next = "It is still in the state. " + next
			if strings.Contains(strings.ToLower(next), "run destroy again") {
				next += " If apply was to remove it, run apply again instead: destroy removes everything."
			}
		}
		addErrors(diags, errorSummary(verb, r.name), err, next, r.schema(ctx).Attributes)
	}
}

// Decode reads a configuration, plan or state into a model.
func Decode(ctx context.Context, diags *diag.Diagnostics, from interface {
	Get(context.Context, any) diag.Diagnostics
}, into any) bool {
	d := from.Get(ctx, into)
	diags.Append(d...)
	return !d.HasError()
}

// attributeGetter is a configuration, a plan or a state.
type attributeGetter interface {
	GetAttribute(context.Context, path.Path, any) diag.Diagnostics
}

// DecodeAttribute reads an attribute of a configuration, a plan or a state.
func DecodeAttribute(ctx context.Context, diags *diag.Diagnostics, from attributeGetter, attribute string, into any) bool {
	d := from.GetAttribute(ctx, path.Root(attribute), into)
	diags.Append(d...)
	return !d.HasError()
}
