package provider_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func stay(lock *seamtest.Lock, key, pin string) string {
	return fmt.Sprintf("resource \"seam_access_code\" \"stay\" {\n  for_each  = { %s = %q }\n  device_id = %q\n  name      = each.key\n  code      = each.value\n}\n", key, pin, lock.ID)
}

func TestAccDoesTheGuestsPINWorkAfterAKeyIsRenamed(t *testing.T) {
	h := newHouse(t)
	h.front.OnDelete(seamtest.DeleteBehavior{Takes: 3 * time.Second})
	c := h.terminal(stay(h.front, "ana", "4821"))
	c.run("apply").exits(0)
	c.configure(stay(h.front, "bob", "4821"))
	c.run("apply").exits(0).says("1 added, 0 changed, 1 destroyed").omits("PIN already on the lock", "another access code")
	h.opens(h.front, "4821")
	c.keeps(`seam_access_code.stay["bob"]`)
	c.run("plan", "-detailed-exitcode").exits(0)
	c.run("destroy").exits(0)
	c.destroyed()
}
