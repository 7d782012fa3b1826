package seamtest

import (
	"net/http"
	"testing"
	"time"
)

func TestAccessCode_isSetInSteps(t *testing.T) {
	_, l, c, clock := setup(t)
	l.OnCreate(CreateBehavior{AssignAfter: time.Second, SetAfter: 3 * time.Second})
	result := c.ok("/access_codes/create", jsonObject{"device_id": l.ID})
	code := objectAt(result, "access_code")
	id, attempt := stringAt(code, "access_code_id"), stringAt(result, "action_attempt.action_attempt_id")
	assertShows(t, code, jsonObject{"status": "unset", "code": nil, "is_waiting_for_code_assignment": true})

	clock.advance(time.Second)
	code = c.get(id)
	assertEqual(t, "status", code["status"], any("setting"))
	pin := stringAt(code, "code")
	assertEqual(t, "length", len(pin), 6)
	assertOpens(t, l, pin, false)
	assertEqual(t, "attempt", c.attemptStatus(attempt), any("pending"))

	clock.advance(2 * time.Second)
	assertEqual(t, "status", c.get(id)["status"], any("set"))
	assertEqual(t, "attempt", c.attemptStatus(attempt), any("success"))
	assertOpens(t, l, pin, true)
}

func TestAccessCode_isNeverSet(t *testing.T) {
	forEach(t, map[string]CreateBehavior{
		"never":   {NeverSet: true, Errors: []Issue{{"failed_to_set_on_device", "no"}, {"hub_disconnected", "no"}}},
		"refused": {Outcome: Fails, SetAfter: time.Second, ErrorType: "nope", ErrorMessage: "no"},
	}, func(t *testing.T, behavior CreateBehavior) {
		_, l, c, clock := setup(t)
		l.OnCreate(behavior)
		id := c.create(l, jsonObject{"code": "1234"})
		clock.advance(time.Hour)
		assertShows(t, c.get(id), jsonObject{"status": "setting", "errors.#": len(behavior.Errors)})
		assertOpens(t, l, "1234", false)
	})
}

func TestAccessCode_timeBound(t *testing.T) {
	_, l, c, clock := setup(t)
	l.OnCreate(CreateBehavior{Scheduled: true})
	id := c.create(l, jsonObject{"code": "1234", "starts_at": clock.timestampIn(time.Hour), "ends_at": clock.timestampIn(2 * time.Hour)})
	assertShows(t, c.get(id), jsonObject{
		"type": "time_bound", "starts_at": "2026-01-02T04:04:05.000Z", "status": "unset", "pending_mutations.0.mutation_code": "deferring_creation",
	})
	assertEqual(t, "on the lock", l.Holds("1234"), false)

	clock.advance(time.Hour)
	assertEqual(t, "status", c.get(id)["status"], any("set"))
	assertOpens(t, l, "1234", true)
	clock.advance(time.Hour)
	c.wantNotFound(id)
	assertOpens(t, l, "1234", false)
}

func TestAccessCode_expiredStaysReadable(t *testing.T) {
	s, l, c, clock := setup(t)
	s.KeepExpired(true)
	id := c.create(l, jsonObject{"code": "1234", "starts_at": clock.timestampIn(0), "ends_at": clock.timestampIn(time.Hour)})
	clock.advance(time.Hour)
	assertEqual(t, "status", c.get(id)["status"], any("unset"))
	assertOpens(t, l, "1234", false)
	assertEqual(t, "on the lock", l.Holds("1234"), false)
}

func TestAccessCode_invisibleAfterCreate(t *testing.T) {
	s, l, c, clock := setup(t)
	l.OnCreate(CreateBehavior{InvisibleFor: time.Second, RoundWindowTo: time.Hour})
	id := c.create(l, jsonObject{"code": "1234", "starts_at": clock.timestampIn(time.Hour), "ends_at": clock.timestampIn(2 * time.Hour)})
	c.wantNotFound(id)
	if _, exists := s.AccessCode(id); !exists {
		t.Error("the code does not exist")
	}
	clock.advance(time.Second)
	assertShows(t, c.get(id), jsonObject{"starts_at": "2026-01-02T04:00:00.000Z", "ends_at": "2026-01-02T06:00:00.000Z"})
}

func TestAccessCode_updateIsAppliedLater(t *testing.T) {
	_, l, c, clock := setup(t)
	l.OnUpdate(UpdateBehavior{Takes: time.Second})
	id := c.create(l, jsonObject{"code": "1234"})
	attempt := c.attempt("/access_codes/update", jsonObject{
		"access_code_id": id, "code": "5678", "name": "Other", "starts_at": clock.timestampIn(-time.Hour), "ends_at": clock.timestampIn(time.Hour),
	})
	assertShows(t, c.get(id), jsonObject{"code": "1234", "pending_mutations.#": 3})
	assertOpens(t, l, "1234", true)

	clock.advance(time.Second)
	assertEqual(t, "attempt", c.attemptStatus(attempt), any("success"))
	assertShows(t, c.get(id), jsonObject{"code": "5678", "type": "time_bound", "pending_mutations.#": 0})
	assertOpens(t, l, "1234", false)
	assertOpens(t, l, "5678", true)

	c.ok("/access_codes/update", jsonObject{"access_code_id": id, "name": "Third"})
	assertEqual(t, "type", c.get(id)["type"], any("time_bound"))
	c.ok("/access_codes/update", jsonObject{"access_code_id": id, "type": "ongoing"})
	assertEqual(t, "ends_at", c.get(id)["ends_at"], nil)
	clock.advance(time.Hour)
	assertOpens(t, l, "5678", true)
}

func TestAccessCode_updateMovesTheWindow(t *testing.T) {
	_, l, c, clock := setup(t)
	id := c.create(l, jsonObject{"code": "1234", "starts_at": clock.timestampIn(0), "ends_at": clock.timestampIn(time.Hour)})
	c.ok("/access_codes/update", jsonObject{"access_code_id": id, "starts_at": clock.timestampIn(2 * time.Hour), "ends_at": clock.timestampIn(3 * time.Hour)})
	assertEqual(t, "status", c.get(id)["status"], any("unset"))
	assertOpens(t, l, "1234", false)
	clock.advance(2 * time.Hour)
	assertOpens(t, l, "1234", true)
	clock.advance(time.Hour)
	c.wantNotFound(id)
}

func TestAccessCode_updateFailures(t *testing.T) {
	type outcome struct {
		behavior  UpdateBehavior
		old, next bool // which PIN opens the door
		mutations int
	}
	forEach(t, map[string]outcome{
		"ignored":           {UpdateBehavior{Ignored: true}, true, false, 0},
		"fails":             {UpdateBehavior{Outcome: Fails, Errors: []Issue{{"provider_issue", "no"}}}, true, false, 0},
		"never ends":        {UpdateBehavior{Outcome: StaysPending}, true, false, 1},
		"vanishes":          {UpdateBehavior{Outcome: Vanishes}, false, true, 0},
		"stuck mutation":    {UpdateBehavior{StuckMutation: true}, false, true, 1},
		"keeps the old PIN": {UpdateBehavior{KeepsOldPIN: &UnmanagedAccessCode{}}, true, true, 0},
	}, func(t *testing.T, test outcome) {
		_, l, c, clock := setup(t)
		l.SetDefaultUpdate(test.behavior)
		id := c.create(l, jsonObject{"code": "1234"})
		c.ok("/access_codes/update", jsonObject{"access_code_id": id, "code": "5678"})
		clock.advance(time.Minute)
		assertOpens(t, l, "1234", test.old)
		assertOpens(t, l, "5678", test.next)
		assertShows(t, c.get(id), jsonObject{"pending_mutations.#": test.mutations, "errors.#": len(test.behavior.Errors)})
	})
}

func TestAccessCode_duplicatePIN(t *testing.T) {
	_, l, c, clock := setup(t)
	stay := jsonObject{"device_id": l.ID, "code": "1234", "starts_at": clock.timestampIn(0), "ends_at": clock.timestampIn(time.Hour)}
	id := valueAt(c.ok("/access_codes/create", stay), "access_code.access_code_id")
	failure := c.wantError("/access_codes/create", stay, http.StatusConflict, "duplicate_access_code")
	assertEqual(t, "named", valueAt(failure, "data.managed_access_code_id"), id)
	stay["starts_at"], stay["ends_at"] = clock.timestampIn(time.Hour), clock.timestampIn(2*time.Hour)
	c.ok("/access_codes/create", stay)

	other := l.AddUnmanagedAccessCode(UnmanagedAccessCode{PIN: "5678"})
	stay["code"] = "5678"
	failure = c.wantError("/access_codes/create", stay, http.StatusConflict, "duplicate_access_code")
	assertEqual(t, "named", valueAt(failure, "data.unmanaged_access_code_id"), any(other))
	c.wantError("/access_codes/update", jsonObject{"access_code_id": id, "code": "5678"}, http.StatusConflict, "duplicate_access_code")
}

func TestAccessCode_commonCodeKeySharesThePIN(t *testing.T) {
	s, l, c, _ := setup(t)
	first := c.get(c.create(l, jsonObject{"common_code_key": "k", "preferred_code_length": 5}))
	second := c.get(c.create(s.AddLock("Back Door"), jsonObject{"common_code_key": "k"}))
	assertEqual(t, "PIN", second["code"], first["code"])
	assertEqual(t, "length", len(stringAt(first, "code")), 5)
}

func TestAccessCode_backup(t *testing.T) {
	s, l, c, clock := setup(t)
	ongoing := c.create(l, nil)
	c.wantError("/access_codes/pull_backup_access_code", jsonObject{"access_code_id": ongoing}, http.StatusBadRequest, "access_code_not_time_bound")
	id := c.create(l, jsonObject{"starts_at": clock.timestampIn(0), "ends_at": clock.timestampIn(time.Hour)})
	result := c.ok("/access_codes/pull_backup_access_code", jsonObject{"access_code_id": id})
	backup := objectAt(result, "backup_access_code")
	assertEqual(t, "pulled", valueAt(result, "access_code.pulled_backup_access_code_id"), backup["access_code_id"])
	assertEqual(t, "again", any(s.PullBackupAccessCode(id)), backup["access_code_id"])
	assertOpens(t, l, stringAt(backup, "code"), true)

	c.wantListed("/access_codes/list", jsonObject{"device_id": l.ID}, 2)
	c.wantListed("/access_codes/list", jsonObject{"access_code_ids": []any{backup["access_code_id"]}}, 1)
}

func TestAccessCode_externalChanges(t *testing.T) {
	s, l, c, clock := setup(t)
	id := c.create(l, jsonObject{"code": "1234"})
	s.ChangeAccessCode(id, func(code *AccessCode) { code.PIN, code.EndsAt = "5678", clock.Now().Add(time.Hour) })
	assertEqual(t, "code", c.get(id)["code"], any("5678"))
	assertOpens(t, l, "5678", true)
	assertOpens(t, l, "1234", false)
	s.RemoveAccessCode(id)
	c.wantNotFound(id)
	assertOpens(t, l, "5678", false)
}

func TestAccessCode_listFilters(t *testing.T) {
	s, l, c, _ := setup(t)
	l.SetCustomerKey("acme")
	jane := c.create(l, jsonObject{"name": "Jane", "code": "1234"})
	c.create(l, jsonObject{"name": "Joe", "code": "5678"})
	other := c.create(s.AddLock("Back Door"), jsonObject{"name": "Jane"})
	both := []string{jane, other}
	c.createSession(jsonObject{"user_identifier_key": "host", "connected_account_ids": []string{l.ConnectedAccountID()}})
	l.AddUnmanagedAccessCode(UnmanagedAccessCode{Name: "Cleaner", PIN: "9012"})
	c.wantListed("/access_codes/list", jsonObject{"device_id": l.ID}, 2)
	c.wantListed("/access_codes/list", jsonObject{"device_id": l.ID, "search": "jane"}, 1)
	c.wantListed("/access_codes/list", jsonObject{"device_id": l.ID, "search": "5678"}, 1)
	c.wantListed("/access_codes/list", jsonObject{"device_id": l.ID, "search": jane[:8]}, 1)
	c.wantListed("/access_codes/list", jsonObject{"device_id": l.ID, "customer_key": "acme"}, 2)
	c.wantListed("/access_codes/list", jsonObject{"device_id": l.ID, "customer_key": "other"}, 0)
	c.wantListed("/access_codes/list", jsonObject{"access_code_ids": both, "customer_key": "acme"}, 1)
	c.wantListed("/access_codes/list", jsonObject{"access_code_ids": both, "user_identifier_key": "host"}, 1)
	c.wantListed("/access_codes/list", jsonObject{"access_code_ids": both, "device_id": l.ID}, 1)
	c.wantListed("/access_codes/list", jsonObject{"access_grant_id": newID()}, 0)
	c.wantListed("/access_codes/list", jsonObject{"device_id": l.ID, "access_method_id": newID()}, 0)
	c.wantListed("/access_codes/unmanaged/list", jsonObject{"device_id": l.ID, "search": "clean"}, 1)
	c.wantListed("/access_codes/unmanaged/list", jsonObject{"device_id": l.ID, "search": "9012"}, 1)
	c.wantListed("/access_codes/unmanaged/list", jsonObject{"device_id": l.ID, "search": "jane"}, 0)
	assertShows(t, c.ok("/access_codes/get", jsonObject{"device_id": l.ID, "code": "1234"}), jsonObject{"access_code.access_code_id": jane})
}

func TestEvent_listFilters(t *testing.T) {
	s, l, c, clock := setup(t)
	start := clock.timestampIn(0)
	l.SetCustomerKey("acme")
	id := c.create(l, nil)
	other := s.AddLock("Back Door")
	c.create(other, nil)
	clock.advance(time.Hour)
	c.ok("/locks/unlock_door", jsonObject{"device_id": l.ID})
	c.wantListed("/events/list", jsonObject{"since": start}, 6)
	c.wantListed("/events/list", jsonObject{"since": start, "device_id": l.ID}, 4)
	c.wantListed("/events/list", jsonObject{"since": start, "device_ids": []string{l.ID, other.ID}}, 6)
	c.wantListed("/events/list", jsonObject{"since": start, "access_code_id": id}, 2)
	c.wantListed("/events/list", jsonObject{"since": start, "access_code_ids": []string{id, newID()}}, 2)
	c.wantListed("/events/list", jsonObject{"since": start, "event_type": "access_code.created"}, 2)
	c.wantListed("/events/list", jsonObject{"since": start, "event_types": []string{"access_code.created", "lock.unlocked"}}, 3)
	c.wantListed("/events/list", jsonObject{"since": start, "connected_account_id": other.ConnectedAccountID()}, 2)
	c.wantListed("/events/list", jsonObject{"since": start, "customer_key": "acme"}, 4)
	c.wantListed("/events/list", jsonObject{"since": start, "acs_user_id": newID()}, 0)
	c.wantListed("/events/list", jsonObject{"since": start, "limit": 5}, 5)
	c.wantListed("/events/list", jsonObject{"since": clock.timestampIn(0)}, 2)
	c.wantListed("/events/list", jsonObject{"between": []string{start, clock.timestampIn(-time.Minute)}}, 4)
}

func TestEvent_accessCodeLifecycle(t *testing.T) {
	s, l, c, clock := setup(t)
	start := clock.timestampIn(0)
	l.OnDelete(DeleteBehavior{Takes: time.Second})
	id := c.create(l, jsonObject{"code": "1234"})
	c.ok("/access_codes/delete", jsonObject{"access_code_id": id})
	clock.advance(time.Minute)
	found := c.list("/events/list", jsonObject{"since": start, "access_code_ids": []string{id}})
	assertShows(t, found, jsonObject{
		"#": 4, "0.event_type": "access_code.created", "1.event_type": "access_code.set_on_device",
		"2.event_type": "access_code.removed_from_device", "3.event_type": "access_code.deleted",
	})
	assertEqual(t, "time of the removal", s.Events()[2].At, clock.Now().Add(-time.Minute+time.Second))
	c.ok("/events/get", jsonObject{"event_id": valueAt(found, "3.event_id")})
	c.wantInvalid("/events/list", jsonObject{"access_code_ids": []string{id}})
	between := jsonObject{"between": []string{clock.timestampIn(-time.Hour), start}, "event_type": "access_code.created"}
	c.wantListed("/events/list", between, 1)
}

func TestEvent_mutedAndDelayed(t *testing.T) {
	s, l, c, clock := setup(t)
	s.MuteEvents("access_code.set_on_device")
	s.DelayEvents(time.Minute)
	list := jsonObject{"since": clock.timestampIn(0), "device_ids": []string{l.ID}}
	c.create(l, nil)
	c.wantListed("/events/list", list, 0)
	clock.advance(time.Minute)
	c.wantListed("/events/list", list, 1)
}
