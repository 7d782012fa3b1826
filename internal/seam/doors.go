package seam

import (
	"context"
	"slices"
)

// Doors are devices and entrances, as two sets of IDs.
type Doors struct {
	DeviceIDs   []string `json:"device_ids,omitempty"`
	EntranceIDs []string `json:"acs_entrance_ids,omitempty"`
}

// IsEmpty reports whether there are no doors.
func (d Doors) IsEmpty() bool { return len(d.DeviceIDs)+len(d.EntranceIDs) == 0 }

// IDs are the IDs of all doors.
func (d Doors) IDs() []string { return slices.Concat(d.DeviceIDs, d.EntranceIDs) }

// Plus returns the doors that are in d, in other, or in both.
func (d Doors) Plus(other Doors) Doors {
	added := other.Minus(d)
	return Doors{slices.Concat(d.DeviceIDs, added.DeviceIDs), slices.Concat(d.EntranceIDs, added.EntranceIDs)}
}

// Minus returns the doors that are in d and not in other.
func (d Doors) Minus(other Doors) Doors {
	return Doors{without(d.DeviceIDs, other.DeviceIDs), without(d.EntranceIDs, other.EntranceIDs)}
}

func without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(id string) bool { return slices.Contains(some, id) })
}

// DoorsOfSpace reads the doors of a space. Doors of held that Seam does not list stay: a door that
// is missing may come back, and is in the space then.
func (c *Client) DoorsOfSpace(ctx context.Context, spaceID string, held Doors) (Doors, error) {
	inside, listed, err := c.listDoors(ctx, spaceID)
	return inside.Plus(held.Minus(listed)), err
}

// ConfirmReturned returns the doors that a list shows in a space, without the devices that had left and
// that a get does not show in it: the list may be out of date.
func (c *Client) ConfirmReturned(ctx context.Context, spaceID string, inside, left Doors) (Doors, error) {
	for _, id := range left.DeviceIDs {
		if !slices.Contains(inside.DeviceIDs, id) {
			continue
		}
		in, err := c.IsInSpace(ctx, spaceID, id)
		if err != nil {
			return inside, err
		}
		if !in {
			inside.DeviceIDs = without(inside.DeviceIDs, []string{id})
		}
	}
	return inside, nil
}

// IsInSpace reports whether a get shows a device in a space. One that is missing may come back.
func (c *Client) IsInSpace(ctx context.Context, spaceID, deviceID string) (bool, error) {
	device, err := c.GetDevice(ctx, deviceID)
	if isGone(err, "device") {
		return true, nil
	}
	return slices.Contains(device.SpaceIDs, spaceID), err
}

// listDoors returns the doors in a space, and all doors, from lists that all spaces share.
func (c *Client) listDoors(ctx context.Context, spaceID string) (inside, all Doors, err error) {
	defer func() {
		if err != nil {
			c.InvalidateDoors() // a failure must not last as long as a list
		}
	}()
	devices, err := c.managedDevices.cached(ctx, MaxSnapshotAge)
	if err != nil {
		return inside, all, err
	}
	for _, d := range devices {
		all.DeviceIDs = append(all.DeviceIDs, d.ID)
		if slices.Contains(d.SpaceIDs, spaceID) {
			inside.DeviceIDs = append(inside.DeviceIDs, d.ID)
		}
	}
	entrances, err := Entrances.All(ctx, c)
	for id, e := range entrances {
		all.EntranceIDs = append(all.EntranceIDs, id)
		if slices.Contains(e.SpaceIDs, spaceID) {
			inside.EntranceIDs = append(inside.EntranceIDs, id)
		}
	}
	return inside, all, err
}

// AddToSpace adds doors to a space. Those that are in it stay.
func (c *Client) AddToSpace(ctx context.Context, spaceID string, doors Doors) error {
	return c.changeSpace(ctx, "/add_", spaceID, doors)
}

// RemoveFromSpace takes doors out of a space. Doors that Seam does not list are left out of the
// request, which would fail with them. A space that is gone has no doors.
func (c *Client) RemoveFromSpace(ctx context.Context, spaceID string, doors Doors) error {
	_, all, err := c.listDoors(ctx, spaceID)
	if err != nil {
		return err
	}
	missing, err := c.missingDoors(ctx, doors.Minus(all))
	if err != nil {
		return err
	}
	err = c.changeSpace(ctx, "/remove_", spaceID, doors.Minus(missing))
	if isGone(err, Spaces.One) {
		return nil
	}
	return err
}

// missingDoors returns those of the doors that gets do not find either: the list may be out of date.
func (c *Client) missingDoors(ctx context.Context, unlisted Doors) (missing Doors, err error) {
	for _, id := range unlisted.DeviceIDs {
		device, err := c.GetDevice(ctx, id)
		if err != nil && !isGone(err, "device") {
			return missing, err
		}
		if err != nil || !device.Managed() {
			missing.DeviceIDs = append(missing.DeviceIDs, id)
		}
	}
	for _, id := range unlisted.EntranceIDs {
		_, gone, _, err := Entrances.LookUp(ctx, c, id)
		if err != nil {
			return missing, err
		}
		if gone {
			missing.EntranceIDs = append(missing.EntranceIDs, id)
		}
	}
	return missing, nil
}

func (c *Client) changeSpace(ctx context.Context, verb, spaceID string, doors Doors) error {
	defer c.InvalidateDoors()
	for _, part := range []struct {
		noun, parameter string
		ids             []string
	}{{"devices", "device_ids", doors.DeviceIDs}, {"acs_entrances", "acs_entrance_ids", doors.EntranceIDs}} {
		if len(part.ids) == 0 {
			continue
		}
		if _, err := c.post(ctx, Spaces.Path+verb+part.noun, map[string]any{"space_id": spaceID, part.parameter: part.ids}, &struct{}{}); err != nil {
			return err
		}
	}
	return nil
}

// InvalidateDoors makes the next read of the doors of any space a new one.
func (c *Client) InvalidateDoors() {
	c.managedDevices.invalidate()
	Entrances.snapshot(c).invalidate()
}
