package seam

import (
	"context"
	"reflect"
	"slices"
	"sync"
	"time"
)

// PlannedPIN is a PIN that a resource of this run plans to have on a lock. It is kept in
// memory only.
type PlannedPIN struct {
	AccessCodeID string // empty for a new code
	Name         string
	PIN          string
	StartsAt     time.Time
	EndsAt       time.Time
	Config       any // the whole configuration of the resource

	renewed bool // it was planned once more, as the new code of a replacement
}

// plannedPINs are the plans of one lock, by PIN.
type plannedPINs struct {
	mu sync.Mutex
	by map[string][]*PlannedPIN
}

// PlanPIN notes a plan, and returns another resource's plan of the same PIN for the same
// lock and an overlapping time, if there is one. Whichever is planned later is told.
func (c *Client) PlanPIN(deviceID string, plan PlannedPIN) (other PlannedPIN, twice bool) {
	planned := &c.lock(deviceID).planned
	planned.mu.Lock()
	defer planned.mu.Unlock()
	all := planned.by[plan.PIN]
	for _, p := range all {
		if p.renews(plan) {
			p.renewed = true
			return PlannedPIN{}, false
		}
	}
	itself := false
	for _, p := range all {
		switch {
		case plan.AccessCodeID != "" && p.AccessCodeID == plan.AccessCodeID:
			itself = true
		case !twice && overlap(p.StartsAt, p.EndsAt, plan.StartsAt, plan.EndsAt):
			other, twice = *p, true
		}
	}
	if !itself {
		planned.by[plan.PIN] = append(all, &plan)
	}
	return other, twice
}

// carriedOut forgets the plan of a new code that is being created: from then on it is known
// by its id.
func (c *Client) carriedOut(deviceID, pin string) {
	planned := &c.lock(deviceID).planned
	planned.mu.Lock()
	defer planned.mu.Unlock()
	planned.by[pin] = slices.DeleteFunc(planned.by[pin], func(p *PlannedPIN) bool { return p.AccessCodeID == "" })
}

// renews reports whether plan is the second half of p's replacement: Terraform plans it
// first with the old object and then without one. Nothing but its configuration tells a
// new object from others, so a second resource that is configured exactly alike may be
// taken for it: that is better than a false alarm.
func (p *PlannedPIN) renews(plan PlannedPIN) bool {
	return plan.AccessCodeID == "" && p.AccessCodeID != "" && !p.renewed && reflect.DeepEqual(p.Config, plan.Config)
}

// overlap reports whether two times overlap. Zero times are open ends.
func overlap(start, end, otherStart, otherEnd time.Time) bool {
	return (end.IsZero() || otherStart.IsZero() || otherStart.Before(end)) && (start.IsZero() || otherEnd.IsZero() || otherEnd.After(start))
}

// KnownSoon reports whether this run holds an access code, or comes to hold it within a
// few seconds: the resource that keeps it may be read, or removed, at the same time.
func (c *Client) KnownSoon(ctx context.Context, id string) bool {
	ctx, cancel := context.WithTimeout(ctx, departsWithin)
	defer cancel()
	known := func(context.Context) (bool, error) { return c.isHeld(id), nil }
	return c.isHeld(id) || poll(ctx, known) == nil
}
