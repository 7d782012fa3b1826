package sandbox

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

// namePrefix begins the name of everything that these tests create.
const namePrefix = "tf-sandbox-"

// journal is a file with the names that runs have given, one on each line, each written before the
// object is created. The sweeper deletes nothing else.
type journal struct{ path string }

// newName returns a name that nothing else has, and records it. It is short, because locks may cut names.
func (j journal) newName() (string, error) {
	name := namePrefix + strings.ToLower(rand.Text()[:12])
	file, err := os.OpenFile(j.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	_, err = fmt.Fprintln(file, name)
	return name, errors.Join(err, file.Sync(), file.Close())
}

// names are the recorded names. A line without the prefix is ignored, whoever wrote it.
func (j journal) names() (map[string]bool, error) {
	content, err := os.ReadFile(j.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	all := map[string]bool{}
	for name := range strings.FieldsSeq(string(content)) {
		if strings.HasPrefix(name, namePrefix) {
			all[name] = true
		}
	}
	return all, nil
}

// sweep deletes what the recorded runs have left, and forgets them once nothing is left.
func (j journal) sweep(ctx context.Context, a api) (deleted int, err error) {
	names, err := j.names()
	if err != nil || len(names) == 0 {
		return 0, err
	}
	if err := a.requireSandbox(ctx); err != nil {
		return 0, err
	}
	for _, kind := range []func(context.Context, api, map[string]bool) (int, error){sweepPeople, sweepCodes} {
		n, err := kind(ctx, a, names)
		if deleted += n; err != nil {
			return deleted, err
		}
	}
	if err := os.Remove(j.path); err != nil {
		return deleted, err
	}
	return deleted, nil
}

func sweepCodes(ctx context.Context, a api, names map[string]bool) (deleted int, err error) {
	locks, err := a.locks(ctx)
	if err != nil {
		return 0, err
	}
	for _, lock := range locks {
		listed, err := a.must(ctx, "/access_codes/list", object{"device_id": lock})
		if err != nil {
			return deleted, err
		}
		for _, code := range listed.list("access_codes") {
			if !names[text(code, "name")] {
				continue
			}
			if err := a.remove(ctx, "/access_codes", "access_code", text(code, "access_code_id")); err != nil {
				return deleted, err
			}
			deleted++
		}
	}
	return deleted, nil
}

// sweepPeople deletes people by their keys, and first their grants, which have the codes.
func sweepPeople(ctx context.Context, a api, names map[string]bool) (deleted int, err error) {
	for name := range names {
		found, err := a.post(ctx, "/user_identities/get", object{"user_identity_key": name})
		if err != nil {
			return deleted, err
		}
		person := found.object("user_identity")
		if text(person, "user_identity_key") != name {
			continue
		}
		id := text(person, "user_identity_id")
		grants, err := a.must(ctx, "/access_grants/list", object{"user_identity_id": id})
		if err != nil {
			return deleted, err
		}
		for _, grant := range grants.list("access_grants") {
			if text(grant, "user_identity_id") != id {
				continue
			}
			if err := a.remove(ctx, "/access_grants", "access_grant", text(grant, "access_grant_id")); err != nil {
				return deleted, err
			}
			deleted++
		}
		if err := a.remove(ctx, "/user_identities", "user_identity", id); err != nil {
			return deleted, err
		}
		deleted++
	}
	return deleted, nil
}

// remove deletes an object and waits until Seam does not have it any more.
func (a api) remove(ctx context.Context, path, noun, id string) error {
	body := object{noun + "_id": id}
	if _, err := a.must(ctx, path+"/delete", body); err != nil {
		return err
	}
	_, err := a.untilGone(ctx, path, noun, id)
	return err
}

// untilGone waits until a read of an object is answered with a 404, and returns how long that took.
func (a api) untilGone(ctx context.Context, path, noun, id string) (after time.Duration, err error) {
	after, err = until(ctx, func() (bool, error) {
		got, err := a.post(ctx, path+"/get", object{noun + "_id": id})
		return got.status == 404, err
	})
	if err != nil {
		err = fmt.Errorf("%s %s is not gone: %w", noun, id, err)
	}
	return after, err
}
