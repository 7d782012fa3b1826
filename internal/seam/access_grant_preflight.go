package seam

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// PlanProblem is a reason why what is planned cannot work; with a summary, why it may not.
type PlanProblem struct{ Attribute, Problem, Next, Summary string }

// PreflightGrant compares a planned grant with what Seam says about its doors. It also returns the
// entrances that the grant opens, directly and by its spaces. What cannot be read is left out.
func (c *Client) PreflightGrant(ctx context.Context, in AccessGrantInput) (problems []PlanProblem, entrances []Entrance) {
	var modes []string
	for _, m := range in.RequestedMethods {
		modes = append(modes, m.Mode)
	}
	problems = c.preflightDevices(ctx, in.DeviceIDs, slices.Contains(modes, "code"))
	if len(in.EntranceIDs)+len(in.SpaceIDs) == 0 {
		return problems, nil
	}
	all, err := Entrances.All(ctx, c)
	if err != nil {
		return problems, nil
	}
	for _, id := range in.EntranceIDs {
		if entrance, known := all[id]; known {
			entrances = append(entrances, entrance)
		}
	}
	problems = append(problems, preflightEntrances(in, modes, entrances)...)
	for _, entrance := range all {
		if slices.ContainsFunc(entrance.SpaceIDs, func(id string) bool { return slices.Contains(in.SpaceIDs, id) }) {
			entrances = append(entrances, entrance)
		}
	}
	return problems, entrances
}

func (c *Client) preflightDevices(ctx context.Context, ids []string, withPINs bool) (problems []PlanProblem) {
	for _, id := range ids {
		device, err := c.GetDeviceForPlan(ctx, id)
		missing, isMissing := errors.AsType[*NotFoundError](err)
		refused, isRefused := errors.AsType[*Error](err)
		switch {
		case isMissing:
			problems = append(problems, PlanProblem{"device_ids", missing.Error(), Advice(missing, ""), "Device missing"})
		case isRefused && refused.Fields["device_id"] != "":
			problems = append(problems, PlanProblem{Attribute: "device_ids", Problem: fmt.Sprintf("Seam does not accept the ID %s: %v.", id, refused), Next: "Correct it; data.seam_devices and the Seam console show the IDs of the devices."})
		case err == nil && withPINs && device.CanProgramOnline != nil && !*device.CanProgramOnline:
			problems = append(problems, PlanProblem{Attribute: "device_ids", Problem: fmt.Sprintf("Device %s cannot be given PINs online, so the grant would not open it with mode code.", id), Next: "Remove the device, or request another access method."})
		}
	}
	return problems
}

func preflightEntrances(in AccessGrantInput, modes []string, entrances []Entrance) (problems []PlanProblem) {
	reservable := len(entrances) == 0
	for _, entrance := range entrances {
		reservable = reservable || entrance.CanBelongToReservation
		for _, mode := range modes {
			if can := entrance.CanUnlockWith(mode); can != nil && !*can {
				problems = append(problems, PlanProblem{Attribute: "acs_entrance_ids", Problem: fmt.Sprintf("Entrance %s cannot be unlocked with mode %s.", entrance.ID, mode), Next: "Remove the entrance, or request another access method."})
			}
		}
	}
	if in.ReservationKey != "" && !reservable && len(in.SpaceIDs) == 0 {
		problems = append(problems, PlanProblem{Attribute: "reservation_key", Problem: "None of the entrances can belong to a reservation.", Next: "Add an entrance that can, or remove reservation_key."})
	}
	return problems
}
