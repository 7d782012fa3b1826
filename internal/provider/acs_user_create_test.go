package provider

import (
	"fmt"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// newStaff are users of one run, of whom some are made already.
func newStaff(h *harness) (s *staffOfOneRun, config func(name string) values) {
	system := h.seam.AddAccessSystem("brivo_account").ID
	s = &staffOfOneRun{harness: h}
	config = func(name string) values { return values{"acs_system_id": system, "full_name": name} }
	s.add("seam_acs_user", 5, func(i int) values { return config(fmt.Sprint("Person ", i%2)) })
	return s, config
}

// createdOf makes another user of the run, and returns the object and what apply says.
func (s *staffOfOneRun) createdOf(config values) (*harness, diagnostics) {
	s.t.Helper()
	o := s.newObject("seam_acs_user")
	o.Server = s.Server
	return o, o.apply(config)
}

// Is a create whose answer was lost found among users of the same name whom the same run has made?
func TestAcsUser_lostCreateAmongOthersOfTheRun(t *testing.T) {
	for name, fault := range map[string]seamtest.Fault{"reset": {Drop: seamtest.DropAfter}, "500": {Status: 500, Processed: true}} {
		t.Run(name, func(t *testing.T) {
			withHarnessFor(t, "seam_acs_user", func(h *harness) {
				s, config := newStaff(h)
				fault.Path, fault.Times = "/acs/users/create", 1
				h.seam.InjectFault(fault)
				made, diags := s.createdOf(config("Person 1"))
				h.requireNoError(diags)
				for _, o := range s.objects {
					if o.id() == made.id() {
						t.Error("two states hold the user " + made.id())
					}
				}
				requireEqual(t, "users", len(h.seam.Objects("acs_user")), 6)
			})
		})
	}
}

// Is a user taken for the one of a lost create who was there before, if a list that shows nothing is
// followed by a create that never arrived?
func TestAcsUser_lostCreateTakesNobodyElse(t *testing.T) {
	for name, prepare := range map[string]func(*harness){
		"not listed before": func(h *harness) { h.seam.InjectFault(emptyList("/acs/users/list", "acs_users")) },
		"old list":          func(*harness) {},
	} {
		t.Run(name, func(t *testing.T) {
			withHarnessFor(t, "seam_acs_user", func(h *harness) {
				system := h.seam.AddAccessSystem("brivo_account").ID
				config := values{"acs_system_id": system, "full_name": "Ana"}
				if name == "old list" { // read for another user, before Ana was added by somebody else
					_, diags := (&staffOfOneRun{harness: h}).createdOf(config.with(values{"full_name": "Ben"}))
					h.requireNoError(diags)
				}
				h.seam.AddObject("acs_user", config)
				advanceClock(50 * time.Second)
				prepare(h)
				h.seam.InjectFault(seamtest.Fault{Path: "/acs/users/create", Drop: seamtest.DropBefore})
				h.requireError(h.apply(config), "Unable to create acs user", "was not")
				h.requireNoState()
			})
		})
	}
}

// Is a list that failed read again for the next create?
func TestAcsUser_createAfterAListThatFailed(t *testing.T) {
	withHarnessFor(t, "seam_acs_user", func(h *harness) {
		config := values{"acs_system_id": h.seam.AddAccessSystem("brivo_account").ID, "full_name": "Ana"}
		fault := h.seam.InjectFault(status500Fault("/acs/users/list"))
		h.requireError(h.apply(config), "Nothing was created")
		fault.Remove()
		h.requireNoError(h.apply(config))
	})
}
