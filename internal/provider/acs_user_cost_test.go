package provider

import (
	"fmt"
	"maps"
	"sync"
	"testing"
)

// What a plan of many users of an access system may cost.

// staffOfOneRun are users, each with a PIN and in a group, in one provider process.
type staffOfOneRun struct {
	*harness
	objects []*harness
	configs []values
}

// add makes objects of a type at the same time.
func (s *staffOfOneRun) add(noun string, n int, config func(int) values) (made []*harness) {
	s.t.Helper()
	for i := range n {
		o := s.newObject(noun)
		o.Server = s.Server
		made, s.objects, s.configs = append(made, o), append(s.objects, o), append(s.configs, config(i))
	}
	first := len(s.objects) - n
	s.forAll(func(i int, o *harness) {
		if i >= first {
			o.requireNoDiagnostics(o.apply(s.configs[i]))
		}
	})
	return made
}

func (s *staffOfOneRun) forAll(do func(int, *harness)) {
	var all sync.WaitGroup
	for i, o := range s.objects {
		all.Go(func() { do(i, o) })
	}
	all.Wait()
}

// nextRun starts one provider process for all objects.
func (s *staffOfOneRun) nextRun() {
	s.restart()
	for _, o := range s.objects {
		o.Server = s.Server
	}
	s.seam.ResetRequests()
}

// Does a plan read one list of users, one of credentials, and one for each group?
func TestAcsUser_costOfPlan(t *testing.T) {
	const users, groups = 40, 4
	withHarnessFor(t, "seam_acs_user", func(h *harness) {
		h.configure(values{"bulk_read": true}) // whatever the other tests run with
		h.restart()
		s := &staffOfOneRun{harness: h}
		system := h.seam.AddAccessSystem("brivo_account").ID
		var groupIDs []string
		for i := range groups {
			groupIDs = append(groupIDs, h.seam.AddAccessGroup(system, fmt.Sprint("Group ", i)).ID)
		}
		people := s.add("seam_acs_user", users, func(i int) values {
			return values{"acs_system_id": system, "full_name": fmt.Sprint("Person ", i)}
		})
		s.add("seam_acs_credential", users, func(i int) values {
			return values{"acs_user_id": people[i].id(), "access_method": "code", "code": fmt.Sprint(100000 + i)}
		})
		s.add("seam_acs_access_group_membership", users, func(i int) values {
			return values{"acs_user_id": people[i].id(), "acs_access_group_id": groupIDs[i%groups]}
		})
		s.nextRun()
		s.forAll(func(i int, o *harness) { o.requireSettled(s.configs[i]) })
		want := map[string]int{"/workspaces/get": 1, "/acs/users/list": 1, "/acs/credentials/list": 1, "/acs/access_groups/list_users": groups}
		got := map[string]int{}
		for _, request := range h.seam.Requests() {
			got[request.Path]++
		}
		if !maps.Equal(got, want) {
			t.Errorf("requests %v, want %v", got, want)
		}
	})
}

// Do creates that run together share the list by which a create whose answer is lost is found?
func TestAcsUser_costOfCreates(t *testing.T) {
	const users = 1000
	withHarnessFor(t, "seam_acs_user", func(h *harness) {
		system, shop := h.seam.AddAccessSystem("brivo_account").ID, h.seam.AddAccessSystem("salto_ks_site").ID
		s := &staffOfOneRun{harness: h}
		s.add("seam_acs_user", users, func(i int) values {
			return values{"acs_system_id": []string{system, shop}[i%2], "full_name": fmt.Sprint("Person ", i)}
		})
		h.requireRequests("/acs/users/create", users)
		h.requireRequests("/acs/users/list", 2)
	})
}
