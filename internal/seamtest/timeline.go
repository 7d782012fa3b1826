package seamtest

import (
	"slices"
	"time"
)

// step is something that happens at a time.
type step struct {
	at time.Time
	do func()
}

// settle takes the due steps in order; each of them sees its own time as the moment.
func (s *Server) settle() {
	now := s.clock()
	for len(s.steps) > 0 && !s.steps[0].at.After(now) {
		due := s.steps[0]
		s.steps = s.steps[1:]
		s.moment = due.at
		due.do()
	}
	s.moment = now
}

// when does something at a time, at once if that has come. Steps of one instant keep their order.
func (s *Server) when(at time.Time, do func()) {
	if !at.After(s.moment) {
		do()
		return
	}
	i, _ := slices.BinarySearchFunc(s.steps, at, func(have step, at time.Time) int {
		if have.at.After(at) {
			return 1
		}
		return -1
	})
	s.steps = slices.Insert(s.steps, i, step{at, do})
}

func (s *Server) after(d time.Duration, do func()) { s.when(s.moment.Add(d), do) }

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// stamp is Seam's notation: UTC with milliseconds. The zero time is null.
func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}
