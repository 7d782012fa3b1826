package access

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

var timeOfDay = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$`)

// Plan checks the customer data, and warns of access that the change takes away.
func (m *space) Plan(ctx context.Context, p *core.PlanRequest[space]) {
	for _, name := range []string{"default_checkin_time", "default_checkout_time"} {
		value, _ := m.CustomerData.Elements()[name].(types.String)
		if text := value.ValueString(); text != "" && !timeOfDay.MatchString(text) {
			p.AddAttributeError("customer_data", fmt.Sprintf("%s is %q, which is not a time of day.", name, text), "Use hours and minutes, such as 15:00.")
		}
	}
	if p.Prior == nil {
		return
	}
	if !p.Prior.UnprovenDoorIDs.IsNull() {
		p.MarkUnknown("unproven_door_ids")
	}
	if p.Client != nil {
		m.warnOfLostAccess(ctx, p)
	}
}

// warnOfLostAccess says how many access grants lose the doors that leave the space. A read that
// fails does not fail the plan.
func (m *space) warnOfLostAccess(ctx context.Context, p *core.PlanRequest[space]) {
	if !isKnown(ctx, m.DeviceIDs) || !isKnown(ctx, m.EntranceIDs) || m.DeviceIDs.Equal(p.Prior.DeviceIDs) && m.EntranceIDs.Equal(p.Prior.EntranceIDs) {
		return
	}
	held, err := heldDoors(ctx, p.Client, m, p.Prior)
	taken := held.Minus(m.plannedDoors(held))
	if err != nil || taken.IsEmpty() {
		return
	}
	grants, err := grantsOn(ctx, p.Client, p.Prior.ID.ValueString())
	if err != nil || len(grants) == 0 {
		return
	}
	for attribute, doors := range map[string][]string{"device_ids": taken.DeviceIDs, "acs_entrance_ids": taken.EntranceIDs} {
		if len(doors) > 0 {
			p.AddAttributeWarning(attribute, "Access grants lose doors",
				fmt.Sprintf("%s; removing %s from the space takes away their access to it. Apply waits until that is proven.", grantsUse(len(grants)), seam.JoinLimited(doors)))
		}
	}
}

func grantsUse(n int) string {
	if n == 1 {
		return "1 access grant uses this space"
	}
	return fmt.Sprintf("%d access grants use this space", n)
}

func isKnown(ctx context.Context, set types.Set) bool {
	value, err := set.ToTerraformValue(ctx)
	return err == nil && value.IsFullyKnown()
}

// doors are the doors in the state or the plan.
func (m *space) doors() seam.Doors {
	return seam.Doors{DeviceIDs: core.StringsOf(m.DeviceIDs), EntranceIDs: core.StringsOf(m.EntranceIDs)}
}

// plannedDoors are the doors that the space is to have. A kind that is not configured stays.
func (m *space) plannedDoors(held seam.Doors) seam.Doors {
	planned := m.doors()
	if m.DeviceIDs.IsNull() {
		planned.DeviceIDs = held.DeviceIDs
	}
	if m.EntranceIDs.IsNull() {
		planned.EntranceIDs = held.EntranceIDs
	}
	return planned
}

// heldDoors are the doors in the state. A kind that is configured now and was not before is read.
func heldDoors(ctx context.Context, client *seam.Client, m, prior *space) (seam.Doors, error) {
	held := prior.doors()
	newDevices, newEntrances := prior.DeviceIDs.IsNull() && !m.DeviceIDs.IsNull(), prior.EntranceIDs.IsNull() && !m.EntranceIDs.IsNull()
	if !newDevices && !newEntrances {
		return held, nil
	}
	inside, err := client.DoorsOfSpace(ctx, prior.ID.ValueString(), seam.Doors{})
	if newDevices {
		held.DeviceIDs = inside.DeviceIDs
	}
	if newEntrances {
		held.EntranceIDs = inside.EntranceIDs
	}
	return held, err
}
