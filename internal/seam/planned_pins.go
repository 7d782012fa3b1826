package seam

import (
	"context"
	"reflect"
	"slices"
	"sync"
	"time"
)

// PlannedPIN is a PIN that a resource of this run plans to set on a lock. It is kept only in
// memory.
type PlannedPIN struct {
	AccessCodeID string // empty for a new code
	Name         string
	PIN          string
	StartsAt     time.Time
	EndsAt       time.Time
	Config       any // the whole configuration of the resource

	replacementPlanned bool // it was planned again, as the new code of a replacement
}

// plannedPINs holds the planned PINs of one lock.
type plannedPINs struct {
	mu    sync.Mutex
	byPIN map[string][]*PlannedPIN
}

// RecordPlannedPIN records a planned PIN. If another resource has planned the same PIN on the
// same lock for an overlapping window, it returns that plan and twice is true.
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

// forgetPlannedPIN removes the plan of a new code that is being created: from then on the code
// has an ID.
func (c *Client) forgetPlannedPIN(deviceID, pin string) {
	planned := &c.device(deviceID).plannedPINs
	planned.mu.Lock()
	defer planned.mu.Unlock()
	planned.byPIN[pin] = slices.DeleteFunc(planned.byPIN[pin], func(p *PlannedPIN) bool { return p.AccessCodeID == "" })
}

// isReplacedBy reports whether plan is the create half of p's replacement, which is planned
// first with the old object and then without one. A new object can be identified only by its
// configuration, so a second resource with the same configuration matches too. A missed
// duplicate is better than a false warning.
func (p *PlannedPIN) isReplacedBy(plan PlannedPIN) bool {
	return plan.AccessCodeID == "" && p.AccessCodeID != "" && !p.replacementPlanned && reflect.DeepEqual(p.Config, plan.Config)
}

// overlap reports whether two windows overlap. Zero times are unbounded.
func overlap(start, end, otherStart, otherEnd time.Time) bool {
	return (end.IsZero() || otherStart.IsZero() || otherStart.Before(end)) && (start.IsZero() || otherEnd.IsZero() || otherEnd.After(start))
}

// AwaitTracked reports whether this run manages an access code. It waits a few seconds for that,
// because the resource with the code may be read or removed at the same time.
func (c *Client) AwaitTracked(ctx context.Context, id string) bool {
	ctx, cancel := context.WithTimeout(ctx, releaseStartTimeout)
	defer cancel()
	known := func(context.Context) (bool, error) { return c.isTracked(id), nil }
	return c.isTracked(id) || Poll(ctx, known) == nil
}
