package seam

import (
	"context"
	"sync"
	"time"
)

// sharedRead shares a read among concurrent callers. At most one fetch runs at a time.
type sharedRead[T any] struct {
	fetch      func(context.Context) (T, error)
	batchDelay time.Duration // how long the first caller waits for others to join

	mu         sync.Mutex
	latest     *call[T] // running, or the last that ended
	next       *call[T] // waits for latest to end
	generation int      // number of invalidations
}

// call is one fetch and its waiters.
type call[T any] struct {
	ctx        context.Context //nolint:containedctx // values of the first caller's context, without its cancellation
	cancel     context.CancelFunc
	started    time.Time // zero while it waits
	generation int       // at the start
	waiting    int       // number of callers; zero cancels the fetch
	scheduled  bool      // start is scheduled
	done       chan struct{}
	result     T
	err        error
}

// fresh returns the result of a fetch that starts after the call.
func (s *sharedRead[T]) fresh(ctx context.Context) (T, error) {
	return s.do(ctx, func(*call[T]) bool { return false })
}

// cached returns the result or the error of a fetch that started within age and after the last
// [sharedRead.invalidate].
func (s *sharedRead[T]) cached(ctx context.Context, age time.Duration) (T, error) {
	return s.do(ctx, func(c *call[T]) bool {
		return c.generation == s.generation && time.Since(c.started) < age
	})
}

// invalidate makes later calls of cached ignore all fetches that have started so far.
func (s *sharedRead[T]) invalidate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.generation++
}

func (s *sharedRead[T]) do(ctx context.Context, acceptable func(*call[T]) bool) (T, error) {
	c := s.join(ctx, acceptable)
	defer s.unsubscribe(c)
	select {
	case <-c.done:
		return c.result, c.err
	case <-ctx.Done():
		return *new(T), context.Cause(ctx)
	}
}

// join selects the call to wait for, and starts it if no fetch is running.
func (s *sharedRead[T]) join(ctx context.Context, acceptable func(*call[T]) bool) *call[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.latest; c != nil && acceptable(c) {
		c.waiting++
		return c
	}
	if s.next == nil {
		s.next = &call[T]{done: make(chan struct{})}
		s.next.ctx, s.next.cancel = context.WithCancel(detach(ctx))
	}
	c := s.next
	c.waiting++
	if s.latest == nil || s.latest.ended() {
		s.schedule(c)
	}
	return c
}

// schedule starts the next call after batchDelay. The caller holds the lock.
func (s *sharedRead[T]) schedule(c *call[T]) {
	if s.batchDelay == 0 {
		s.start()
	} else if !c.scheduled {
		c.scheduled = true
		time.AfterFunc(s.batchDelay, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			if s.next == c {
				s.start()
			}
		})
	}
}

// start runs the next call. The caller holds the lock.
func (s *sharedRead[T]) start() {
	c := s.next
	s.latest, s.next = c, nil
	c.started, c.generation = time.Now(), s.generation
	go func() {
		c.result, c.err = s.fetch(c.ctx)
		c.cancel()
		s.mu.Lock()
		defer s.mu.Unlock()
		close(c.done)
		if s.next != nil {
			s.start()
		}
	}()
}

func (s *sharedRead[T]) unsubscribe(c *call[T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.waiting--
	if c.waiting > 0 {
		return
	}
	c.cancel()
	if c == s.next {
		s.next = nil
	} else if !c.ended() {
		c.generation = -1 // a canceled fetch must not be reused
	}
}

func (c *call[T]) ended() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}
