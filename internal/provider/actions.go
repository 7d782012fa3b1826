package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"

	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// actionSpecs are all actions.
var actionSpecs = []actionSpec{
	{
		name:        "lock_door",
		description: "Locks a door and returns when the lock has done it. A lock that fails or does not answer in time is an error. It is asked once only, however the answer is lost.",
		idAttribute: "device_id", idDescription: "Lock of the door.", timeout: 2 * time.Minute, invoke: (*seam.Client).LockDoor,
	},
	{
		name:        "unlock_door",
		description: "Unlocks a door and returns when the lock has done it. A lock that fails or does not answer in time is an error. It is asked once only, however the answer is lost.",
		idAttribute: "device_id", idDescription: "Lock of the door.", timeout: 2 * time.Minute, invoke: (*seam.Client).UnlockDoor,
	},
	{
		name:        "delete_unmanaged_access_code",
		description: "Removes a PIN that was put on a lock past Seam, and returns only when it is proven that the PIN no longer opens the door.",
		idAttribute: "access_code_id", idDescription: "Seam's id of the unmanaged access code.", timeout: deleteTimeout, invoke: deleteUnmanagedAccessCode,
	},
	{
		name:        "pull_backup_access_code",
		description: "Makes a spare PIN of the lock's pool stand in for an access code with a window, at once: the lock has it already. Asking again gets the same one. Its PIN is not shown: read it with the ephemeral resource `seam_access_code`. It is removed, with proof, together with the code.",
		idAttribute: "access_code_id", idDescription: "Seam's id of the access code that needs a stand-in.", timeout: 2 * time.Minute, invoke: (*seam.Client).PullBackupAccessCode,
	},
}

func (p *seamProvider) Actions(context.Context) (all []func() action.Action) {
	for _, spec := range actionSpecs {
		all = append(all, func() action.Action { return &actionResource{actionSpec: spec} })
	}
	return all
}

// deleteUnmanagedAccessCode takes an unmanaged code off its lock, with the proof of every
// removal.
func deleteUnmanagedAccessCode(c *seam.Client, ctx context.Context, id string, o seam.ActionOptions) error {
	looking, cancel := seam.WithTimeout(ctx, o.Timeout)
	defer cancel()
	code, err := c.GetUnmanagedAccessCode(looking, id)
	if err != nil {
		return err
	}
	workspace, err := c.Workspace(looking)
	if err != nil {
		return err
	}
	err = removal.RemoveUnmanagedAccessCode(ctx, c, removal.AccessCode{ID: id, DeviceID: code.DeviceID, PIN: code.Code, CreatedAt: code.CreatedAt.Time},
		removal.Options{WorkspaceID: workspace, Mode: removal.Verified, Timeout: o.Timeout, Save: func(removal.Checkpoint) {}, Progress: o.Progress, Warn: o.Warn})
	if err == nil && o.Progress != nil {
		o.Progress(fmt.Sprintf("Access code %s is removed from lock %s.", id, code.DeviceID))
	}
	return err
}
