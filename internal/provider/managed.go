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

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// record is a Terraform model that keeps itself in step with Seam. Its verbs report
// plain errors; [managed] makes diagnostics and state of them. An error of read that is
// [departed] takes the object out of the state.
type record[M any] interface {
	*M
	id() types.String
	timeout() timeouts.Value
	plan(context.Context, *planning[M])
	create(context.Context, *operation[M]) error
	read(context.Context, *operation[M]) error
	update(context.Context, *operation[M]) error
	delete(context.Context, *operation[M]) error
}

// departed says that an object is gone, on proof.
type departed interface {
	error
	Summary() string
	Advice() string
}

// removedOutside makes a proof of absence departed.
type removedOutside struct{ error }

func (removedOutside) Summary() string { return "Removed outside Terraform" }
func (removedOutside) Advice() string {
	return "The next apply creates it anew if it is still in the configuration."
}

// operation is what a verb works with besides its model.
type operation[M any] struct {
	seam    *seam.Client
	config  M             // create and update: the only place of write-only values
	prior   M             // update: the state before
	timeout time.Duration // create, update and read end with it; delete counts it itself
	private private
	diags   *diag.Diagnostics
}

// planning is what a plan is checked with. It is never made for a destroy.
type planning[M any] struct {
	seam     *seam.Client // nil while the provider's configuration is not known
	config   M
	prior    *M // nil when the object is to be created
	now      time.Time
	private  private
	diags    *diag.Diagnostics
	rejected bool                   // by the plan's own checks
	reached  *bool                  // whether Seam answered; nil until it is asked
	replace  func(attribute string) // plans a new object because of this attribute
	redo     func(attribute string) // plans an update by making this computed attribute unknown
}

// private is the part of the state that only the provider sees.
type private interface {
	GetKey(context.Context, string) ([]byte, diag.Diagnostics)
	SetKey(context.Context, string, []byte) diag.Diagnostics
}

func (op *operation[M]) warn(summary, detail string) { op.diags.AddWarning(summary, detail) }

// recall reads what an earlier operation kept under a key. What is not there is zero.
func recall[T any](ctx context.Context, from private, diags *diag.Diagnostics, key string) (value T) {
	raw, d := from.GetKey(ctx, key)
	diags.Append(d...)
	if raw != nil {
		if err := json.Unmarshal(raw, &value); err != nil {
			diags.AddWarning("Unreadable private state", fmt.Sprintf("What an earlier run kept as %q cannot be read and is ignored: %v", key, err))
		}
	}
	return value
}

// keep stores value under a key; nil forgets the key.
func (op *operation[M]) keep(ctx context.Context, key string, value any) {
	var raw []byte
	if value != nil {
		var err error
		if raw, err = json.Marshal(value); err != nil {
			op.diags.AddWarning("Private state not kept", err.Error())
		}
	}
	op.diags.Append(op.private.SetKey(ctx, key, raw)...)
}

// past reports whether a time is over by Seam's clock. It is not, as long as Seam cannot
// be asked.
func (p *planning[M]) past(ctx context.Context, t time.Time) bool {
	ctx, cancel := context.WithTimeout(ctx, clockTime)
	defer cancel()
	return p.seam != nil && p.seam.IsPast(ctx, t)
}

func (p *planning[M]) reject(attribute, problem, next string) {
	p.rejected = true
	p.diags.AddAttributeError(path.Root(attribute), "Invalid "+attribute, problem+"\n\n"+next)
}

func (p *planning[M]) warn(attribute, summary, detail string) {
	p.diags.AddAttributeWarning(path.Root(attribute), summary, detail)
}

// clockTime is how long a plan waits for Seam to tell the time.
const clockTime = 15 * time.Second

// Timeouts of the verbs that have none configured.
const (
	createTimeout = 5 * time.Minute
	readTimeout   = 5 * time.Minute
	updateTimeout = 5 * time.Minute
	deleteTimeout = 10 * time.Minute
)

// managed is the resource whose instances are records of type M. It knows verbs, state
// and diagnostics, and nothing about any noun.
type managed[M any, P record[M]] struct {
	noun   string // as in the type name
	schema func(context.Context) schema.Schema
	client *seam.Client
}

var (
	_ resource.ResourceWithConfigure   = (*managed[accessCode, *accessCode])(nil)
	_ resource.ResourceWithIdentity    = (*managed[accessCode, *accessCode])(nil)
	_ resource.ResourceWithImportState = (*managed[accessCode, *accessCode])(nil)
	_ resource.ResourceWithModifyPlan  = (*managed[accessCode, *accessCode])(nil)
)

func (r *managed[M, P]) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + r.noun
}

func (r *managed[M, P]) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.schema(ctx)
}

func (r *managed[M, P]) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"id": identityschema.StringAttribute{RequiredForImport: true, Description: "Seam's id of the object."},
	}}
}

func (r *managed[M, P]) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.client, _ = req.ProviderData.(*seam.Client)
}

func (r *managed[M, P]) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	resource.ImportStatePassthroughWithIdentity(ctx, path.Root("id"), path.Root("id"), req, resp)
}

func (r *managed[M, P]) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	var m, prior M
	p := planning[M]{
		seam: r.client, now: time.Now(), private: req.Private, diags: &resp.Diagnostics,
		replace: func(attribute string) {
			resp.RequiresReplace = append(resp.RequiresReplace, path.Root(attribute))
		},
		redo: func(attribute string) {
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
		if !p.rejected {
			p.reaches(ctx)
		}
	}
}

func (r *managed[M, P]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m M
	op := operation[M]{private: resp.Private, diags: &resp.Diagnostics}
	if !decode(ctx, op.diags, req.Plan, &m) || !decode(ctx, op.diags, req.Config, &op.config) || !r.begin(ctx, &op, P(&m).timeout().Create, createTimeout) {
		return
	}
	err := op.within(ctx, P(&m).create)
	id := P(&m).id()
	if id.IsUnknown() || id.IsNull() {
		r.report(ctx, op.diags, "create", err)
		return
	}
	// An object that Seam has made is kept whatever went wrong: tainted, so that it can be
	// destroyed.
	identify(ctx, op.diags, resp.Identity, id)
	op.diags.Append(resp.State.Set(ctx, &m)...)
	resp.State.Raw = unknownToNull(resp.State.Raw)
	r.report(ctx, op.diags, "create", err)
}

func (r *managed[M, P]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m M
	op := operation[M]{private: resp.Private, diags: &resp.Diagnostics}
	if !decode(ctx, op.diags, req.State, &m) {
		return
	}
	identify(ctx, op.diags, resp.Identity, P(&m).id())
	if r.client == nil {
		op.warn("Not refreshed", "The provider's configuration is not known yet, so the state of this object is taken as it is.")
		return
	}
	op.seam, op.timeout = r.client, readTimeout
	err := op.within(ctx, P(&m).read)
	if gone, ok := errors.AsType[departed](err); ok {
		op.warn(gone.Summary(), gone.Error()+"\n\n"+gone.Advice())
		resp.State.RemoveResource(ctx)
		return
	}
	if err == nil {
		op.diags.Append(resp.State.Set(ctx, &m)...)
	}
	r.report(ctx, op.diags, "read", err)
}

func (r *managed[M, P]) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var m M
	op := operation[M]{private: resp.Private, diags: &resp.Diagnostics}
	if !decode(ctx, op.diags, req.State, &op.prior) {
		return
	}
	identify(ctx, op.diags, resp.Identity, P(&op.prior).id())
	if !decode(ctx, op.diags, req.Plan, &m) || !decode(ctx, op.diags, req.Config, &op.config) || !r.begin(ctx, &op, P(&m).timeout().Update, updateTimeout) {
		return
	}
	err := op.within(ctx, P(&m).update)
	if err == nil {
		op.diags.Append(resp.State.Set(ctx, &m)...)
	}
	r.report(ctx, op.diags, "update", err)
}

func (r *managed[M, P]) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m M
	op := operation[M]{private: resp.Private, diags: &resp.Diagnostics}
	if !decode(ctx, op.diags, req.State, &m) || !r.begin(ctx, &op, P(&m).timeout().Delete, deleteTimeout) {
		return
	}
	r.report(ctx, op.diags, "delete", P(&m).delete(ctx, &op))
}

// begin readies an operation that needs Seam.
func (r *managed[M, P]) begin(ctx context.Context, op *operation[M], wanted func(context.Context, time.Duration) (time.Duration, diag.Diagnostics), otherwise time.Duration) bool {
	if !configured(r.client, op.diags) {
		return false
	}
	timeout, d := wanted(ctx, otherwise)
	op.diags.Append(d...)
	op.seam, op.timeout = r.client, timeout
	return !op.diags.HasError()
}

// within runs a verb that has to end in the operation's time.
func (op *operation[M]) within(ctx context.Context, verb func(context.Context, *operation[M]) error) error {
	return within(ctx, op.timeout, func(ctx context.Context) error { return verb(ctx, op) })
}

// asking is within for what only reads, or is over with the run: it is not done in another
// workspace than the configured one.
func asking(ctx context.Context, client *seam.Client, work func(context.Context) error) error {
	return within(ctx, readTimeout, func(ctx context.Context) error {
		if err := client.CheckConfiguredWorkspace(ctx); err != nil {
			return err
		}
		return work(ctx)
	})
}

func within(ctx context.Context, timeout time.Duration, work func(context.Context) error) error {
	ctx, cancel := seam.WithTimeout(ctx, timeout)
	defer cancel()
	return work(ctx)
}

func (r *managed[M, P]) report(ctx context.Context, diags *diag.Diagnostics, verb string, err error) {
	if err != nil {
		report(diags, title(verb, r.noun), err, r.schema(ctx).Attributes)
	}
}

// identify records the identity, which the framework wants even for an object that is
// gone.
func identify(ctx context.Context, diags *diag.Diagnostics, identity *tfsdk.ResourceIdentity, id types.String) {
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

func decodeAt(ctx context.Context, diags *diag.Diagnostics, from tfsdk.Config, attribute string, into any) bool {
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
