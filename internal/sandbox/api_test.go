package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// api calls Seam without this project's client, whose interpretation is what is tested. Nothing
// prints an answer as it came: it may hold a PIN.
type api struct{ endpoint, key string }

type object = map[string]any

// answer is what Seam responded.
type answer struct {
	status    int
	errorType string
	body      object
}

// String describes an answer without its content.
func (a answer) String() string { return strings.TrimSpace(fmt.Sprint(a.status, " ", a.errorType)) }

// object returns the object with this name in the answer.
func (a answer) object(name string) object {
	one, _ := a.body[name].(object)
	return one
}

func (a answer) list(name string) (all []object) {
	list, _ := a.body[name].([]any)
	for _, one := range list {
		if o, ok := one.(object); ok {
			all = append(all, o)
		}
	}
	return all
}

func text(o object, name string) string {
	value, _ := o[name].(string)
	return value
}

// post calls Seam. It waits when Seam asks for that.
func (a api) post(ctx context.Context, path string, body object) (answer, error) {
	for {
		got, retryAfter, err := a.postOnce(ctx, path, body)
		if err != nil || got.status != http.StatusTooManyRequests {
			return got, err
		}
		if err := wait(ctx, retryAfter); err != nil {
			return got, err
		}
	}
}

func (a api) postOnce(ctx context.Context, path string, body object) (got answer, retryAfter time.Duration, err error) {
	content, err := json.Marshal(body)
	if err != nil {
		return got, 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.endpoint+path, bytes.NewReader(content))
	if err != nil {
		return got, 0, err
	}
	req.Header = http.Header{"Authorization": {"Bearer " + a.key}, "Content-Type": {"application/json"}}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return got, 0, fmt.Errorf("%s: no answer: %w", path, err)
	}
	defer func() { _ = res.Body.Close() }()
	got.status = res.StatusCode
	if err := json.NewDecoder(res.Body).Decode(&got.body); err != nil {
		return got, 0, fmt.Errorf("%s: the answer %d is not JSON", path, got.status)
	}
	got.errorType = text(got.object("error"), "type")
	seconds, err := time.ParseDuration(res.Header.Get("Retry-After") + "s")
	if err != nil {
		seconds = time.Minute
	}
	return got, seconds, nil
}

// must calls Seam and fails unless the call succeeds.
func (a api) must(ctx context.Context, path string, body object) (answer, error) {
	got, err := a.post(ctx, path, body)
	if err == nil && got.status != http.StatusOK {
		err = fmt.Errorf("%s: %v", path, got)
	}
	return got, err
}

// requireSandbox fails unless the key is one of a sandbox workspace.
func (a api) requireSandbox(ctx context.Context) error {
	got, err := a.must(ctx, "/workspaces/get", object{})
	if err != nil {
		return err
	}
	if got.object("workspace")["is_sandbox"] != true {
		return errors.New("the key is not one of a sandbox workspace: nothing was created or deleted. Create a sandbox workspace in the Seam console, and use a key of it")
	}
	return nil
}

// locks are the IDs of the locks that can be given PINs.
func (a api) locks(ctx context.Context) (ids []string, err error) {
	got, err := a.must(ctx, "/devices/list", object{})
	for _, device := range got.list("devices") {
		if device["can_program_online_access_codes"] == true {
			ids = append(ids, text(device, "device_id"))
		}
	}
	slices.Sort(ids)
	return ids, err
}

// wait waits, unless the context ends before.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

// until repeats a check every second until it is true, for at most two minutes.
func until(ctx context.Context, check func() (bool, error)) (after time.Duration, err error) {
	start := time.Now()
	for {
		done, err := check()
		after = time.Since(start)
		if err != nil || done {
			return after, err
		}
		if after > 2*time.Minute {
			return after, errors.New("not within two minutes")
		}
		if err := wait(ctx, time.Second); err != nil {
			return after, err
		}
	}
}
