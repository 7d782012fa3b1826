package core

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/removal"
)

// RemovalKey is the private state key of the [removal.Checkpoint] of a removal that is not yet
// proven.
const RemovalKey = "removal"

// RemovalAttribute is the attribute removal of a noun; what names the object.
func RemovalAttribute(what, proof string) schema.StringAttribute {
	modes := make([]string, len(removal.Modes))
	for i, mode := range removal.Modes {
		modes[i] = string(mode)
	}
	return schema.StringAttribute{
		MarkdownDescription: fmt.Sprintf("What destroy does: `verified` (default) waits for proof that %s; `verified_by_event` also waits for Seam's event; `requested` sends the delete request and does not wait; `abandoned` only removes the %s from the state. The last two prove nothing and add a warning. Destroy uses the value in the state, so apply a change before destroy.", proof, what),
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
