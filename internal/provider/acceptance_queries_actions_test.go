package provider_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// What needs Terraform 1.14: queries and actions. The same behaviour is tested without a
// CLI in list_resource_test.go and actions_test.go, whatever CLI there is.

// Can the codes on a lock be found and imported?
func TestAccAccessCode_queryFindsCodesToImport(t *testing.T) {
	requireFeatures(t, queries)
	h := newHarness(t)
	c := h.newWorkingDir("")
	ids := []string{h.createCode(h.front, "Guest", "4821"), h.createCode(h.front, "Cleaner", "7319")}
	h.createCode(h.back, "Elsewhere", "5555")
	stranger := h.front.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Old tenant", PIN: "6660"})
	c.configure("provider \"seam\" {}\n")
	c.write("codes.tfquery.hcl", fmt.Sprintf(`
list "seam_access_code" "front" {
  provider = seam
  config {
    device_id = %[1]q
  }
}

list "seam_unmanaged_access_code" "front" {
  provider = seam
  config {
    device_id = %[1]q
  }
}

list "seam_device" "all" {
  provider = seam
}
`, h.front.ID))
	c.run("query", "-no-color").requireExitCode(0).requireOutput(ids[0], ids[1], "Guest", "Cleaner", stranger, "Old tenant", h.front.ID, h.back.ID).requireNoOutput("Elsewhere", "4821", "7319", "6660")
	c.run("query", "-no-color", "-json").requireExitCode(0).requireNoOutput("4821", "7319", "6660")
	c.run("query", "-no-color", "-generate-config-out=generated.tf").requireExitCode(0)
	t.Log(c.read("generated.tf"))
	if strings.Contains(c.read("generated.tf"), "4821") {
		t.Error("the generated configuration holds a PIN")
	}
	if err := os.Remove(c.dir + "/codes.tfquery.hcl"); err != nil {
		t.Fatal(err)
	}
	c.run("apply").requireExitCode(0).requireOutput("5 imported", "0 added", "0 changed", "0 destroyed")
	c.run("plan", "-detailed-exitcode").requireExitCode(0)
	c.run("destroy").requireExitCode(0)
	for _, pin := range []string{"4821", "7319", "6660"} {
		if h.front.Opens(pin) {
			t.Errorf("%s still opens the door", pin)
		}
	}
	if !h.back.Opens("5555") {
		t.Error("a code was removed that nobody asked for")
	}
}

// Do actions do what they say?
func TestAccAction_invocationsTakeEffect(t *testing.T) {
	h := newHarness(t)
	stranger := h.front.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Old tenant", PIN: "6660"})
	c := h.newWorkingDir(fmt.Sprintf(`
resource "seam_access_code" "guest" {
  device_id                   = %[1]q
  name                        = "Guest"
  code                        = "4821"
  starts_at                   = %[3]q
  ends_at                     = %[4]q
  use_backup_access_code_pool = true
}

action "seam_lock_door" "front" {
  config {
    device_id = %[1]q
  }
}

action "seam_unlock_door" "front" {
  config {
    device_id = %[1]q
  }
}

action "seam_delete_unmanaged_access_code" "stranger" {
  config {
    access_code_id = %[2]q
  }
}

action "seam_pull_backup_access_code" "guest" {
  config {
    access_code_id = seam_access_code.guest.id
  }
}
`, h.front.ID, stranger, h.timeFromNow(-time.Hour), h.timeFromNow(time.Hour)))
	requireFeatures(t, actions)
	c.run("apply").requireExitCode(0).requireOutput("1 added")
	c.run("apply", "-invoke=action.seam_unlock_door.front").requireExitCode(0).requireOutput("the unlock request", "is unlocked", "Action complete")
	if h.front.IsLocked() {
		t.Error("the door is still locked")
	}
	c.run("apply", "-invoke=action.seam_lock_door.front").requireExitCode(0).requireOutput("the lock request", "is locked", "Action complete")
	if !h.front.IsLocked() {
		t.Error("the door is not locked")
	}
	c.run("apply", "-invoke=action.seam_delete_unmanaged_access_code.stranger").requireExitCode(0).requireOutput("Requested the removal", "Checking lock", "is removed", "Action complete").requireNoOutput("6660")
	if h.front.Opens("6660") {
		t.Error("the old tenant's PIN still opens the door")
	}
	c.run("apply", "-invoke=action.seam_pull_backup_access_code.guest").requireExitCode(0).requireOutput("is pulled", "It replaces access code", "Action complete")
	c.mustDestroy()
}
