package device

import (
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

var actions = []core.ActionSpec{
	{
		Name:        "lock_door",
		Description: "Locks a door, and finishes when the lock confirms it. It is an error if the lock fails or does not answer in time. The request is sent only once, even if the response is lost.",
		IDAttribute: "device_id", IDDescription: "Lock of the door.", Timeout: 2 * time.Minute, Invoke: (*seam.Client).LockDoor,
	},
	{
		Name:        "unlock_door",
		Description: "Unlocks a door, and finishes when the lock confirms it. It is an error if the lock fails or does not answer in time. The request is sent only once, even if the response is lost.",
		IDAttribute: "device_id", IDDescription: "Lock of the door.", Timeout: 2 * time.Minute, Invoke: (*seam.Client).UnlockDoor,
	},
}
