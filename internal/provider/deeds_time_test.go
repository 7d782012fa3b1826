package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// lasts fails the test unless it takes this long, to the second.
func (w *world) lasts(want time.Duration, what func()) {
	w.t.Helper()
	if d := took(what); d < want || d >= want+time.Second {
		w.t.Errorf("it took %v, want %v", d, want)
	}
}

// target is what an action can be done to.
func (w *world) target(kind string) values {
	w.t.Helper()
	switch kind {
	case "seam_delete_unmanaged_access_code":
		return values{"access_code_id": w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})}
	case "seam_pull_backup_access_code":
		return values{"access_code_id": w.createElsewhere(values{"device_id": w.lock.ID, "starts_at": stamp(0), "ends_at": stamp(time.Hour)})}
	}
	return values{"device_id": w.lock.ID}
}

func TestAnActionEndsWithItsTimeout(t *testing.T) {
	for name, c := range map[string]struct {
		kind  string
		stuck seamtest.Fault
		lock  func(*seamtest.Lock)
	}{
		"door, asking": {"seam_unlock_door", slow("/locks/unlock_door"), nil},
		"door, waiting": {"seam_lock_door", seamtest.Fault{}, func(l *seamtest.Lock) {
			l.SetDefaultLockAction(seamtest.LockActionBehavior{Outcome: seamtest.StaysPending})
		}},
		"door, polling":             {"seam_lock_door", slow(attemptPath()), func(l *seamtest.Lock) { l.SetDefaultLockAction(seamtest.LockActionBehavior{Takes: time.Hour}) }},
		"unmanaged code, looking":   {"seam_delete_unmanaged_access_code", slow("/access_codes/unmanaged/get"), nil},
		"unmanaged code, workspace": {"seam_delete_unmanaged_access_code", slow("/workspaces/get"), nil},
		"unmanaged code, asking":    {"seam_delete_unmanaged_access_code", slow("/access_codes/unmanaged/delete"), nil},
		"unmanaged code, waiting":   {"seam_delete_unmanaged_access_code", seamtest.Fault{}, func(l *seamtest.Lock) { l.SetDefaultDelete(seamtest.DeleteBehavior{Outcome: seamtest.StaysPending}) }},
		"unmanaged code, proving":   {"seam_delete_unmanaged_access_code", slow("/access_codes/unmanaged/list"), nil},
		"backup code":               {"seam_pull_backup_access_code", slow("/access_codes/pull_backup_access_code"), nil},
		"configured workspace":      {"seam_unlock_door", slow("/workspaces/get"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.settings = w.settings.with(values{"max_retries": 100})
				switch name {
				case "configured workspace":
					w.settings = w.settings.with(values{"workspace_id": w.seam.Workspace().ID})
				case "door, asking": // once only, so request_timeout would end it
					w.settings = w.settings.with(values{"request_timeout": "10m"})
				}
				w.restart()
				if c.lock != nil {
					c.lock(w.lock)
				}
				targets := []values{w.target(c.kind), w.target(c.kind)}
				if c.stuck.Path != "" {
					w.seam.InjectFault(c.stuck)
				}
				for n, limit := range []time.Duration{10 * time.Second, 95 * time.Second} {
					w.restart()
					w.lasts(limit, func() {
						said, diags := w.invoke(c.kind, targets[n].with(values{"timeouts": values{"invoke": limit.String()}}))
						w.fails(diags, "Unable to", "\n\n")
						for at := 10 * time.Second; at < limit; at += 10 * time.Second {
							w.says(fmt.Sprint(said), fmt.Sprintf("Still waiting after %v.", at))
						}
					})
				}
			})
		})
	}
}

func TestAnActionThatIsInterruptedEndsAtOnce(t *testing.T) {
	for name, c := range map[string]struct {
		kind  string
		stuck string
		says  []string
	}{
		"door, asking":            {"seam_unlock_door", "/locks/unlock_door", []string{"Whether lock", "is not known", "Look at the door"}},
		"door, waiting":           {"seam_unlock_door", attemptPath(), []string{"has not confirmed yet", "Look at data.seam_action_attempt"}},
		"unmanaged code, looking": {"seam_delete_unmanaged_access_code", "/access_codes/unmanaged/get", nil},
		"unmanaged code, asking":  {"seam_delete_unmanaged_access_code", "/access_codes/unmanaged/delete", []string{"may still open"}},
		"unmanaged code, proving": {"seam_delete_unmanaged_access_code", "/access_codes/unmanaged/list", []string{"may still open", "run the action again"}},
		"backup code":             {"seam_pull_backup_access_code", "/access_codes/pull_backup_access_code", nil},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				target := w.target(c.kind)
				w.lock.OnLockAction(seamtest.LockActionBehavior{Takes: time.Minute})
				w.lock.OnDelete(seamtest.DeleteBehavior{Takes: 3 * time.Second})
				time.AfterFunc(map[bool]time.Duration{true: 2 * time.Second}[strings.HasSuffix(name, "proving")], func() { w.seam.InjectFault(slow(c.stuck)) })
				later(time.Millisecond)
				time.AfterFunc(5*time.Second, w.interrupt)
				w.lasts(5*time.Second, func() { w.cannot(c.kind, target, append(c.says, "Unable to")...) })
				w.asked("/locks/unlock_door", map[bool]int{true: 1}[c.kind == "seam_unlock_door"])
			})
		})
	}
}
