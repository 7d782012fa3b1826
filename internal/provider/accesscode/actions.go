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
		Description: "Removes a PIN that was put on a lock outside Seam, and finishes only when there is proof that the PIN no longer opens the door.",
		IDAttribute: "access_code_id", IDDescription: "ID of the unmanaged access code.", Timeout: core.DeleteTimeout, Invoke: deleteUnmanagedAccessCode,
	},
	{
		Name:        "pull_backup_access_code",
		Description: "Activates a backup code from the lock's pool in place of a time-bound access code. It works immediately, because it is already on the lock. Running the action again returns the same backup code. Its PIN is not shown: read it with the ephemeral resource `seam_access_code`. It is removed, with proof, together with the code.",
		IDAttribute: "access_code_id", IDDescription: "ID of the access code that needs a backup code.", Timeout: 2 * time.Minute, Invoke: (*seam.Client).PullBackupAccessCode,
	},
}

// deleteUnmanagedAccessCode removes an unmanaged code from its lock, with the same proof as destroy.
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
