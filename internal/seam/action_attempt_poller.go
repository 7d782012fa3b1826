package seam

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// pollBatchSize is how many attempts one list requests: Seam's default page size.
const pollBatchSize = 500

// attemptPoller polls all pending action attempts of this process together, with one list per
// tick and batch.
type attemptPoller struct {
	list func(ctx context.Context, ids []string) (map[string]ActionAttempt, error)

	mu      sync.Mutex
	waiters map[*attemptWaiter]struct{}
	stop    context.CancelFunc // stops the loop; nil without waiters
	wake    chan struct{}      // a new waiter's first poll is due earlier
}

type attemptWaiter struct {
	id        string
	start     time.Time
	due       time.Time
	done      chan struct{}
	result    ActionAttempt // valid once done
	notListed bool          // valid once done: absent from the list, poll it by its ID
}

// await waits until an attempt is no longer pending. If alone is true, the list failed or did
// not contain the attempt, and the caller must poll it by its ID.
func (p *attemptPoller) await(ctx context.Context, id string) (seen ActionAttempt, alone bool, err error) {
	w := p.subscribe(ctx, id)
	defer p.unsubscribe(w)
	select {
	case <-w.done:
		return w.result, w.notListed, nil
	case <-ctx.Done():
		return ActionAttempt{ID: id, Status: AttemptPending}, false, context.Cause(ctx)
	}
}

func (p *attemptPoller) subscribe(ctx context.Context, id string) *attemptWaiter {
	now := time.Now()
	w := &attemptWaiter{id: id, start: now, due: now.Add(minPollInterval), done: make(chan struct{})}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiters[w] = struct{}{}
	if p.stop == nil {
		loop, stop := context.WithCancel(detach(ctx))
		p.stop = stop
		go p.run(loop)
	}
	select {
	case p.wake <- struct{}{}:
	default:
	}
	return w
}

// unsubscribe removes a waiter and stops the loop after the last one.
func (p *attemptPoller) unsubscribe(w *attemptWaiter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.waiters, w)
	if len(p.waiters) == 0 && p.stop != nil {
		p.stop()
		p.stop = nil
	}
}

func (p *attemptPoller) run(ctx context.Context) {
	for {
		timer := time.NewTimer(p.nextDelay())
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-p.wake:
			timer.Stop()
		case <-timer.C:
			p.tick(ctx)
		}
	}
}

// nextDelay is the time until the earliest poll is due.
func (p *attemptPoller) nextDelay() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	pause := maxPollInterval
	for w := range p.waiters {
		pause = min(pause, time.Until(w.due))
	}
	return pause
}

// tick polls all attempts, not only those that are due: this costs no extra requests.
func (p *attemptPoller) tick(ctx context.Context) {
	p.mu.Lock()
	waits := slices.Collect(maps.Keys(p.waiters))
	p.mu.Unlock()
	for chunk := range slices.Chunk(waits, pollBatchSize) {
		ids := make([]string, len(chunk))
		for i, w := range chunk {
			ids[i] = w.id
		}
		seen, err := p.list(ctx, ids)
		if ctx.Err() != nil {
			return
		}
		p.deliver(chunk, seen, err)
	}
}

func (p *attemptPoller) deliver(chunk []*attemptWaiter, seen map[string]ActionAttempt, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	for _, w := range chunk {
		a, listed := seen[w.id]
		if listed && err == nil && a.Status == AttemptPending {
			w.due = now.Add(pollInterval(now.Sub(w.start)))
			continue
		}
		if _, waiting := p.waiters[w]; waiting {
			delete(p.waiters, w)
			w.result, w.notListed = a, err != nil || !listed
			close(w.done)
		}
	}
}
