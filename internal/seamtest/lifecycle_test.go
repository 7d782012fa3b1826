package seamtest

import (
	"net/http"
	"testing"
	"time"
)

func TestCodeIsSetInSteps(t *testing.T) {
	_, l, c, clock := door(t)
	l.OnCreate(Creation{AssignAfter: time.Second, SetAfter: 3 * time.Second})
	answer := c.ok("/access_codes/create", object{"device_id": l.ID})
	code := fields(answer, "access_code")
	id, attempt := text(code, "access_code_id"), text(answer, "action_attempt", "action_attempt_id")
	want(t, "status", code["status"], any("unset"))
	want(t, "code", code["code"], nil)
	want(t, "waiting", code["is_waiting_for_code_assignment"], any(true))

	clock.advance(time.Second)
	code = c.get(id)
	want(t, "status", code["status"], any("setting"))
	pin := text(code, "code")
	want(t, "length", len(pin), 6)
	opens(t, l, pin, false)
	want(t, "attempt", c.attemptStatus(attempt), any("pending"))

	clock.advance(2 * time.Second)
	want(t, "status", c.get(id)["status"], any("set"))
	want(t, "attempt", c.attemptStatus(attempt), any("success"))
	opens(t, l, pin, true)
}

func TestCodeThatIsNeverSet(t *testing.T) {
	for name, how := range map[string]Creation{
		"never":   {NeverSet: true, Errors: []Issue{{"failed_to_set_on_device", "no"}, {"hub_disconnected", "no"}}},
		"refused": {Ends: Fails, SetAfter: time.Second, ErrorType: "nope", ErrorMessage: "no"},
	} {
		t.Run(name, func(t *testing.T) {
			_, l, c, clock := door(t)
			l.OnCreate(how)
			id := c.create(l, object{"code": "1234"})
			clock.advance(time.Hour)
			want(t, "status", c.get(id)["status"], any("setting"))
			want(t, "errors", len(entries(c.get(id), "errors")), len(how.Errors))
			opens(t, l, "1234", false)
		})
	}
}

func TestTimeBoundCode(t *testing.T) {
	_, l, c, clock := door(t)
	l.OnCreate(Creation{Scheduled: true})
	id := c.create(l, object{"code": "1234", "starts_at": clock.in(time.Hour), "ends_at": clock.in(2 * time.Hour)})
	code := c.get(id)
	want(t, "type", code["type"], any("time_bound"))
	want(t, "starts_at", code["starts_at"], any("2026-01-02T04:04:05.000Z"))
	want(t, "status", code["status"], any("unset"))
	want(t, "mutation", in(code, "pending_mutations", 0, "mutation_code"), any("deferring_creation"))
	want(t, "on the lock", l.Holds("1234"), false)

	clock.advance(time.Hour)
	want(t, "status", c.get(id)["status"], any("set"))
	opens(t, l, "1234", true)
	clock.advance(time.Hour)
	c.missing(id)
	opens(t, l, "1234", false)
}

func TestExpiredCodeMayStayReadable(t *testing.T) {
	s, l, c, clock := door(t)
	s.KeepExpired(true)
	id := c.create(l, object{"code": "1234", "starts_at": clock.in(0), "ends_at": clock.in(time.Hour)})
	clock.advance(time.Hour)
	want(t, "status", c.get(id)["status"], any("unset"))
	opens(t, l, "1234", false)
	want(t, "on the lock", l.Holds("1234"), false)
}

func TestInvisibleAfterCreate(t *testing.T) {
	s, l, c, clock := door(t)
	l.OnCreate(Creation{InvisibleFor: time.Second, Rounds: time.Hour})
	id := c.create(l, object{"code": "1234", "starts_at": clock.in(time.Hour), "ends_at": clock.in(2 * time.Hour)})
	c.missing(id)
	if _, exists := s.Code(id); !exists {
		t.Error("the code does not exist")
	}
	clock.advance(time.Second)
	want(t, "rounded", c.get(id)["starts_at"], any("2026-01-02T04:00:00.000Z"))
	want(t, "rounded", c.get(id)["ends_at"], any("2026-01-02T06:00:00.000Z"))
}

func TestUpdateChangesTheLockWhenApplied(t *testing.T) {
	_, l, c, clock := door(t)
	l.OnUpdate(Change{Takes: time.Second})
	id := c.create(l, object{"code": "1234"})
	attempt := c.attempt("/access_codes/update", object{
		"access_code_id": id, "code": "5678", "name": "Other", "starts_at": clock.in(-time.Hour), "ends_at": clock.in(time.Hour),
	})
	code := c.get(id)
	want(t, "code", code["code"], any("1234"))
	want(t, "mutations", len(entries(code, "pending_mutations")), 3)
	opens(t, l, "1234", true)

	clock.advance(time.Second)
	code = c.get(id)
	want(t, "attempt", c.attemptStatus(attempt), any("success"))
	want(t, "code", code["code"], any("5678"))
	want(t, "type", code["type"], any("time_bound"))
	want(t, "mutations", len(entries(code, "pending_mutations")), 0)
	opens(t, l, "1234", false)
	opens(t, l, "5678", true)

	c.ok("/access_codes/update", object{"access_code_id": id, "name": "Third"})
	want(t, "type", c.get(id)["type"], any("time_bound"))
	c.ok("/access_codes/update", object{"access_code_id": id, "type": "ongoing"})
	want(t, "ends_at", c.get(id)["ends_at"], nil)
	clock.advance(time.Hour)
	opens(t, l, "5678", true)
}

func TestUpdateMovesTheWindow(t *testing.T) {
	_, l, c, clock := door(t)
	id := c.create(l, object{"code": "1234", "starts_at": clock.in(0), "ends_at": clock.in(time.Hour)})
	c.ok("/access_codes/update", object{"access_code_id": id, "starts_at": clock.in(2 * time.Hour), "ends_at": clock.in(3 * time.Hour)})
	want(t, "status", c.get(id)["status"], any("unset"))
	opens(t, l, "1234", false)
	clock.advance(2 * time.Hour)
	opens(t, l, "1234", true)
	clock.advance(time.Hour)
	c.missing(id)
}

func TestUpdateGoesWrong(t *testing.T) {
	for _, test := range []struct {
		name      string
		how       Change
		old, next bool // which PIN opens the door
		mutations int
	}{
		{"ignored", Change{Ignored: true}, true, false, 0},
		{"fails", Change{Ends: Fails, Errors: []Issue{{"provider_issue", "no"}}}, true, false, 0},
		{"never ends", Change{Ends: NeverEnds}, true, false, 1},
		{"vanishes", Change{Ends: Vanishes}, false, true, 0},
		{"stuck mutation", Change{StuckMutation: true}, false, true, 1},
		{"keeps the old PIN", Change{KeepsOldPIN: &Unmanaged{}}, true, true, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, l, c, clock := door(t)
			l.DefaultChange(test.how)
			id := c.create(l, object{"code": "1234"})
			c.ok("/access_codes/update", object{"access_code_id": id, "code": "5678"})
			clock.advance(time.Minute)
			opens(t, l, "1234", test.old)
			opens(t, l, "5678", test.next)
			code := c.get(id)
			want(t, "mutations", len(entries(code, "pending_mutations")), test.mutations)
			want(t, "errors", len(entries(code, "errors")), len(test.how.Errors))
		})
	}
}

func TestDuplicatePIN(t *testing.T) {
	_, l, c, clock := door(t)
	stay := object{"device_id": l.ID, "code": "1234", "starts_at": clock.in(0), "ends_at": clock.in(time.Hour)}
	id := in(c.ok("/access_codes/create", stay), "access_code", "access_code_id")
	failure := c.refused("/access_codes/create", stay, http.StatusConflict, "duplicate_access_code")
	want(t, "named", in(failure, "data", "managed_access_code_id"), id)
	stay["starts_at"], stay["ends_at"] = clock.in(time.Hour), clock.in(2*time.Hour)
	c.ok("/access_codes/create", stay)

	other := l.AddUnmanaged(Unmanaged{PIN: "5678"})
	stay["code"] = "5678"
	failure = c.refused("/access_codes/create", stay, http.StatusConflict, "duplicate_access_code")
	want(t, "named", in(failure, "data", "unmanaged_access_code_id"), any(other))
	c.refused("/access_codes/update", object{"access_code_id": id, "code": "5678"}, http.StatusConflict, "duplicate_access_code")
}

func TestCommonKeySharesThePIN(t *testing.T) {
	s, l, c, _ := door(t)
	first := c.get(c.create(l, object{"common_code_key": "k", "preferred_code_length": 5}))
	second := c.get(c.create(s.AddLock("Back Door"), object{"common_code_key": "k"}))
	want(t, "PIN", second["code"], first["code"])
	want(t, "length", len(text(first, "code")), 5)
}

func TestBackupCode(t *testing.T) {
	s, l, c, clock := door(t)
	ongoing := c.create(l, nil)
	c.refused("/access_codes/pull_backup_access_code", object{"access_code_id": ongoing}, http.StatusBadRequest, "access_code_not_time_bound")
	id := c.create(l, object{"starts_at": clock.in(0), "ends_at": clock.in(time.Hour)})
	answer := c.ok("/access_codes/pull_backup_access_code", object{"access_code_id": id})
	spare := fields(answer, "backup_access_code")
	want(t, "pulled", in(answer, "access_code", "pulled_backup_access_code_id"), spare["access_code_id"])
	want(t, "again", any(s.PullBackup(id)), spare["access_code_id"])
	opens(t, l, text(spare, "code"), true)

	want(t, "listed", len(entries(c.ok("/access_codes/list", object{"device_id": l.ID}), "access_codes")), 2)
	byID := object{"access_code_ids": []any{spare["access_code_id"]}}
	want(t, "listed by id", len(entries(c.ok("/access_codes/list", byID), "access_codes")), 1)
}
