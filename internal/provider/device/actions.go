package device

import (
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

var actions = []core.ActionSpec{
	{
		Name:        "lock_door",
		Description: "Locks a door and returns when the lock has done it. A lock that fails or does not answer in time is an error. It is asked once only, however the answer is lost.",
		IDAttribute: "device_id", IDDescription: "Lock of the door.", Timeout: 2 * time.Minute, Invoke: (*seam.Client).LockDoor,
	},
	{
		Name:        "unlock_door",
		Description: "Unlocks a door and returns when the lock has done it. A lock that fails or does not answer in time is an error. It is asked once only, however the answer is lost.",
		IDAttribute: "device_id", IDDescription: "Lock of the door.", Timeout: 2 * time.Minute, Invoke: (*seam.Client).UnlockDoor,
	},
}
