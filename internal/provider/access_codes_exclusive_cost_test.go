package provider

import (
	"fmt"
	"sync"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// A plan of many locks reads two lists for each, which the codes on it share, and one list for each grant.
func TestExclusive_planReadsTwoListsForEachLock(t *testing.T) {
	const locks, codes = 25, 4
	withExclusive(t, func(h *harness) {
		h.configure(values{"bulk_read": true}) // whatever the other tests run with
		h.restart()
		grant := h.grantOnLock()
		var all []*harness
		config := map[*harness]values{}
		add := func(noun string, lock *seamtest.Lock, c values) *harness {
			o := h.newObject(noun)
			o.Server, o.lock = h.Server, lock
			o.requireNoError(o.apply(c))
			all, config[o] = append(all, o), c
			return o
		}
		for n := range locks {
			lock := h.seam.AddLock(fmt.Sprint("Lock ", n))
			ids := []any{}
			for i := range codes {
				ids = append(ids, add("seam_access_code", lock, values{"device_id": lock.ID, "code": fmt.Sprint(4000 + i)}).id())
			}
			add(exclusiveNoun, lock, values{"device_id": lock.ID, "access_code_ids": ids, "access_grant_ids": []any{grant}})
		}
		h.restart()
		h.seam.ResetRequests()
		var done sync.WaitGroup
		for _, o := range all {
			o.Server = h.Server
			done.Go(func() { o.requireNoDiagnostics(o.refresh()); o.requireCleanPlan(config[o]) })
		}
		done.Wait()
		if n, most := len(h.seam.Requests()), 2*locks+3; n > most { // with the workspace, the grant, and the check of its filter
			t.Errorf("%d requests, want at most %d", n, most)
		}
	})
}
