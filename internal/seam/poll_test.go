package seam

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam/clienttest"
)

var errRetryable = &Error{Status: 503}

// pollSequence answers a poll with one thing after the other, and notes when it was asked.
func pollSequence(answers ...any) (look func(context.Context) (bool, error), ages func() []time.Duration) {
	start := time.Now()
	var asked []time.Duration
	return func(context.Context) (bool, error) {
		asked = append(asked, time.Since(start))
		answer := answers[min(len(asked), len(answers))-1]
		if err, failed := answer.(error); failed {
			return false, err
		}
		return answer == true, nil
	}, func() []time.Duration { return asked }
}

// Polls come less often the longer they last.
func TestPoll_intervalGrows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const ms, s = time.Millisecond, time.Second
		look, ages := pollSequence(false, false, false, false, false, false, true)
		clienttest.Must(t, Poll(t.Context(), look))
		if want := []time.Duration{250 * ms, 500 * ms, 750 * ms, s, 1250 * ms, 1562500 * time.Microsecond, 1953125 * time.Microsecond}; !slices.Equal(ages(), want) {
			t.Errorf("asked at %v, want %v", ages(), want)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		look, ages = pollSequence(false)
		clienttest.AssertIs(t, Poll(ctx, look), context.DeadlineExceeded)
		asked := ages()
		for i := range asked[1:] {
			if gap := asked[i+1] - asked[i]; gap < 250*ms || gap > 5*s {
				t.Errorf("asked %v after the last time", gap)
			}
		}
		if n := len(asked); n > 150 {
			t.Errorf("asked %d times in ten minutes", n)
		}
	})
}

func TestPoll_toleratedFailures(t *testing.T) {
	final := &Error{Status: 403}
	type testCase struct {
		answers []any
		want    error
	}
	clienttest.ForEachIn(t, synctest.Test, map[string]testCase{
		"two passing ones":             {[]any{errRetryable, errRetryable, true}, nil},
		"two, and again two":           {[]any{errRetryable, errRetryable, false, errRetryable, errRetryable, true}, nil},
		"three in a row":               {[]any{errRetryable, errRetryable, errRetryable, true}, errRetryable},
		"one that does not pass":       {[]any{false, final, true}, final},
		"an invalid response":          {[]any{&Error{Status: 200}, true}, nil},
		"no connection":                {[]any{&NoResponseError{}, true}, nil},
		"an error of another kind":     {[]any{errTruncated, true}, errTruncated},
		"nothing but what it waits on": {[]any{true}, nil},
	}, func(t *testing.T, test testCase) {
		look, _ := pollSequence(test.answers...)
		clienttest.AssertIs(t, Poll(t.Context(), look), test.want)
	})
}

func TestPoll_cancelEndsAtOnceWithCause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		why := errors.New("why")
		go func() { <-time.After(time.Minute); cancel(why) }()
		look, _ := pollSequence(false)
		start := time.Now()
		clienttest.AssertIs(t, Poll(ctx, look), why)
		clienttest.AssertTook(t, start, time.Minute, time.Minute)
	})
}

func TestCtxMutex_excludesAndIsCancelable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := newCtxMutex()
		clienttest.Must(t, gate.Lock(t.Context()))
		over := errors.New("over")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, over)
		defer cancel()
		clienttest.AssertIs(t, gate.Lock(ctx), over) // the second does not get in
		gate.Unlock()
		clienttest.Must(t, gate.Lock(t.Context()))
	})
}
