package seam

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Create makes an object. It is sent once. If the answer is lost, only what was not there
// before can come from it: it is found by its key, or else by what a list has more than the
// list before. Creates without a key are made one after the other, so that none takes the
// object of another for its own; those that follow each other share the list before.
func (e Endpoint[T, In]) Create(ctx context.Context, c *Client, in In) (T, error) {
	var none T
	if err := c.checkWorkspace(ctx, ""); err != nil {
		return none, err
	}
	sent, old := fields(in), &objectsBefore{}
	key, keyed := sent[e.One+"_key"].(string)
	if !keyed {
		shared, _ := c.creates.LoadOrStore(e.Path, &createQueue{newCtxMutex(), map[any]*objectsBefore{}})
		queue := shared.(*createQueue) //nolint:forcetypeassert // nothing else is stored
		if err := queue.Lock(ctx); err != nil {
			return none, err
		}
		defer queue.Unlock()
		old = queue.before(sent[e.Scope])
	}
	defer c.invalidateSnapshots()
	if err := e.readBefore(ctx, c, key, sent, old); err != nil {
		return none, err
	}
	since := c.Now()
	made, _, err := e.call(ctx, c.postOnce, c, "/create", in)
	if mayHaveExecuted(err) {
		made, err = e.findCreated(ctx, c, sent, func(object T) bool { return old.ids[object.ObjectID()] || createdBefore(object, since) }, err)
	}
	if err == nil {
		old.ids[made.ObjectID()] = true
	}
	return made, err
}

// createQueue is what the creates of a noun without a key share. The mutex guards it.
type createQueue struct {
	ctxMutex
	all map[any]*objectsBefore // by the value of the scope
}

func (q *createQueue) before(scope any) *objectsBefore {
	if q.all[scope] == nil {
		q.all[scope] = &objectsBefore{}
	}
	return q.all[scope]
}

// objectsBefore are the objects that were there before a create: those of a list, and what this run has
// made since.
type objectsBefore struct {
	ids  map[string]bool
	read time.Time // zero for never
}

// readBefore reads what is there before a create, unless an earlier create has read it.
func (e Endpoint[T, In]) readBefore(ctx context.Context, c *Client, key string, sent map[string]any, old *objectsBefore) error {
	if !old.read.IsZero() && time.Since(old.read) < MaxSnapshotAge {
		return nil
	}
	started := time.Now()
	listed, err := e.candidates(ctx, c, key, sent)
	switch {
	case err != nil:
		return WrapAdvice(err, fmt.Sprintf("Nothing was created, because what is there already could not be read: %v", err), Advice(err, "Run again."))
	case key != "" && len(listed) > 0:
		return e.existing(listed, nil, fmt.Sprintf("The %s_key %s is taken by %s %s.", e.One, key, label(e.One), strings.Join(IDsOf(listed), ", ")), "Otherwise choose another key.")
	}
	old.ids, old.read = map[string]bool{}, started
	for _, object := range listed {
		old.ids[object.ObjectID()] = true
	}
	return nil
}

// createdBefore reports whether an object is certainly older than a request: Seam's times are whole
// seconds in part, and its servers' clocks differ.
func createdBefore(object any, sentAt time.Time) bool {
	text, _ := fields(object)["created_at"].(string)
	created, known := ParseTime(text)
	return known && !created.IsZero() && created.Before(sentAt.Add(-maxClockSkew))
}

const maxClockSkew = 30 * time.Second

// candidates are the objects that may be taken for a new one with this key, or for any new
// one without a key.
func (e Endpoint[T, In]) candidates(ctx context.Context, c *Client, key string, sent map[string]any) ([]T, error) {
	if key != "" {
		found, err := e.GetBy(ctx, c, e.One+"_key", key)
		if isGone(err, e.One) {
			return nil, nil
		}
		return []T{found}, err
	}
	filter := map[string]any{}
	if scope, given := sent[e.Scope]; given {
		filter[e.Scope] = scope
	}
	listed, err := collect(e.List(ctx, c, filter))
	return slices.DeleteFunc(listed, func(object T) bool {
		key, keyed := fields(object)[e.One+"_key"].(string)
		return keyed && key != ""
	}), err
}

// findCreated looks three times for the object of a create whose answer was lost. It goes on after
// the caller has left: an object that no state knows is worse than a late exit.
func (e Endpoint[T, In]) findCreated(ctx context.Context, c *Client, sent map[string]any, isOld func(T) bool, lost error) (T, error) {
	ctx, cancel := withRecoveryTimeout(ctx)
	defer cancel()
	unknown := fmt.Sprintf("Whether the %s was created is not known: %v. ", label(e.One), lost)
	key, keyed := sent[e.One+"_key"].(string)
	for try := 0; ; try++ {
		now, err := e.candidates(ctx, c, key, sent)
		if err != nil {
			return *new(T), WrapAdvice(lost, fmt.Sprintf("%sLooking for it failed: %v", unknown, err), "Look in the Seam console before the next apply, and import or delete what is not in a state.")
		}
		added := slices.DeleteFunc(now, isOld)
		if mine := slices.DeleteFunc(slices.Clone(added), func(object T) bool { return !keyed && !matches(object, sent) }); len(mine) == 1 {
			return mine[0], nil
		}
		if len(added) > 0 {
			return *new(T), e.existing(added, lost, unknown+"It may be "+strings.Join(IDsOf(added), ", ")+".", "Or delete it in the Seam console. Then run again.")
		}
		if try == 2 {
			return *new(T), WrapAdvice(lost, unknown+"Seam has no new one, so it was not.", "Run again.")
		}
		if err := sleep(ctx, recoveryInterval); err != nil {
			return *new(T), WrapAdvice(lost, unknown, "Look in the Seam console before the next apply.")
		}
	}
}

func (e Endpoint[T, In]) existing(objects []T, cause error, what, next string) error {
	id := objects[0].ObjectID()
	return WrapAdvice(cause, what, fmt.Sprintf("If no state holds %s, import it: %s. %s", SanitizeID(id), importStep(e.One, id), next))
}

// matches reports whether an object has what was sent, as far as it shows that. Seam may spell a
// time differently, order a list of ids differently, and add to objects in lists.
func matches(object any, sent map[string]any) bool {
	shown := fields(object)
	for name, value := range sent {
		if now, there := shown[name]; there && !sameValue(now, value) {
			return false
		}
	}
	return true
}

func sameValue(shown, sent any) bool {
	switch sent := sent.(type) {
	case string:
		text, _ := shown.(string)
		a, isTime := ParseTime(text)
		b, wasTime := ParseTime(sent)
		return text == sent || isTime && wasTime && a.Equal(b)
	case map[string]any:
		return matches(shown, sent)
	case []any:
		list, _ := shown.([]any)
		return len(list) == len(sent) && !slices.ContainsFunc(sent, func(item any) bool {
			_, nested := item.(map[string]any)
			return !nested && !slices.ContainsFunc(list, func(have any) bool { return reflect.DeepEqual(have, item) })
		})
	}
	return reflect.DeepEqual(shown, sent)
}
