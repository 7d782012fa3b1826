package seam

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
)

// countedRead reads for a second and answers with the time at which the read started.
type countedRead struct {
	sharedRead[time.Time]
	t     *testing.T
	reads atomic.Int32
}

func withRead(t *testing.T, test func(*countedRead)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &countedRead{t: t}
		s.fetch = func(ctx context.Context) (time.Time, error) {
			start := time.Now()
			s.reads.Add(1)
			return start, sleep(ctx, time.Second)
		}
		test(s)
	})
}

func (s *countedRead) requireReads(want int32, why string) {
	s.t.Helper()
	if n := s.reads.Load(); n != want {
		s.t.Fatalf("%d reads %s, want %d", n, why, want)
	}
}

// callInTurn makes calls a tenth of a second apart. None may get what was read before it.
func (s *countedRead) callInTurn(calls int) {
	var waiting sync.WaitGroup
	for i := range calls {
		waiting.Go(func() {
			<-time.After(time.Duration(i) * 100 * time.Millisecond)
			called := time.Now()
			if started, err := s.fresh(s.t.Context()); err != nil || started.Before(called) {
				s.t.Errorf("called at %v, read at %v (%v)", called, started, err)
			}
		})
	}
	waiting.Wait()
}

// giveUp makes a call that ends with its deadline.
func (s *countedRead) giveUp(after time.Duration, call func(context.Context) (time.Time, error)) {
	ctx, cancel := context.WithTimeout(s.t.Context(), after)
	defer cancel()
	clienttest.AssertIs(s.t, clienttest.ErrorOf(call(ctx)), context.DeadlineExceeded)
}

// recent is a call that a read of the last ten seconds serves.
func (s *countedRead) recent(ctx context.Context) (time.Time, error) {
	return s.cached(ctx, 10*time.Second)
}

func (s *countedRead) mustRecent() {
	if _, err := s.recent(s.t.Context()); err != nil {
		s.t.Error(err)
	}
}

func TestReadCache_freshStartsAfterCall(t *testing.T) {
	withRead(t, func(s *countedRead) {
		s.callInTurn(10)
		s.requireReads(2, "for 10 callers within one: the one under way and one more")
	})
}

func TestReadCache_cachedUntilOldOrInvalidated(t *testing.T) {
	withRead(t, func(s *countedRead) {
		var waiting sync.WaitGroup
		for range 10 {
			waiting.Go(s.mustRecent)
		}
		waiting.Wait()
		s.mustRecent()
		s.requireReads(1, "for callers at once and one soon after")
		s.invalidate()
		s.mustRecent()
		s.requireReads(2, "after a write")
		<-time.After(10 * time.Second)
		s.mustRecent()
		s.requireReads(3, "when the last is old")
	})
}

func TestReadCache_invalidatedDuringRead(t *testing.T) {
	withRead(t, func(s *countedRead) {
		go s.mustRecent()
		<-time.After(500 * time.Millisecond)
		s.invalidate()
		written := time.Now()
		if started, err := s.recent(s.t.Context()); err != nil || started.Before(written) {
			s.t.Errorf("read at %v, before the write at %v (%v)", started, written, err)
		}
	})
}

// A caller that gives up does not end the read for the others.
func TestReadCache_canceledCallerLeavesOthers(t *testing.T) {
	withRead(t, func(s *countedRead) {
		go s.giveUp(300*time.Millisecond, s.recent)
		<-time.After(100 * time.Millisecond)
		s.mustRecent()
		s.requireReads(1, "for one caller who left and one who waited")
	})
}

// A read that nobody waits for is cut short, and serves nobody.
func TestReadCache_abandonedReadIsCanceled(t *testing.T) {
	withRead(t, func(s *countedRead) {
		s.giveUp(300*time.Millisecond, s.recent)
		s.mustRecent()
	})
}

// A read that is delayed to batch callers serves those who come meanwhile.
func TestReadCache_batchDelayServesLaterCallers(t *testing.T) {
	withRead(t, func(s *countedRead) {
		s.batchDelay = 500 * time.Millisecond
		s.giveUp(200*time.Millisecond, s.fresh)
		s.requireReads(0, "for a caller who left")
		<-time.After(time.Second)
		s.callInTurn(5)
		s.requireReads(1, "for 5 callers who came in time")
	})
}
