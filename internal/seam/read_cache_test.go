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

// newSharedRead reads for a second and answers with the time at which the read started.
func newSharedRead(reads *atomic.Int32) *sharedRead[time.Time] {
	return &sharedRead[time.Time]{fetch: func(ctx context.Context) (time.Time, error) {
		start := time.Now()
		reads.Add(1)
		return start, sleep(ctx, time.Second)
	}}
}

func TestReadCache_freshStartsAfterCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reads atomic.Int32
		s := newSharedRead(&reads)
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

func TestReadCache_cachedUntilOldOrInvalidated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reads atomic.Int32
		s := newSharedRead(&reads)
		recent := func() {
			if _, err := s.cached(t.Context(), 10*time.Second); err != nil {
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

func TestReadCache_invalidatedDuringRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reads atomic.Int32
		s := newSharedRead(&reads)
		go func() { _, _ = s.cached(t.Context(), time.Minute) }()
		<-time.After(500 * time.Millisecond)
		s.invalidate()
		written := time.Now()
		if started, err := s.cached(t.Context(), time.Minute); err != nil || started.Before(written) {
			t.Errorf("read at %v, before the write at %v (%v)", started, written, err)
		}
	})
}

// A caller that gives up does not end the read for the others.
func TestReadCache_canceledCallerLeavesOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reads atomic.Int32
		s := newSharedRead(&reads)
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		go func() {
			if _, err := s.cached(ctx, time.Minute); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%v, want the deadline", err)
			}
		}()
		<-time.After(100 * time.Millisecond)
		if _, err := s.cached(t.Context(), time.Minute); err != nil {
			t.Errorf("the one that waits on got %v", err)
		}
		if reads.Load() != 1 {
			t.Errorf("%d reads, want 1", reads.Load())
		}
	})
}

// A read that nobody waits for is cut short, and serves nobody.
func TestReadCache_abandonedReadIsCanceled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reads atomic.Int32
		s := newSharedRead(&reads)
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		if _, err := s.cached(ctx, time.Minute); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v, want the deadline", err)
		}
		if _, err := s.cached(t.Context(), time.Minute); err != nil {
			t.Errorf("the next caller got %v", err)
		}
	})
}

// A read that is delayed to batch callers serves those who come meanwhile.
func TestReadCache_batchDelayServesLaterCallers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reads atomic.Int32
		s := newSharedRead(&reads)
		s.batchDelay = 500 * time.Millisecond
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
