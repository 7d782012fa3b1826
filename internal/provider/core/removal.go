package core

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// RemovalKey is the private state key of the [removal.Checkpoint] of a removal that is not yet
// proven.
const RemovalKey = "removal"

// RemovalAttribute is the attribute removal of a noun; what names the object.
func RemovalAttribute(what, proof string) schema.StringAttribute {
	return removalAttribute(what, proof, " `verified_by_event` also waits for Seam's event;")
}

// RemovalAttributeWithoutEvent is the attribute of a noun whose removal Seam reports with no event.
func RemovalAttributeWithoutEvent(what, proof string) schema.StringAttribute {
	a := removalAttribute(what, proof, "")
	a.Validators = append(a.Validators, CheckString("Not `verified_by_event`.", "Invalid removal", func(mode string) string {
		if mode != string(removal.VerifiedByEvent) {
			return ""
		}
		return "Seam has no event that reports the removal of a " + what + ", so with verified_by_event a destroy could never finish.\n\nUse \"verified\", which is the default."
	}))
	return a
}

func removalAttribute(what, proof, byEvent string) schema.StringAttribute {
	modes := make([]string, len(removal.Modes))
	for i, mode := range removal.Modes {
		modes[i] = string(mode)
	}
	return schema.StringAttribute{
		MarkdownDescription: fmt.Sprintf("What destroy does: `verified` (default) waits for proof that %s;%s `requested` sends the delete request and does not wait; `abandoned` only removes the %s from the state. The last two prove nothing and add a warning. Destroy uses the value in the state, so apply a change before destroy.", proof, byEvent, what),
		Optional:            true, Validators: []validator.String{stringvalidator.OneOf(modes...)},
	}
}

// RemovalMode is the configured mode.
func RemovalMode(mode types.String) removal.Mode {
	if mode.IsNull() {
		return removal.Verified
	}
	return removal.Mode(mode.ValueString())
}

// NeedsProof reports whether the mode requires a proof.
func NeedsProof(mode types.String) bool {
	return RemovalMode(mode) == removal.Verified || RemovalMode(mode) == removal.VerifiedByEvent
}

// RemovalOptions are the removal options from the state.
func RemovalOptions[M any](ctx context.Context, op *Request[M], workspaceID, mode types.String) removal.Options {
	return removal.Options{
		WorkspaceID: workspaceID.ValueString(),
		Mode:        RemovalMode(mode),
		Timeout:     op.Timeout,
		Checkpoint:  GetPrivate[removal.Checkpoint](ctx, op, RemovalKey),
		Save:        func(checkpoint removal.Checkpoint) { op.SetPrivate(ctx, RemovalKey, checkpoint) },
		Warn:        op.AddWarning,
	}
}

// ExpiredKey is the private state key that is true once an object has ended and is gone.
const ExpiredKey = "expired"

// KeepRemoved keeps an object in the state that has ended and is gone, or whose removal is not proven.
// It reports whether the error of a read says so.
func KeepRemoved[M any](ctx context.Context, op *Request[M], noun string, err error) bool {
	if gone, ok := errors.AsType[*removal.GoneError](err); ok && gone.Expired {
		op.SetPrivate(ctx, ExpiredKey, true)
		if gone.Requested {
			op.SetPrivate(ctx, RemovalKey, nil) // the removal is complete, and its receipt is written
		}
		return true
	}
	return KeepUnproven(op, noun, err)
}

// KeepUnproven keeps an object in the state whose removal is not proven. It reports whether the error
// of a read says so.
func KeepUnproven[M any](op *Request[M], noun string, err error) bool {
	if !errors.Is(err, removal.ErrUnconfirmed) {
		return false
	}
	op.AddWarning("Removal not proven", err.Error()+"\n\nIt stays in the state, so that destroy can prove its removal. "+Advice(err, noun))
	return true
}

// RemainsOnLock reports whether an object is gone but an unmanaged code with its PIN is on a lock.
func RemainsOnLock(err error) bool {
	residual, ok := errors.AsType[*removal.ResidualError](err)
	return ok && len(residual.IDs) > 0
}

// Window is the time between two attributes.
func Window(startsAt, endsAt types.String) (w removal.Window) {
	w.StartsAt, _ = seam.ParseTime(startsAt.ValueString())
	w.EndsAt, _ = seam.ParseTime(endsAt.ValueString())
	return w
}

// CheckWindow rejects a window that ends before it begins, or in the past. An end that the plan does
// not move may be in the past.
func CheckWindow[M any](ctx context.Context, p *PlanRequest[M], startsAt, endsAt types.String, moved bool, noun string) {
	starts, startsKnown := seam.ParseTime(startsAt.ValueString())
	ends, endsKnown := seam.ParseTime(endsAt.ValueString())
	switch {
	case startsKnown && endsKnown && !ends.After(starts):
		p.AddAttributeError("ends_at", "ends_at is not later than starts_at.", "Set ends_at to a time after starts_at.")
	case endsKnown && moved && p.IsPast(ctx, ends):
		p.AddAttributeError("ends_at", "ends_at is in the past.", "Set ends_at to a time in the future, or remove the "+noun+" from the configuration.")
	}
}
