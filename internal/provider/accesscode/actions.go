package accesscode

import (
	"context"
	"fmt"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

var actions = []core.ActionSpec{
	{
		Name:        "delete_unmanaged_access_code",
		Description: "Removes a PIN that was put on a lock past Seam, and returns only when it is proven that the PIN no longer opens the door.",
		IDAttribute: "access_code_id", IDDescription: "Seam's id of the unmanaged access code.", Timeout: core.DeleteTimeout, Invoke: deleteUnmanagedAccessCode,
	},
	{
		Name:        "pull_backup_access_code",
		Description: "Makes a spare PIN of the lock's pool stand in for an access code with a window, at once: the lock has it already. Asking again gets the same one. Its PIN is not shown: read it with the ephemeral resource `seam_access_code`. It is removed, with proof, together with the code.",
		IDAttribute: "access_code_id", IDDescription: "Seam's id of the access code that needs a stand-in.", Timeout: 2 * time.Minute, Invoke: (*seam.Client).PullBackupAccessCode,
	},
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
