package seam

import (
	"context"
	"sync"
	"time"
)

// shared is a read that many callers want at the same time. At most one is under way.
type shared[T any] struct {
	fetch  func(context.Context) (T, error)
	gather time.Duration // how long the first caller waits for others to come

	mu      sync.Mutex
	latest  *flight[T] // under way, or the last that ended
	next    *flight[T] // waits for latest to end
	outdate int        // counts what makes earlier reads stale
}

// flight is one read, for everybody who waits for it.
type flight[T any] struct {
	ctx       context.Context //nolint:containedctx // of the first caller, for what it carries; not its end
	cancel    context.CancelFunc
	started   time.Time // zero while it waits
	outdate   int       // as it was at the start
	waiting   int       // callers; nobody left ends it
	announced bool      // is going to start
	done      chan struct{}
	result    T
	err       error
}

// fresh returns a read that starts after the call.
func (s *shared[T]) fresh(ctx context.Context) (T, error) {
	return s.join(ctx, func(*flight[T]) bool { return false })
}

// recent returns a read, or its failure, that is not older than age, and not older than
// the last [shared.invalidate].
func (s *shared[T]) recent(ctx context.Context, age time.Duration) (T, error) {
	return s.join(ctx, func(f *flight[T]) bool {
		return f.outdate == s.outdate && time.Since(f.started) < age
	})
}

// invalidate keeps later callers of recent from what was read, or begun to be read,
// before.
func (s *shared[T]) invalidate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.outdate++
}

func (s *shared[T]) join(ctx context.Context, acceptable func(*flight[T]) bool) (T, error) {
	f := s.board(ctx, acceptable)
	defer s.leave(f)
	select {
	case <-f.done:
		return f.result, f.err
	case <-ctx.Done():
		return *new(T), context.Cause(ctx)
	}
}

// board picks the flight to wait for, and starts it if nothing is under way.
func (s *shared[T]) board(ctx context.Context, acceptable func(*flight[T]) bool) *flight[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.latest; f != nil && acceptable(f) {
		f.waiting++
		return f
	}
	if s.next == nil {
		s.next = &flight[T]{done: make(chan struct{})}
		s.next.ctx, s.next.cancel = context.WithCancel(context.WithoutCancel(ctx))
	}
	f := s.next
	f.waiting++
	if s.latest == nil || s.latest.ended() {
		s.soon(f)
	}
	return f
}

// soon runs the next flight when others had the time to come along. The caller holds the
// lock.
func (s *shared[T]) soon(f *flight[T]) {
	if s.gather == 0 {
		s.start()
	} else if !f.announced {
		f.announced = true
		time.AfterFunc(s.gather, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			if s.next == f {
				s.start()
			}
		})
	}
}

// start runs the next flight. The caller holds the lock.
func (s *shared[T]) start() {
	f := s.next
	s.latest, s.next = f, nil
	f.started, f.outdate = time.Now(), s.outdate
	go func() {
		f.result, f.err = s.fetch(f.ctx)
		f.cancel()
		s.mu.Lock()
		defer s.mu.Unlock()
		close(f.done)
		if s.next != nil {
			s.start()
		}
	}()
}

func (s *shared[T]) leave(f *flight[T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.waiting--
	if f.waiting > 0 {
		return
	}
	f.cancel()
	if f == s.next {
		s.next = nil
	} else if !f.ended() {
		f.outdate = -1 // a read that is cut short serves nobody
	}
}

func (f *flight[T]) ended() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}
