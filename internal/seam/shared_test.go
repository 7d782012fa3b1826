package seam

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// newShared reads for a second and answers with the time at which the read started.
func newShared(reads *atomic.Int32) *shared[time.Time] {
	return &shared[time.Time]{fetch: func(ctx context.Context) (time.Time, error) {
		start := time.Now()
		reads.Add(1)
		return start, sleep(ctx, time.Second)
	}}
}

func TestAFreshReadStartsAfterTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reads atomic.Int32
		s := newShared(&reads)
		var waiting sync.WaitGroup
		for i := range 10 {
			waiting.Go(func() {
				<-time.After(time.Duration(i) * 100 * time.Millisecond)
				called := time.Now()
				if started, err := s.fresh(t.Context()); err != nil || started.Before(called) {
					t.Errorf("called at %v, read at %v (%v)", called, started, err)
				}
			})
		}
		waiting.Wait()
		if reads.Load() != 2 {
			t.Errorf("%d reads for 10 callers within one, want the one under way and one more", reads.Load())
		}
	})
}

func TestARecentReadIsSharedUntilItIsOldOrStale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reads atomic.Int32
		s := newShared(&reads)
		recent := func() {
			if _, err := s.recent(t.Context(), 10*time.Second); err != nil {
				t.Error(err)
			}
		}
		var waiting sync.WaitGroup
		for range 10 {
			waiting.Go(recent)
		}
		waiting.Wait()
		recent()
		if reads.Load() != 1 {
			t.Fatalf("%d reads, want 1", reads.Load())
		}
		s.invalidate()
		recent()
		if reads.Load() != 2 {
			t.Errorf("%d reads after a write, want 2", reads.Load())
		}
		<-time.After(10 * time.Second)
		recent()
		if reads.Load() != 3 {
			t.Errorf("%d reads when the last is old, want 3", reads.Load())
		}
	})
}

func TestAWriteDuringAReadMakesItStale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reads atomic.Int32
		s := newShared(&reads)
		go func() { _, _ = s.recent(t.Context(), time.Minute) }()
		<-time.After(500 * time.Millisecond)
		s.invalidate()
		written := time.Now()
		if started, err := s.recent(t.Context(), time.Minute); err != nil || started.Before(written) {
			t.Errorf("read at %v, before the write at %v (%v)", started, written, err)
		}
	})
}

func TestACallerThatGivesUpDoesNotTakeTheOthersWithIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reads atomic.Int32
		s := newShared(&reads)
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		go func() {
			if _, err := s.recent(ctx, time.Minute); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%v, want the deadline", err)
			}
		}()
		<-time.After(100 * time.Millisecond)
		if _, err := s.recent(t.Context(), time.Minute); err != nil {
			t.Errorf("the one that waits on got %v", err)
		}
		if reads.Load() != 1 {
			t.Errorf("%d reads, want 1", reads.Load())
		}
	})
}

func TestAReadThatNobodyWaitsForIsCutShortAndServesNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reads atomic.Int32
		s := newShared(&reads)
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		if _, err := s.recent(ctx, time.Minute); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v, want the deadline", err)
		}
		if _, err := s.recent(t.Context(), time.Minute); err != nil {
			t.Errorf("the next caller got %v", err)
		}
	})
}

func TestAReadThatGathersServesWhoComesAlong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reads atomic.Int32
		s := newShared(&reads)
		s.gather = 500 * time.Millisecond
		gone, leave := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer leave()
		if _, err := s.fresh(gone); !errors.Is(err, context.DeadlineExceeded) || reads.Load() != 0 {
			t.Errorf("%d reads for a caller who left (%v)", reads.Load(), err)
		}
		<-time.After(time.Second)
		var waiting sync.WaitGroup
		for i := range 5 {
			waiting.Go(func() {
				<-time.After(time.Duration(i) * 100 * time.Millisecond)
				called := time.Now()
				if started, err := s.fresh(t.Context()); err != nil || started.Before(called) {
					t.Errorf("called at %v, read at %v (%v)", called, started, err)
				}
			})
		}
		waiting.Wait()
		if reads.Load() != 1 {
			t.Errorf("%d reads for 5 callers who came in time, want 1", reads.Load())
		}
	})
}
