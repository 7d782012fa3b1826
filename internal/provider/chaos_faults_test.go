package provider

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// injectFault injects something that goes wrong between us and Seam.
func (c *chaos) injectFault() {
	paths := []string{"/access_codes/create", "/access_codes/get", "/access_codes/update", "/access_codes/delete", "/access_codes/list", "/access_codes/unmanaged/list", "/access_codes/unmanaged/get", "/access_codes/unmanaged/convert_to_managed", "/action_attempts/get", "/action_attempts/list", "/devices/get", "/events/list", "/workspaces/get", ""}
	path := paths[c.IntN(len(paths))]
	if !c.kills && (path == strayPath || path == "") {
		path = getPath // what was on the lock before an ask is known in these sequences
	}
	f := seamtest.Fault{Path: path, Skip: c.IntN(3), Times: 1 + c.IntN(4)}
	kinds := []func() string{
		func() string { f.Drop = seamtest.DropBefore; return "reset before" },
		func() string { f.Drop = seamtest.DropAfter; return "reset after" },
		func() string { f.Truncate = true; return "truncated" },
		func() string { f.Delay = requestTimeout + 5*time.Second; return "delayed" },
		func() string { f.Delay, f.DelayAfter = requestTimeout+5*time.Second, true; return "answer delayed" },
		func() string {
			f.Status, f.Header = 429, map[string][]string{"Retry-After": {fmt.Sprint(c.IntN(60))}}
			return "429"
		},
		func() string { f.Status = 429; return "429 without Retry-After" },
		func() string {
			f.Path, f.Status, f.Type, f.Times = getPath, 404, "access_code_not_found", 1
			return "stale 404"
		},
		func() string { f.Status = 500 + c.IntN(4); return "5xx before" },
		func() string { f.Status, f.Processed = 502, true; return "5xx after" },
		func() string { f.Status, f.ContentType, f.Body = 404, "text/html", "<html>"; return "HTML 404" },
		func() string { f.Status = 404; return "empty 404" },
		func() string { f.Status, f.Type = 404, "device_not_found"; return "wrong 404" },
		func() string { f.Status, f.Type = 404, "workspace_not_found"; return "wrong 404" },
		func() string { f.Status, f.Type = 401, "unauthorized"; return "401" },
		func() string {
			f.Replace = func(int, []byte) (int, []byte) { return 200, []byte("[]") }
			return "nonsense"
		},
	}
	kind := kinds[c.IntN(len(kinds))]()
	c.count("fault: " + kind)
	c.note("fault on %q: %s, %d times after %d", f.Path, kind, f.Times, f.Skip)
	c.faults = append(c.faults, c.seam.InjectFault(f))
}

// scriptLock scripts what the lock does next.
func (c *chaos) scriptLock(lock *seamtest.Lock) {
	takes := time.Duration(c.IntN(180)) * time.Second
	removals := map[string]seamtest.DeleteBehavior{
		"removal slow":               {Takes: takes},
		"removal fails":              {Takes: takes / 10, Outcome: seamtest.Fails, ErrorType: "device_offline", ErrorMessage: "offline", Stays: true},
		"removal never ends":         {Outcome: seamtest.StaysPending},
		"removal vanishes":           {Takes: takes / 10, Outcome: seamtest.Vanishes, GoneAfter: takes},
		"removal without attempt":    {NoAttempt: true, GoneAfter: takes},
		"removal succeeds and stays": {Takes: takes / 10, Stays: true},
		"ghost":                      {Takes: takes / 10, Leftover: &seamtest.UnmanagedAccessCode{}},
		"masked ghost":               {Takes: takes / 10, Leftover: &seamtest.UnmanagedAccessCode{Masked: true}},
		"ghost with the same id":     {Leftover: &seamtest.UnmanagedAccessCode{SameID: true}},
	}
	if !c.kills { // a run that is killed forgets what was on the lock before it
		removals["ghost that looks old"] = seamtest.DeleteBehavior{Takes: takes / 10, Leftover: &seamtest.UnmanagedAccessCode{Masked: true, CreatedAt: time.Now().AddDate(-1, 0, 0)}}
	}
	changes := map[string]seamtest.UpdateBehavior{
		"change slow":            {Takes: takes},
		"change fails":           {Takes: takes / 10, Outcome: seamtest.Fails, ErrorType: "device_offline", ErrorMessage: "offline"},
		"change ignored":         {Ignored: true},
		"change stuck":           {StuckMutation: true},
		"change keeps the PIN":   {KeepsOldPIN: &seamtest.UnmanagedAccessCode{}},
		"change hides the PIN":   {KeepsOldPIN: &seamtest.UnmanagedAccessCode{Masked: true}},
		"change without attempt": {NoAttempt: true, Takes: takes / 5},
	}
	creations := map[string]seamtest.CreateBehavior{
		"PIN late":      {AssignAfter: takes, SetAfter: takes},
		"never set":     {NeverSet: true},
		"not found yet": {InvisibleFor: takes / 10},
	}
	conversions := map[string]seamtest.ConvertBehavior{
		"conversion slow":       {Takes: takes},
		"conversion by attempt": {Takes: takes / 5, WithAttempt: true},
		"conversion fails":      {Takes: takes / 10, Outcome: seamtest.Fails},
		"conversion never ends": {Outcome: seamtest.StaysPending},
	}
	switch c.IntN(6) {
	case 5:
		name := pickNamed(c, conversions)
		lock.OnConvert(conversions[name])
	case 0, 1:
		name := pickNamed(c, removals)
		lock.OnDelete(removals[name])
	case 2, 3:
		name := pickNamed(c, changes)
		lock.OnUpdate(changes[name])
	default:
		name := pickNamed(c, creations)
		lock.OnCreate(creations[name])
	}
}

// pickNamed chooses a behaviour by its name, the same for the same seed.
func pickNamed[T any](c *chaos, from map[string]T) string {
	names := sorted(from)
	name := names[c.IntN(len(names))]
	c.count("lock: " + name)
	c.note("the lock: %s", name)
	return name
}

func sorted[T any](from map[string]T) []string { return slices.Sorted(maps.Keys(from)) }
