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

	replacementPlanned bool // it was planned once more, as the new code of a replacement
}

// plannedPINs are the plans of one lock, by PIN.
type plannedPINs struct {
	mu    sync.Mutex
	byPIN map[string][]*PlannedPIN
}

// RecordPlannedPIN notes a plan, and returns another resource's plan of the same PIN for the same
// lock and an overlapping time, if there is one. Whichever is planned later is told.
func (c *Client) RecordPlannedPIN(deviceID string, plan PlannedPIN) (other PlannedPIN, twice bool) {
	planned := &c.device(deviceID).plannedPINs
	planned.mu.Lock()
	defer planned.mu.Unlock()
	all := planned.byPIN[plan.PIN]
	for _, p := range all {
		if p.isReplacedBy(plan) {
			p.replacementPlanned = true
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
		planned.byPIN[plan.PIN] = append(all, &plan)
	}
	return other, twice
}

// forgetPlannedPIN forgets the plan of a new code that is being created: from then on it is known
// by its id.
func (c *Client) forgetPlannedPIN(deviceID, pin string) {
	planned := &c.device(deviceID).plannedPINs
	planned.mu.Lock()
	defer planned.mu.Unlock()
	planned.byPIN[pin] = slices.DeleteFunc(planned.byPIN[pin], func(p *PlannedPIN) bool { return p.AccessCodeID == "" })
}

// isReplacedBy reports whether plan is the second half of p's replacement, which is
// planned first with the old object and then without one. Nothing but its configuration tells a
// new object from others, so a second resource that is configured exactly alike may be
// taken for it: that is better than a false alarm.
func (p *PlannedPIN) isReplacedBy(plan PlannedPIN) bool {
	return plan.AccessCodeID == "" && p.AccessCodeID != "" && !p.replacementPlanned && reflect.DeepEqual(p.Config, plan.Config)
}

// overlap reports whether two times overlap. Zero times are open ends.
func overlap(start, end, otherStart, otherEnd time.Time) bool {
	return (end.IsZero() || otherStart.IsZero() || otherStart.Before(end)) && (start.IsZero() || otherEnd.IsZero() || otherEnd.After(start))
}

// AwaitTracked reports whether this run holds an access code, or comes to hold it within a
// few seconds: the resource that keeps it may be read, or removed, at the same time.
func (c *Client) AwaitTracked(ctx context.Context, id string) bool {
	ctx, cancel := context.WithTimeout(ctx, releaseStartTimeout)
	defer cancel()
	known := func(context.Context) (bool, error) { return c.isTracked(id), nil }
	return c.isTracked(id) || Poll(ctx, known) == nil
}
