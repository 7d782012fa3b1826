package seam

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// pollChunk is how many attempts one list asks for: Seam's default page.
const pollChunk = 500

// poller asks for all pending action attempts of this process together: one list for
// each tick, however many wait.
type poller struct {
	list func(ctx context.Context, ids []string) (map[string]ActionAttempt, error)

	mu    sync.Mutex
	waits map[*attemptWait]struct{}
	stop  context.CancelFunc // of the loop; nil while nobody waits
	wake  chan struct{}      // somebody came whose first poll is earlier
}

type attemptWait struct {
	id    string
	start time.Time
	due   time.Time
	done  chan struct{}
	seen  ActionAttempt // valid once done
	alone bool          // valid once done: the list does not tell, ask for this one
}

// await waits until an attempt is no longer pending. Alone is true if the list cannot
// tell and the caller has to ask by itself.
func (p *poller) await(ctx context.Context, id string) (seen ActionAttempt, alone bool, err error) {
	w := p.join(ctx, id)
	defer p.leave(w)
	select {
	case <-w.done:
		return w.seen, w.alone, nil
	case <-ctx.Done():
		return ActionAttempt{ID: id, Status: attemptPending}, false, context.Cause(ctx)
	}
}

func (p *poller) join(ctx context.Context, id string) *attemptWait {
	now := time.Now()
	w := &attemptWait{id: id, start: now, due: now.Add(firstPoll), done: make(chan struct{})}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waits[w] = struct{}{}
	if p.stop == nil {
		loop, stop := context.WithCancel(context.WithoutCancel(ctx))
		p.stop = stop
		go p.run(loop)
	}
	select {
	case p.wake <- struct{}{}:
	default:
	}
	return w
}

// leave ends the loop when nobody waits any more.
func (p *poller) leave(w *attemptWait) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.waits, w)
	if len(p.waits) == 0 && p.stop != nil {
		p.stop()
		p.stop = nil
	}
}

func (p *poller) run(ctx context.Context) {
	for {
		timer := time.NewTimer(p.pause())
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

// pause is the time until the first wait is due.
func (p *poller) pause() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	pause := lastPoll
	for w := range p.waits {
		pause = min(pause, time.Until(w.due))
	}
	return pause
}

// tick asks for all that wait, not only for those that are due: it costs no more.
func (p *poller) tick(ctx context.Context) {
	p.mu.Lock()
	waits := slices.Collect(maps.Keys(p.waits))
	p.mu.Unlock()
	for chunk := range slices.Chunk(waits, pollChunk) {
		ids := make([]string, len(chunk))
		for i, w := range chunk {
			ids[i] = w.id
		}
		seen, err := p.list(ctx, ids)
		if ctx.Err() != nil {
			return
		}
		p.settle(chunk, seen, err)
	}
}

func (p *poller) settle(chunk []*attemptWait, seen map[string]ActionAttempt, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	for _, w := range chunk {
		a, listed := seen[w.id]
		if listed && err == nil && a.Status == attemptPending {
			w.due = now.Add(nextPoll(now.Sub(w.start)))
			continue
		}
		if _, waiting := p.waits[w]; waiting {
			delete(p.waits, w)
			w.seen, w.alone = a, err != nil || !listed
			close(w.done)
		}
	}
}
