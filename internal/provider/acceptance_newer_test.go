package provider_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-version"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// What needs Terraform 1.14: queries and actions. The same behaviour is tested without a
// CLI in listing_test.go and deeds_test.go, whatever CLI there is.

// needsActions skips a test, and says so, if the CLI is older, or is OpenTofu.
func (c *terminal) needsActions() {
	c.t.Helper()
	first, _, _ := strings.Cut(c.run("version").exits(0).out, "\n")
	name, number, _ := strings.Cut(first, " v")
	v, err := version.NewVersion(number)
	if err != nil {
		c.t.Fatalf("what version is %q? %v", first, err)
	}
	if name != "Terraform" || v.Core().LessThan(version.Must(version.NewVersion("1.14.0"))) {
		c.t.Skipf("ACCEPTANCE TEST NOT RUN: %s has neither queries nor actions. Run it with TF_ACC_TERRAFORM_PATH naming a Terraform 1.14 or later.", first)
	}
}

func TestAccCanTheCodesOnALockBeFoundAndImported(t *testing.T) {
	h := newHouse(t)
	c := h.terminal("")
	c.needsActions()
	ids := []string{h.made(h.front, "Guest", "4821"), h.made(h.front, "Cleaner", "7319")}
	h.made(h.back, "Elsewhere", "5555")
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
	c.run("query", "-no-color").exits(0).says(ids[0], ids[1], "Guest", "Cleaner", stranger, "Old tenant", h.front.ID, h.back.ID).omits("Elsewhere", "4821", "7319", "6660")
	c.run("query", "-no-color", "-json").exits(0).omits("4821", "7319", "6660")
	c.run("query", "-no-color", "-generate-config-out=generated.tf").exits(0)
	t.Log(c.read("generated.tf"))
	if strings.Contains(c.read("generated.tf"), "4821") {
		t.Error("the generated configuration holds a PIN")
	}
	if err := os.Remove(c.dir + "/codes.tfquery.hcl"); err != nil {
		t.Fatal(err)
	}
	c.run("apply").exits(0).says("5 imported", "0 added", "0 changed", "0 destroyed")
	c.run("plan", "-detailed-exitcode").exits(0)
	c.run("destroy").exits(0)
	for _, pin := range []string{"4821", "7319", "6660"} {
		if h.front.Opens(pin) {
			t.Errorf("%s still opens the door", pin)
		}
	}
	if !h.back.Opens("5555") {
		t.Error("a code was removed that nobody asked for")
	}
}

func TestAccDoActionsDoWhatTheySay(t *testing.T) {
	h := newHouse(t)
	stranger := h.front.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Old tenant", PIN: "6660"})
	c := h.terminal(fmt.Sprintf(`
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
`, h.front.ID, stranger, h.at(-time.Hour), h.at(time.Hour)))
	c.needsActions()
	c.run("apply").exits(0).says("1 added")
	c.run("apply", "-invoke=action.seam_unlock_door.front").exits(0).says("is told to unlock", "is unlocked", "Action complete")
	if h.front.IsLocked() {
		t.Error("the door is still locked")
	}
	c.run("apply", "-invoke=action.seam_lock_door.front").exits(0).says("is told to lock", "is locked", "Action complete")
	if !h.front.IsLocked() {
		t.Error("the door is not locked")
	}
	c.run("apply", "-invoke=action.seam_delete_unmanaged_access_code.stranger").exits(0).says("is asked to remove", "Checking the lock", "is removed", "Action complete").omits("6660")
	if h.front.Opens("6660") {
		t.Error("the old tenant's PIN still opens the door")
	}
	c.run("apply", "-invoke=action.seam_pull_backup_access_code.guest").exits(0).says("is pulled", "stands in", "Action complete")
	c.run("destroy").exits(0)
	c.destroyed()
}
