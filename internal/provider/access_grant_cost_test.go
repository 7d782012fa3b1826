package provider

import (
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// What refreshes, plans and destroys of many grants in one run may cost.

// grantsOfOneRun are grants for one person each, in one provider process.
type grantsOfOneRun struct {
	*harness
	locks          []*seamtest.Lock
	people, grants []*harness
}

// withManyGrants runs a test in which n grants, each with a PIN on one lock, are in the state.
func withManyGrants(t *testing.T, n, locks int, test func(*grantsOfOneRun)) {
	t.Helper()
	withHarnessFor(t, "seam_access_grant", func(h *harness) {
		h.configure(values{"bulk_read": true}) // whatever the other tests run with
		h.restart()
		g := &grantsOfOneRun{harness: h}
		for i := range locks {
			g.locks = append(g.locks, h.seam.AddLock(fmt.Sprint("Lock ", i)))
		}
		for range n {
			person, grant := h.newObject("seam_user_identity"), h.newObject("seam_access_grant")
			person.Server, grant.Server = h.Server, h.Server
			g.people, g.grants = append(g.people, person), append(g.grants, grant)
		}
		g.forAll(g.people, func(i int, o *harness) { o.requireNoDiagnostics(o.apply(g.person(i))) })
		g.forAll(g.grants, func(i int, o *harness) { o.requireNoDiagnostics(o.apply(g.grant(i))) })
		g.nextRun()
		test(g)
	})
}

func (g *grantsOfOneRun) person(i int) values {
	return values{"user_identity_key": fmt.Sprint("person-", i), "full_name": fmt.Sprint("Person ", i)}
}

func (g *grantsOfOneRun) grant(i int) values {
	return values{
		"user_identity_id": g.people[i].id(), "device_ids": []any{g.locks[i%len(g.locks)].ID},
		"requested_access_methods": []any{values{"mode": "code", "code": g.pin(i)}},
	}
}

func (g *grantsOfOneRun) pin(i int) string { return fmt.Sprint(100000 + i) }

// nextRun starts one provider process for all objects.
func (g *grantsOfOneRun) nextRun() {
	g.restart()
	for _, objects := range [][]*harness{g.people, g.grants} {
		for _, o := range objects {
			o.Server = g.Server
		}
	}
	g.seam.ResetRequests()
}

// forAll does something with all objects at the same time.
func (g *grantsOfOneRun) forAll(objects []*harness, do func(int, *harness)) {
	var all sync.WaitGroup
	for i, o := range objects {
		all.Go(func() { do(i, o) })
	}
	all.Wait()
}

// requireClosed fails the test if a PIN opens one of the locks.
func (g *grantsOfOneRun) requireClosed(pin string) {
	g.t.Helper()
	for _, lock := range g.locks {
		if lock.Opens(pin) {
			g.t.Errorf("PIN %s opens %s", pin, lock.Name)
		}
	}
}

// requests counts the requests of this run by path.
func (g *grantsOfOneRun) requests() map[string]int {
	counts := map[string]int{}
	for _, request := range g.seam.Requests() {
		counts[request.Path]++
	}
	return counts
}

func TestAccessGrant_costOfPlan(t *testing.T) {
	withManyGrants(t, 60, 6, func(g *grantsOfOneRun) {
		g.forAll(g.people, func(i int, o *harness) { o.requireSettled(g.person(i)) })
		g.forAll(g.grants, func(i int, o *harness) { o.requireSettled(g.grant(i)) })
		want := map[string]int{"/workspaces/get": 1, "/user_identities/list": 1, "/access_grants/list": 1}
		if got := g.requests(); !maps.Equal(got, want) {
			t.Errorf("requests %v, want %v", got, want)
		}
	})
}

// Do destroys on the same lock share the lock check and the lists that wait for it?
func TestAccessGrant_costOfDestroy(t *testing.T) {
	withManyGrants(t, 20, 2, func(g *grantsOfOneRun) {
		g.seam.SetDefaultDelete(seamtest.DeleteBehavior{Takes: 5 * time.Second})
		g.forAll(g.grants, func(_ int, o *harness) { o.requireNoDiagnostics(o.refresh()) })
		g.nextRun() // the apply is a process of its own
		g.forAll(g.grants, func(_ int, o *harness) { o.requireNoError(o.destroyWithoutRefresh()) })
		atMost := map[string]int{
			"/workspaces/get": 1,
			// For each grant: the parts that it has before, and that nothing is left after.
			"/access_grants/get": 60, "/access_grants/get_related": 20, "/access_methods/list": 20, "/access_methods/get_related": 20,
			"/access_grants/delete": 20, "/access_methods/get": 20, "/access_codes/get": 20,
			// For each lock: the codes on it before and after.
			"/devices/get": 2, "/access_codes/unmanaged/list": 4,
			// For each grant its codes, for each lock the lists of up to 20 polls and of the check.
			"/access_codes/list": 20 + 2*(20+1),
		}
		for path, n := range g.requests() {
			if n > atMost[path] {
				t.Errorf("%d requests to %s, want at most %d", n, path, atMost[path])
			}
		}
		for i := range g.grants {
			g.requireClosed(g.pin(i))
		}
	})
}
