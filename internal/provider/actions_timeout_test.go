package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// requireDuration fails the test unless it takes this long, to the second.
func (h *harness) requireDuration(want time.Duration, what func()) {
	h.t.Helper()
	if d := elapsed(what); d < want || d >= want+time.Second {
		h.t.Errorf("it took %v, want %v", d, want)
	}
}

// actionConfig is what an action can be done to.
func (h *harness) actionConfig(kind string) values {
	h.t.Helper()
	switch kind {
	case "seam_delete_unmanaged_access_code":
		return values{"access_code_id": h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "4821"})}
	case "seam_pull_backup_access_code":
		return values{"access_code_id": h.createOutside(values{"device_id": h.lock.ID, "starts_at": timeFromNow(0), "ends_at": timeFromNow(time.Hour)})}
	}
	return values{"device_id": h.lock.ID}
}

func TestAction_endsAtItsTimeout(t *testing.T) {
	for name, c := range map[string]struct {
		kind  string
		stuck seamtest.Fault
		lock  func(*seamtest.Lock)
	}{
		"door, asking": {"seam_unlock_door", slowFault("/locks/unlock_door"), nil},
		"door, waiting": {"seam_lock_door", seamtest.Fault{}, func(l *seamtest.Lock) {
			l.SetDefaultLockAction(seamtest.LockActionBehavior{Outcome: seamtest.StaysPending})
		}},
		"door, polling":             {"seam_lock_door", slowFault(actionAttemptPath()), func(l *seamtest.Lock) { l.SetDefaultLockAction(seamtest.LockActionBehavior{Takes: time.Hour}) }},
		"unmanaged code, looking":   {"seam_delete_unmanaged_access_code", slowFault("/access_codes/unmanaged/get"), nil},
		"unmanaged code, workspace": {"seam_delete_unmanaged_access_code", slowFault("/workspaces/get"), nil},
		"unmanaged code, asking":    {"seam_delete_unmanaged_access_code", slowFault("/access_codes/unmanaged/delete"), nil},
		"unmanaged code, waiting":   {"seam_delete_unmanaged_access_code", seamtest.Fault{}, func(l *seamtest.Lock) { l.SetDefaultDelete(seamtest.DeleteBehavior{Outcome: seamtest.StaysPending}) }},
		"unmanaged code, proving":   {"seam_delete_unmanaged_access_code", slowFault("/access_codes/unmanaged/list"), nil},
		"backup code":               {"seam_pull_backup_access_code", slowFault("/access_codes/pull_backup_access_code"), nil},
		"configured workspace":      {"seam_unlock_door", slowFault("/workspaces/get"), nil},
	} {
		subtest(t, name, func(h *harness) {
			h.configure(values{"max_retries": 100})
			switch name {
			case "configured workspace":
				h.configure(values{"workspace_id": h.seam.Workspace().ID})
			case "door, asking": // once only, so request_timeout would end it
				h.configure(values{"request_timeout": "10m"})
			}
			h.restart()
			if c.lock != nil {
				c.lock(h.lock)
			}
			targets := []values{h.actionConfig(c.kind), h.actionConfig(c.kind)}
			if c.stuck.Path != "" {
				h.seam.InjectFault(c.stuck)
			}
			for n, limit := range []time.Duration{10 * time.Second, 95 * time.Second} {
				h.restart()
				h.requireDuration(limit, func() {
					said, diags := h.InvokeAction(c.kind, targets[n].with(values{"timeouts": values{"invoke": limit.String()}}))
					h.requireError(diags, "Unable to", "\n\n")
					for at := 10 * time.Second; at < limit; at += 10 * time.Second {
						h.RequireText(fmt.Sprint(said), fmt.Sprintf("Still waiting after %v.", at))
					}
				})
			}
		})
	}
}

func TestAction_interruptEndsItAtOnce(t *testing.T) {
	for name, c := range map[string]struct {
		kind  string
		stuck string
		says  []string
	}{
		"door, asking":            {"seam_unlock_door", "/locks/unlock_door", []string{"not known whether lock", "is not known", "Check the door"}},
		"door, waiting":           {"seam_unlock_door", actionAttemptPath(), []string{"has not confirmed yet", "Check data.seam_action_attempt"}},
		"unmanaged code, looking": {"seam_delete_unmanaged_access_code", "/access_codes/unmanaged/get", nil},
		"unmanaged code, asking":  {"seam_delete_unmanaged_access_code", "/access_codes/unmanaged/delete", []string{"may still open"}},
		"unmanaged code, proving": {"seam_delete_unmanaged_access_code", "/access_codes/unmanaged/list", []string{"may still open", "run the action again"}},
		"backup code":             {"seam_pull_backup_access_code", "/access_codes/pull_backup_access_code", nil},
	} {
		subtest(t, name, func(h *harness) {
			target := h.actionConfig(c.kind)
			h.lock.OnLockAction(seamtest.LockActionBehavior{Takes: time.Minute})
			h.lock.OnDelete(seamtest.DeleteBehavior{Takes: 3 * time.Second})
			time.AfterFunc(map[bool]time.Duration{true: 2 * time.Second}[strings.HasSuffix(name, "proving")], func() { h.seam.InjectFault(slowFault(c.stuck)) })
			advanceClock(time.Millisecond)
			time.AfterFunc(5*time.Second, h.Interrupt)
			h.requireDuration(5*time.Second, func() { h.requireInvokeError(c.kind, target, append(c.says, "Unable to")...) })
			h.requireRequests("/locks/unlock_door", map[bool]int{true: 1}[c.kind == "seam_unlock_door"])
		})
	}
}
