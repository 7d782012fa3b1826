package access

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// takenOutKey is the private state key of the [removal.Checkpoint] of doors that left a space
// without proof.
const takenOutKey = "taken_out"

func (m *space) Create(ctx context.Context, op *core.Request[space]) error {
	in := m.changes(&space{})
	in.Key, in.CustomerKey = m.SpaceKey.ValueString(), m.CustomerKey.ValueString()
	in.DeviceIDs, in.EntranceIDs, in.AccountIDs = core.StringsOf(m.DeviceIDs), core.StringsOf(m.EntranceIDs), core.StringsOf(m.AccountIDs)
	made, err := op.Client.CreateSpace(ctx, in)
	if err != nil {
		return err
	}
	err = m.SetID(ctx, op.Client, made.ID)
	m.CreatedAt, m.UnprovenDoorIDs = core.PreserveSpelling(made.CreatedAt, types.StringNull()), core.SetOf(nil)
	return err
}

func (m *space) Read(ctx context.Context, op *core.Request[space]) error {
	imported := m.WorkspaceID.IsNull()
	found, err := seam.Spaces.Refresh(ctx, op.Client, m.Ref())
	if err != nil {
		return m.readError(ctx, op, err)
	}
	workspace, err := op.Client.Workspace(ctx)
	if err != nil {
		return err
	}
	held := m.doors()
	inside, err := op.Client.DoorsOfSpace(ctx, found.ID, held)
	if err == nil {
		inside, err = op.Client.ConfirmReturned(ctx, found.ID, inside, unproven(ctx, op))
	}
	if err != nil {
		return err
	}
	m.Identify(workspace, found.ID)
	m.fromAPI(found)
	if imported {
		m.setDoors(inside)
		m.UnprovenDoorIDs = core.SetOf(nil)
		return nil
	}
	if !m.AccountIDs.IsNull() {
		accounts, err := op.Client.AccountsOfSpace(ctx, found.ID)
		if err != nil {
			return err
		}
		m.AccountIDs = core.SetOrEmpty(accounts)
	}
	if !m.DeviceIDs.IsNull() {
		m.DeviceIDs = core.SetOrEmpty(inside.DeviceIDs)
	}
	if !m.EntranceIDs.IsNull() {
		m.EntranceIDs = core.SetOrEmpty(inside.EntranceIDs)
	}
	m.verifyTakenOut(ctx, op, held.Plus(unproven(ctx, op)).Minus(inside))
	return nil
}

// readError keeps a space that is gone in the state while an earlier change is not proven.
func (m *space) readError(ctx context.Context, op *core.Request[space], err error) error {
	if _, gone := errors.AsType[*seam.NotFoundError](err); gone {
		if m.verifyTakenOut(ctx, op, unproven(ctx, op)); !m.UnprovenDoorIDs.IsNull() {
			return nil
		}
	}
	return m.ReadError(err)
}

// verifyTakenOut proves that the doors that left the space are closed to its grants, or records
// that this is not proven.
func (m *space) verifyTakenOut(ctx context.Context, op *core.Request[space], doors seam.Doors) {
	if m.UnprovenDoorIDs = core.SetOf(nil); doors.IsEmpty() || !core.NeedsProof(m.Removal) {
		op.SetPrivate(ctx, takenOutKey, nil)
		return
	}
	err := removal.VerifyOutOfSpace(ctx, op.Client, m.ID.ValueString(), doors, takeOutOptions(ctx, op, m.WorkspaceID, m.Removal))
	if err == nil {
		op.SetPrivate(ctx, takenOutKey, nil)
		return
	}
	m.UnprovenDoorIDs = core.SetOf(doors.IDs())
	op.AddWarning("Removal not proven", err.Error()+"\n\nThe next apply repeats the proof, or puts the door back if the configuration has it. "+core.Advice(err, "space"))
}

// takeOutOptions are those of a change of a space's doors, with the checkpoint of an earlier one.
func takeOutOptions[M any](ctx context.Context, op *core.Request[M], workspaceID, mode types.String) removal.Options {
	o := core.RemovalOptions(ctx, op, workspaceID, mode)
	o.Checkpoint = core.GetPrivate[removal.Checkpoint](ctx, op, takenOutKey)
	o.Save = func(c removal.Checkpoint) { op.SetPrivate(ctx, takenOutKey, c) }
	return o
}

// unproven are the doors that left the space without proof.
func unproven[M any](ctx context.Context, op *core.Request[M]) seam.Doors {
	if c := core.GetPrivate[removal.Checkpoint](ctx, op, takenOutKey); c.TakenOut != nil {
		return *c.TakenOut
	}
	return seam.Doors{}
}

func (m *space) Update(ctx context.Context, op *core.Request[space]) error {
	if err := op.Client.RequireWorkspace(ctx, op.Prior.WorkspaceID.ValueString()); err != nil {
		return err
	}
	if in := m.changes(&op.Prior); !reflect.ValueOf(in).IsZero() {
		if _, err := seam.Spaces.Update(ctx, op.Client, op.Prior.Ref(), in); err != nil {
			return err
		}
	}
	if err := m.updateAccounts(ctx, op); err != nil {
		return err
	}
	held, err := heldDoors(ctx, op.Client, m, &op.Prior)
	if err != nil {
		return err
	}
	planned, left := m.plannedDoors(held), unproven(ctx, op)
	if err := m.checkPutBack(ctx, op, left.Minus(left.Minus(planned))); err != nil {
		return err
	}
	if err := op.Client.AddToSpace(ctx, m.ID.ValueString(), planned.Minus(held.Minus(left))); err != nil {
		return err
	}
	return m.takeOut(ctx, op, held.Plus(left).Minus(planned))
}

// checkPutBack fails if something that may be a PIN of an earlier grant is on a door that is to be put
// back: once the door is in the space again, nothing would look for it.
func (m *space) checkPutBack(ctx context.Context, op *core.Request[space], doors seam.Doors) error {
	if doors.IsEmpty() || !core.NeedsProof(m.Removal) {
		return nil
	}
	err := removal.VerifyOutOfSpace(ctx, op.Client, m.ID.ValueString(), doors, takeOutOptions(ctx, op, m.WorkspaceID, m.Removal))
	if _, residual := errors.AsType[*removal.ResidualError](err); residual {
		return err
	}
	return nil // the access that is still there stays
}

// takeOut takes doors out of the space, with proof.
func (m *space) takeOut(ctx context.Context, op *core.Request[space], doors seam.Doors) error {
	if !doors.IsEmpty() {
		if err := removal.TakeOutOfSpace(ctx, op.Client, m.ID.ValueString(), doors, takeOutOptions(ctx, op, m.WorkspaceID, m.Removal)); err != nil {
			return err
		}
	}
	op.SetPrivate(ctx, takenOutKey, nil)
	m.UnprovenDoorIDs = core.SetOf(nil)
	return nil
}

// changes are the name and the customer data that differ from prior.
func (m *space) changes(prior *space) (in seam.SpaceInput) {
	if !m.Name.Equal(prior.Name) {
		in.Name = m.Name.ValueString()
	}
	before, after := prior.CustomerData.Elements(), m.CustomerData.Elements()
	for _, name := range customerData {
		value, _ := after[name].(types.String)
		if held, _ := before[name].(types.String); value.Equal(held) {
			continue
		}
		if in.CustomerData == nil {
			in.CustomerData = map[string]*string{}
		}
		in.CustomerData[name] = value.ValueStringPointer()
	}
	return in
}

func (m *space) updateAccounts(ctx context.Context, op *core.Request[space]) error {
	if m.AccountIDs.IsNull() {
		return nil
	}
	planned, held := core.StringsOf(m.AccountIDs), core.StringsOf(op.Prior.AccountIDs)
	if op.Prior.AccountIDs.IsNull() {
		var err error
		if held, err = op.Client.AccountsOfSpace(ctx, m.ID.ValueString()); err != nil {
			return err
		}
	}
	for _, id := range slices.Concat(planned, held) {
		wanted := slices.Contains(planned, id)
		if wanted == slices.Contains(held, id) {
			continue
		}
		if err := op.Client.SetAccountOfSpace(ctx, m.ID.ValueString(), id, wanted); err != nil {
			return err
		}
	}
	return nil
}

// Delete deletes a space that no access grant uses. With force_destroy, it first takes all doors out.
func (m *space) Delete(ctx context.Context, op *core.Request[space]) error {
	if core.RemovalMode(m.Removal) == removal.Abandoned {
		op.AddWarning("Space abandoned, not removed", fmt.Sprintf("Space %s was removed from the state only, because removal = \"abandoned\". It stays in Seam, and its doors stay open for the access grants on it.", m.ID.ValueString()))
		return nil
	}
	return core.WithTimeout(ctx, op.Timeout, func(ctx context.Context) error {
		_, err := seam.Spaces.Get(ctx, op.Client, m.Ref())
		_, gone := errors.AsType[*seam.NotFoundError](err)
		if err != nil && !gone {
			return err
		}
		doors, err := m.doorsToClose(ctx, op)
		if err != nil {
			return err
		}
		if err := m.takeOut(ctx, op, doors.Plus(unproven(ctx, op))); err != nil {
			return err
		}
		return seam.Spaces.Delete(ctx, op.Client, m.Ref())
	})
}

// doorsToClose returns the doors that have to leave the space before it is deleted: all of them if
// access grants use it, else none.
func (m *space) doorsToClose(ctx context.Context, op *core.Request[space]) (seam.Doors, error) {
	grants, err := grantsOn(ctx, op.Client, m.ID.ValueString())
	if err != nil || len(grants) == 0 {
		return seam.Doors{}, err
	}
	if !m.ForceDestroy.ValueBool() {
		return seam.Doors{}, seam.NewAdvice(fmt.Sprintf("Access grants use space %s: %s.", m.ID.ValueString(), seam.JoinLimited(grants)),
			"Delete the access grants first. If they are managed by Terraform, reference the seam_space from them, so that Terraform destroys them first. To take its doors from these grants, set force_destroy = true, apply, and destroy.")
	}
	op.Client.InvalidateDoors()
	inside, err := op.Client.DoorsOfSpace(ctx, m.ID.ValueString(), m.doors())
	return inside.Plus(m.doors()), err // the list may be out of date
}

// grantsOn are the IDs of the access grants on a space.
func grantsOn(ctx context.Context, client *seam.Client, spaceID string) (ids []string, err error) {
	grants, err := client.GrantsOnSpace(ctx, spaceID)
	if err != nil {
		return nil, fmt.Errorf("listing the access grants on the space: %w", err)
	}
	return seam.IDsOf(grants), nil
}
