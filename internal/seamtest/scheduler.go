package seamtest

import (
	"slices"
	"time"
)

// scheduledStep is a function that runs at a given time.
type scheduledStep struct {
	at  time.Time
	run func()
}

// runDueSteps runs the due steps in order. In each step, now is the step's own time.
func (s *Server) runDueSteps() {
	now := s.clock()
	for len(s.steps) > 0 && !s.steps[0].at.After(now) {
		due := s.steps[0]
		s.steps = s.steps[1:]
		s.now = due.at
		due.run()
	}
	s.now = now
}

// scheduleAt runs a function at a time, immediately if it has passed. Steps with the same time run
// in the order in which they were scheduled.
func (s *Server) scheduleAt(at time.Time, do func()) {
	if !at.After(s.now) {
		do()
		return
	}
	i, _ := slices.BinarySearchFunc(s.steps, at, func(have scheduledStep, at time.Time) int {
		if have.at.After(at) {
			return 1
		}
		return -1
	})
	s.steps = slices.Insert(s.steps, i, scheduledStep{at, do})
}

func (s *Server) scheduleAfter(d time.Duration, do func()) { s.scheduleAt(s.now.Add(d), do) }

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// formatTime formats a time as Seam does: UTC with milliseconds. The zero time is null.
func formatTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}
