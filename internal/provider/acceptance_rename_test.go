package provider_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func stayConfig(lock *seamtest.Lock, key, pin string) string {
	return fmt.Sprintf("resource \"seam_access_code\" \"stay\" {\n  for_each  = { %s = %q }\n  device_id = %q\n  name      = each.key\n  code      = each.value\n}\n", key, pin, lock.ID)
}

// Does the guest's PIN work after a for_each key is renamed?
func TestAccAccessCode_renamedKeyKeepsThePIN(t *testing.T) {
	h := newHarness(t)
	h.front.OnDelete(seamtest.DeleteBehavior{Takes: 3 * time.Second})
	c := h.applied(stayConfig(h.front, "ana", "4821"))
	c.configure(stayConfig(h.front, "bob", "4821"))
	c.run("apply").requireExitCode(0).requireOutput("1 added, 0 changed, 1 destroyed").requireNoOutput("PIN already on the lock", "another access code")
	h.requireOpens(h.front, "4821")
	c.requireState(`seam_access_code.stay["bob"]`)
	c.run("plan", "-detailed-exitcode").requireExitCode(0)
	c.mustDestroy()
}
