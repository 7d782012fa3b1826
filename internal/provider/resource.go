package provider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// resourceModel is a Terraform model that keeps itself in step with Seam. Its verbs report
// plain errors; [managedResource] makes diagnostics and state of them. An error of read that is
// [goneError] takes the object out of the state.
type resourceModel[M any] interface {
	*M
	id() types.String
	timeout() timeouts.Value
	plan(context.Context, *planRequest[M])
	create(context.Context, *crudRequest[M]) error
	read(context.Context, *crudRequest[M]) error
	update(context.Context, *crudRequest[M]) error
	delete(context.Context, *crudRequest[M]) error
}

// goneError says that an object is gone, on proof.
type goneError interface {
	error
	Summary() string
	Advice() string
}

// removedOutsideError makes a goneError of a proof of absence.
type removedOutsideError struct {
	error
	requested bool // by an earlier run, so that it only came late
}

func (e removedOutsideError) Summary() string {
	if e.requested {
		return "Removal complete"
	}
	return "Removed outside Terraform"
}

func (removedOutsideError) Advice() string {
	return "The next apply creates it anew if it is still in the configuration."
}

// crudRequest is what a verb works with besides its model.
type crudRequest[M any] struct {
	client  *seam.Client
	config  M             // create and update: the only place of write-only values
	prior   M             // update: the state before
	timeout time.Duration // create, update and read end with it; delete counts it itself
	private privateState
	diags   *diag.Diagnostics
}

// planRequest is what a plan is checked with. It is never made for a destroy.
type planRequest[M any] struct {
	client         *seam.Client // nil while the provider's configuration is not known
	config         M
	prior          *M // nil when the object is to be created
	now            time.Time
	private        privateState
	diags          *diag.Diagnostics
	hasErrors      bool                   // by the plan's own checks
	reachable      *bool                  // whether Seam answered; nil until it is asked
	requireReplace func(attribute string) // plans a new object because of this attribute
	markUnknown    func(attribute string) // plans an update by making this computed attribute unknown
}

// privateState is the part of the state that only the provider sees.
type privateState interface {
	GetKey(context.Context, string) ([]byte, diag.Diagnostics)
	SetKey(context.Context, string, []byte) diag.Diagnostics
}

func (op *crudRequest[M]) addWarning(summary, detail string) { op.diags.AddWarning(summary, detail) }

// getPrivate reads what an earlier operation kept under a key. What is not there is zero.
func getPrivate[T any](ctx context.Context, from privateState, diags *diag.Diagnostics, key string) (value T) {
	raw, d := from.GetKey(ctx, key)
	diags.Append(d...)
	if raw != nil {
		if err := json.Unmarshal(raw, &value); err != nil {
			diags.AddWarning("Unreadable private state", fmt.Sprintf("What an earlier run kept as %q cannot be read and is ignored: %v", key, err))
		}
	}
	return value
}

// setPrivate stores value under a key; nil forgets the key.
func (op *crudRequest[M]) setPrivate(ctx context.Context, key string, value any) {
	var raw []byte
	if value != nil {
		var err error
		if raw, err = json.Marshal(value); err != nil {
			op.diags.AddWarning("Private state not kept", err.Error())
		}
	}
	op.diags.Append(op.private.SetKey(ctx, key, raw)...)
}

// isPast reports whether a time is over by Seam's clock. It is not, as long as Seam cannot
// be asked.
func (p *planRequest[M]) isPast(ctx context.Context, t time.Time) bool {
	ctx, cancel := context.WithTimeout(ctx, clockTimeout)
	defer cancel()
	return p.client != nil && p.client.IsPast(ctx, t)
}

func (p *planRequest[M]) addAttributeError(attribute, problem, next string) {
	p.hasErrors = true
	p.diags.AddAttributeError(path.Root(attribute), "Invalid "+attribute, problem+"\n\n"+next)
}

func (p *planRequest[M]) addAttributeWarning(attribute, summary, detail string) {
	p.diags.AddAttributeWarning(path.Root(attribute), summary, detail)
}

// clockTimeout is how long a plan waits for Seam to tell the time.
const clockTimeout = 15 * time.Second

// Timeouts of the verbs that have none configured.
const (
	createTimeout = 5 * time.Minute
	readTimeout   = 5 * time.Minute
	updateTimeout = 5 * time.Minute
	deleteTimeout = 10 * time.Minute
)

// managedResource is the resource whose instances are models of type M. It knows verbs, state
// and diagnostics, and nothing about any noun.
type managedResource[M any, P resourceModel[M]] struct {
	name   string // as in the type name
	schema func(context.Context) schema.Schema
	client *seam.Client
}

var (
	_ resource.ResourceWithConfigure   = (*managedResource[accessCode, *accessCode])(nil)
	_ resource.ResourceWithIdentity    = (*managedResource[accessCode, *accessCode])(nil)
	_ resource.ResourceWithImportState = (*managedResource[accessCode, *accessCode])(nil)
	_ resource.ResourceWithModifyPlan  = (*managedResource[accessCode, *accessCode])(nil)
)

func (r *managedResource[M, P]) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + r.name
}

func (r *managedResource[M, P]) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.schema(ctx)
}

func (r *managedResource[M, P]) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"id": identityschema.StringAttribute{RequiredForImport: true, Description: "Seam's id of the object."},
	}}
}

func (r *managedResource[M, P]) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.client, _ = req.ProviderData.(*seam.Client)
}

func (r *managedResource[M, P]) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	resource.ImportStatePassthroughWithIdentity(ctx, path.Root("id"), path.Root("id"), req, resp)
}

func (r *managedResource[M, P]) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	var m, prior M
	p := planRequest[M]{
		client: r.client, now: time.Now(), private: req.Private, diags: &resp.Diagnostics,
		requireReplace: func(attribute string) {
			resp.RequiresReplace = append(resp.RequiresReplace, path.Root(attribute))
		},
		markUnknown: func(attribute string) {
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(attribute), types.StringUnknown())...)
		},
	}
	if r.client != nil {
		p.now = r.client.Now()
	}
	if !req.State.Raw.IsNull() {
		p.prior = &prior
		decode(ctx, p.diags, req.State, &prior)
	}
	if decode(ctx, p.diags, req.Plan, &m) && decode(ctx, p.diags, req.Config, &p.config) {
		P(&m).plan(ctx, &p)
		if !p.hasErrors {
			p.checkReachable(ctx)
		}
	}
}

func (r *managedResource[M, P]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m M
	op := crudRequest[M]{private: resp.Private, diags: &resp.Diagnostics}
	if !decode(ctx, op.diags, req.Plan, &m) || !decode(ctx, op.diags, req.Config, &op.config) || !r.prepare(ctx, &op, P(&m).timeout().Create, createTimeout) {
		return
	}
	err := op.withTimeout(ctx, P(&m).create)
	id := P(&m).id()
	if id.IsUnknown() || id.IsNull() {
		r.addErrors(ctx, op.diags, "create", err)
		return
	}
	// An object that Seam has made is kept whatever went wrong: tainted, so that it can be
	// destroyed.
	setIdentity(ctx, op.diags, resp.Identity, id)
	op.diags.Append(resp.State.Set(ctx, &m)...)
	resp.State.Raw = unknownToNull(resp.State.Raw)
	r.addErrors(ctx, op.diags, "create", err)
}

func (r *managedResource[M, P]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m M
	op := crudRequest[M]{private: resp.Private, diags: &resp.Diagnostics}
	if !decode(ctx, op.diags, req.State, &m) {
		return
	}
	setIdentity(ctx, op.diags, resp.Identity, P(&m).id())
	if r.client == nil {
		op.addWarning("Not refreshed", "The provider's configuration is not known yet, so the state of this object is taken as it is.")
		return
	}
	op.client, op.timeout = r.client, readTimeout
	err := op.withTimeout(ctx, P(&m).read)
	if gone, ok := asGone(err); ok {
		op.addWarning(gone.Summary(), gone.Error()+"\n\n"+gone.Advice())
		resp.State.RemoveResource(ctx)
		return
	}
	if err == nil {
		op.diags.Append(resp.State.Set(ctx, &m)...)
	}
	r.addErrors(ctx, op.diags, "read", err)
}

func (r *managedResource[M, P]) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var m M
	op := crudRequest[M]{private: resp.Private, diags: &resp.Diagnostics}
	if !decode(ctx, op.diags, req.State, &op.prior) {
		return
	}
	setIdentity(ctx, op.diags, resp.Identity, P(&op.prior).id())
	if !decode(ctx, op.diags, req.Plan, &m) || !decode(ctx, op.diags, req.Config, &op.config) || !r.prepare(ctx, &op, P(&m).timeout().Update, updateTimeout) {
		return
	}
	err := op.withTimeout(ctx, P(&m).update)
	if err == nil {
		op.diags.Append(resp.State.Set(ctx, &m)...)
	}
	r.addErrors(ctx, op.diags, "update", err)
}

func (r *managedResource[M, P]) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m M
	op := crudRequest[M]{private: resp.Private, diags: &resp.Diagnostics}
	if !decode(ctx, op.diags, req.State, &m) || !r.prepare(ctx, &op, P(&m).timeout().Delete, deleteTimeout) {
		return
	}
	r.addErrors(ctx, op.diags, "delete", P(&m).delete(ctx, &op))
}

// prepare readies an operation that needs Seam.
func (r *managedResource[M, P]) prepare(ctx context.Context, op *crudRequest[M], wanted func(context.Context, time.Duration) (time.Duration, diag.Diagnostics), otherwise time.Duration) bool {
	if !requireConfigured(r.client, op.diags) {
		return false
	}
	timeout, d := wanted(ctx, otherwise)
	op.diags.Append(d...)
	op.client, op.timeout = r.client, timeout
	return !op.diags.HasError()
}

// withTimeout runs a verb that has to end in the request's time.
func (op *crudRequest[M]) withTimeout(ctx context.Context, verb func(context.Context, *crudRequest[M]) error) error {
	return withTimeout(ctx, op.timeout, func(ctx context.Context) error { return verb(ctx, op) })
}

// withReadTimeout is withTimeout for what only reads, or is over with the run: it is not done in another
// workspace than the configured one.
func withReadTimeout(ctx context.Context, client *seam.Client, work func(context.Context) error) error {
	return withTimeout(ctx, readTimeout, func(ctx context.Context) error {
		if err := client.CheckConfiguredWorkspace(ctx); err != nil {
			return err
		}
		return work(ctx)
	})
}

func withTimeout(ctx context.Context, timeout time.Duration, work func(context.Context) error) error {
	ctx, cancel := seam.WithTimeout(ctx, timeout)
	defer cancel()
	return work(ctx)
}

// asGone finds out whether err is a proof of absence.
func asGone(err error) (gone goneError, ok bool) {
	if proof, ok := errors.AsType[*removal.GoneError](err); ok {
		return removedOutsideError{proof, proof.Requested}, true
	}
	return errors.AsType[goneError](err)
}

func (r *managedResource[M, P]) addErrors(ctx context.Context, diags *diag.Diagnostics, verb string, err error) {
	if err != nil {
		next := advice(err, r.name)
		if verb == "delete" {
			next = "The state keeps it. " + next
		}
		addErrors(diags, errorSummary(verb, r.name), err, next, r.schema(ctx).Attributes)
	}
}

// setIdentity records the identity, which the framework wants even for an object that is
// gone.
func setIdentity(ctx context.Context, diags *diag.Diagnostics, identity *tfsdk.ResourceIdentity, id types.String) {
	if identity != nil && !id.IsUnknown() && !id.IsNull() {
		diags.Append(identity.SetAttribute(ctx, path.Root("id"), id)...)
	}
}

func decode(ctx context.Context, diags *diag.Diagnostics, from interface {
	Get(context.Context, any) diag.Diagnostics
}, into any) bool {
	d := from.Get(ctx, into)
	diags.Append(d...)
	return !d.HasError()
}

func decodeAttribute(ctx context.Context, diags *diag.Diagnostics, from tfsdk.Config, attribute string, into any) bool {
	d := from.GetAttribute(ctx, path.Root(attribute), into)
	diags.Append(d...)
	return !d.HasError()
}

// unknownToNull makes a half-made object fit for the state.
func unknownToNull(raw tftypes.Value) tftypes.Value {
	known, err := tftypes.Transform(raw, func(_ *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if !v.IsKnown() {
			return tftypes.NewValue(v.Type(), nil), nil
		}
		return v, nil
	})
	if err != nil {
		return raw
	}
	return known
}
