package access

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// spaceDevice is the model of seam_space_device.
type spaceDevice struct {
	core.Managed
	SpaceID  types.String `tfsdk:"space_id"`
	DeviceID types.String `tfsdk:"device_id"`
	Removal  types.String `tfsdk:"removal"`
}

var spaceDevices = core.DeclareModel[spaceDevice](core.Noun[spaceDevice, seam.Device, struct{}]{
	Name: "space_device",
	Doc: "One device in a space, for configurations in which the space belongs to somebody else. **It is access**: destroy takes the device from everyone with a grant on the space, " +
		"and finishes only when there is proof that their PINs are off the lock, unless a grant reaches the lock in another way.\n\n" +
		"Never use it for a space whose `seam_space` has `device_ids`: each would undo the other.",
	Identity: []string{"space_id", "device_id"},
	Attributes: map[string]schema.Attribute{
		"id":        core.ComputedStable("`space_id` and `device_id`, separated by a slash."),
		"space_id":  core.RequiredReplace("ID of the space."),
		"device_id": core.RequiredReplace("ID of the device."),
		"removal":   core.RemovalAttribute("membership", "no grant on the space opens the device any more"),
	},
})

func (m *spaceDevice) doors() seam.Doors {
	return seam.Doors{DeviceIDs: []string{m.DeviceID.ValueString()}}
}

func (m *spaceDevice) identify(workspace string) {
	m.Identify(workspace, m.SpaceID.ValueString()+"/"+m.DeviceID.ValueString())
}

func (m *spaceDevice) Create(ctx context.Context, op *core.Request[spaceDevice]) error {
	workspace, err := op.Client.Workspace(ctx)
	if err != nil {
		return err
	}
	m.identify(workspace) // before the request: after an error the device may be in the space all the same
	return op.Client.AddToSpace(ctx, m.SpaceID.ValueString(), m.doors())
}

// Read keeps a device that left the space until there is proof that the grants on the space do not
// open it any more.
func (m *spaceDevice) Read(ctx context.Context, op *core.Request[spaceDevice]) error {
	imported := m.WorkspaceID.IsNull()
	if err := op.Client.RequireWorkspace(ctx, m.WorkspaceID.ValueString()); err != nil {
		return err
	}
	workspace, err := op.Client.Workspace(ctx)
	if err != nil {
		return err
	}
	missing := seam.Doors{}
	if !imported {
		missing = m.doors()
	}
	inside, err := op.Client.DoorsOfSpace(ctx, m.SpaceID.ValueString(), missing)
	if err == nil {
		inside, err = op.Client.ConfirmReturned(ctx, m.SpaceID.ValueString(), inside, unproven(ctx, op))
	}
	if err != nil {
		return err
	}
	m.identify(workspace)
	listed := m.doors().Minus(inside).IsEmpty()
	if !listed && !imported && unproven(ctx, op).IsEmpty() { // the list may be out of date
		if listed, err = op.Client.IsInSpace(ctx, m.SpaceID.ValueString(), m.DeviceID.ValueString()); err != nil {
			return err
		}
	}
	if listed {
		op.SetPrivate(ctx, takenOutKey, nil)
		return nil
	}
	gone := fmt.Errorf("device %s is not in space %s any more", m.DeviceID.ValueString(), m.SpaceID.ValueString())
	switch {
	case imported:
		return seam.NewAdvice(fmt.Sprintf("There is no membership %s in this workspace: the device is not in the space.", m.ID.ValueString()), "Check the ids; the import ID is space_id/device_id.")
	case !core.NeedsProof(m.Removal):
		return core.RemovedOutside(fmt.Errorf("%s: %w", m.ID.ValueString(), gone))
	}
	err = removal.VerifyOutOfSpace(ctx, op.Client, m.SpaceID.ValueString(), m.doors(), takeOutOptions(ctx, op, m.WorkspaceID, m.Removal))
	if err == nil {
		return core.RemovedOutside(fmt.Errorf("%s: %w, and the grants on the space do not open it any more", m.ID.ValueString(), gone))
	}
	op.AddWarning("Removal not proven", err.Error()+"\n\nIt stays in the state, so that destroy can prove its removal. "+core.Advice(err, "space_device"))
	return nil
}

// Plan replaces a device that left the space without proof: destroy proves it, and create adds it again.
func (m *spaceDevice) Plan(ctx context.Context, p *core.PlanRequest[spaceDevice]) {
	if p.Prior != nil && core.GetPrivate[removal.Checkpoint](ctx, p, takenOutKey).TakenOut != nil {
		p.MarkUnknown("id")
		p.RequireReplace("id")
	}
}

// Update has nothing to send: only the removal mode and the timeouts can change.
func (m *spaceDevice) Update(ctx context.Context, op *core.Request[spaceDevice]) error {
	return op.Client.RequireWorkspace(ctx, op.Prior.WorkspaceID.ValueString())
}

func (m *spaceDevice) Delete(ctx context.Context, op *core.Request[spaceDevice]) error {
	if core.RemovalMode(m.Removal) == removal.Abandoned {
		op.AddWarning("Membership abandoned, not removed", fmt.Sprintf("%s was removed from the state only, because removal = \"abandoned\". The device is still in the space.", m.ID.ValueString()))
		return nil
	}
	return core.WithTimeout(ctx, op.Timeout, func(ctx context.Context) error {
		return removal.TakeOutOfSpace(ctx, op.Client, m.SpaceID.ValueString(), m.doors(), takeOutOptions(ctx, op, m.WorkspaceID, m.Removal))
	})
}
