package sandbox

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// noSuchID is an ID that no object has.
const noSuchID = "00000000-0000-4000-8000-000000000000"

// paths are the API paths of the nouns in seam.NotFoundTypes.
var paths = map[string]string{
	"access_grant": "/access_grants", "access_method": "/access_methods", "acs_access_group": "/acs/access_groups",
	"acs_credential": "/acs/credentials", "acs_user": "/acs/users", "acs_entrance": "/acs/entrances", "acs_system": "/acs/systems",
	"client_session": "/client_sessions", "connect_webview": "/connect_webviews", "connected_account": "/connected_accounts", "device": "/devices", "instant_key": "/instant_keys", "phone": "/phones", "space": "/spaces",
	"user_identity": "/user_identities", "webhook": "/webhooks",
}

// inference is something that this provider assumes of Seam's API without its being documented.
type inference struct {
	about    string
	expected []string // any of these
	observed string   // empty if it could not be seen
}

func (i inference) held() bool { return slices.Contains(i.expected, i.observed) }

// inferences accumulates what was seen.
type inferences struct{ all []inference }

func (i *inferences) add(about, observed string, expected ...string) {
	i.all = append(i.all, inference{about, expected, observed})
}

// String is the table of a run.
func (i *inferences) String() string {
	var out strings.Builder
	out.WriteString("\n| Inference about | Expected | Observed | |\n|---|---|---|---|\n")
	for _, one := range i.all {
		verdict := "held"
		switch {
		case one.observed == "":
			verdict = "not seen"
		case !one.held():
			verdict = "**did not hold**"
		}
		fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", one.about, strings.Join(one.expected, ", or "), one.observed, verdict)
	}
	return out.String()
}

// refuted are the inferences that did not hold, or could not be seen.
func (i *inferences) refuted() (all []string) {
	for _, one := range i.all {
		if !one.held() {
			all = append(all, one.about)
		}
	}
	return all
}

// observeNotFound asks for objects that do not exist.
func (s *sandbox) observeNotFound(ctx context.Context, seen *inferences) error {
	known := seam.NotFoundTypes()
	for _, noun := range slices.Sorted(maps.Keys(known)) {
		path, ok := paths[noun]
		if !ok {
			return fmt.Errorf("%s has no path here", noun)
		}
		id := noun + "_id"
		if noun == "phone" {
			id = "device_id"
		}
		got, err := s.post(ctx, path+"/get", object{id: noSuchID})
		if err != nil {
			return err
		}
		var expected []string
		for _, name := range known[noun] {
			expected = append(expected, "404 "+name)
		}
		seen.add("the read of a missing "+noun, got.String(), expected...)
	}
	for path, expected := range map[string][]string{
		"/access_codes":           {"404 access_code_not_found", "404 not_found"},
		"/access_codes/unmanaged": {"404 access_code_not_found", "404 not_found"},
	} {
		got, err := s.post(ctx, path+"/get", object{"access_code_id": noSuchID})
		if err != nil {
			return err
		}
		seen.add("the read of a missing access code, "+path, got.String(), expected...)
	}
	return nil
}

// observeFilters asks for lists with filters that nothing matches, or that do not exist.
func (s *sandbox) observeFilters(ctx context.Context, seen *inferences) error {
	for about, body := range map[string]object{
		"a list of codes of a grant that does not exist":     {"access_grant_id": noSuchID},
		"a list of codes of a method that does not exist":    {"access_method_id": noSuchID},
		"a list of codes with a parameter that is not known": {"device_id": s.lock, "tf_sandbox_no_such_parameter": "x"},
	} {
		got, err := s.post(ctx, "/access_codes/list", body)
		if err != nil {
			return err
		}
		observed := got.String()
		if got.status == 200 {
			observed = "a list"
			if body["device_id"] == nil && len(got.list("access_codes")) == 0 {
				observed = "an empty list"
			}
		}
		expected := []string{"an empty list", "400 " + got.errorType, "404 " + got.errorType}
		if body["device_id"] != nil {
			expected = []string{"a list", "400 " + got.errorType}
		}
		seen.add(about, observed, expected...)
	}
	return nil
}

// observeCodeRemoval removes a code and looks at the answers.
func (s *sandbox) observeCodeRemoval(ctx context.Context, name string, seen *inferences) error {
	made, err := s.must(ctx, "/access_codes/create", object{"device_id": s.lock, "name": name})
	if err != nil {
		return err
	}
	id := text(made.object("access_code"), "access_code_id")
	if id == "" {
		return errors.New("the created access code has no ID")
	}
	removed, err := s.must(ctx, "/access_codes/delete", object{"access_code_id": id})
	if err != nil {
		return err
	}
	seen.add("the answer of a code's delete", withAttempt(removed), "with an action attempt", "without an action attempt")
	after, err := s.untilGone(ctx, "/access_codes", "access_code", id)
	if err != nil {
		return err
	}
	got, err := s.post(ctx, "/access_codes/get", object{"access_code_id": id})
	if err != nil {
		return err
	}
	seen.add("the read of a removed code", got.String(), "404 access_code_not_found", "404 not_found")
	seen.add("the time until a code is gone", withinOrLonger(after, time.Minute), "within 1m0s")
	return s.observeLingering(ctx, id, seen)
}

// observeLingering measures how long the lists show a code that a read says is gone.
func (s *sandbox) observeLingering(ctx context.Context, id string, seen *inferences) error {
	after, err := until(ctx, func() (bool, error) {
		listed, err := s.must(ctx, "/access_codes/list", object{"device_id": s.lock})
		has := slices.ContainsFunc(listed.list("access_codes"), func(code object) bool { return text(code, "access_code_id") == id })
		return !has, err
	})
	if err != nil {
		return err
	}
	seen.add("the time that a removed code lingers in the list of its lock", withinOrLonger(after, 20*time.Second), "within 20s")
	again, err := s.post(ctx, "/access_codes/delete", object{"access_code_id": id})
	if err != nil {
		return err
	}
	seen.add("the delete of a removed code", again.String(), "404 access_code_not_found", "404 not_found", "200")
	return nil
}

// observeGrantRemoval removes a grant and looks at the answers, also about what it gave.
func (s *sandbox) observeGrantRemoval(ctx context.Context, name string, seen *inferences) error {
	grant, err := s.createGrant(ctx, name)
	if err != nil {
		return err
	}
	id, methods := text(grant, "access_grant_id"), grant["access_method_ids"]
	removed, err := s.must(ctx, "/access_grants/delete", object{"access_grant_id": id})
	if err != nil {
		return err
	}
	seen.add("the answer of a grant's delete", withAttempt(removed), "without an action attempt", "with an action attempt")
	if _, err := s.untilGone(ctx, "/access_grants", "access_grant", id); err != nil {
		return err
	}
	got, err := s.post(ctx, "/access_grants/get", object{"access_grant_id": id})
	if err != nil {
		return err
	}
	seen.add("the read of a removed grant", got.String(), "404 access_grant_not_found")
	observed := ""
	if all, _ := methods.([]any); len(all) > 0 {
		method, _ := all[0].(string)
		if _, err := s.untilGone(ctx, "/access_methods", "access_method", method); err == nil {
			observed = "gone"
		} else {
			observed = "not gone within two minutes"
		}
	}
	seen.add("an access method of a removed grant", observed, "gone")
	person := text(grant, "user_identity_id")
	return s.remove(ctx, "/user_identities", "user_identity", person)
}

// createGrant creates a person and a grant with a PIN on the lock.
func (s *sandbox) createGrant(ctx context.Context, name string) (object, error) {
	made, err := s.must(ctx, "/user_identities/create", object{"user_identity_key": name, "full_name": name})
	if err != nil {
		return nil, err
	}
	granted, err := s.must(ctx, "/access_grants/create", object{
		"user_identity_id": text(made.object("user_identity"), "user_identity_id"), "device_ids": []string{s.lock}, "name": name,
		"requested_access_methods": []any{object{"mode": "code"}},
	})
	return granted.object("access_grant"), err
}

func withAttempt(a answer) string {
	if a.object("action_attempt") == nil {
		return "without an action attempt"
	}
	return "with an action attempt"
}

func withinOrLonger(took, limit time.Duration) string {
	if took <= limit {
		return fmt.Sprint("within ", limit)
	}
	return fmt.Sprint("longer than ", limit, ": ", took.Round(time.Second))
}

func (s *sandbox) testInferences(t *testing.T) {
	var seen inferences
	ctx := t.Context()
	for _, observe := range []func() error{
		func() error { return s.observeNotFound(ctx, &seen) },
		func() error { return s.observeFilters(ctx, &seen) },
		func() error { return s.observeCodeRemoval(ctx, s.newName(t), &seen) },
		func() error { return s.observeGrantRemoval(ctx, s.newName(t), &seen) },
	} {
		if err := observe(); err != nil {
			t.Error(err)
		}
	}
	fmt.Println(seen.String())
	if refuted := seen.refuted(); len(refuted) > 0 {
		t.Errorf("%d of %d inferences did not hold, or were not seen: %s", len(refuted), len(seen.all), strings.Join(refuted, "; "))
	}
}
