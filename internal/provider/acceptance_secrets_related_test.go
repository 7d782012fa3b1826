package provider_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// Does anything around a code show a secret?
// What is around a code holds secrets too: PINs of others, a webhook's secret, a token.
func TestAccProvider_relatedObjectsShowNoSecret(t *testing.T) {
	h := newHarness(t, seamtest.WithAPIKey(canaryKey))
	id := h.createCode(h.front, "Guest", canaryPIN)
	h.front.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Stranger", PIN: canaryWriteOnly})
	h.seam.ChangeAccessCode(id, func(c *seamtest.AccessCode) {
		c.Errors = []seamtest.Issue{{Code: "provider_issue", Message: "PIN " + canaryPIN + " is odd"}}
	})
	h.seam.EchoSecrets(true)
	c := &secretRun{workingDir: h.newWorkingDir(receiptsConfig + fmt.Sprintf(`
data "seam_access_code" "guest" {
  id = %[1]q
}

data "seam_access_codes" "front" {
  device_id = %[2]q
}

data "seam_unmanaged_access_codes" "front" {
  device_id = %[2]q
}

data "seam_events" "all" {
  since = "2020-01-01T00:00:00Z"
}

ephemeral "seam_access_code" "guest" {
  id = %[1]q
}

ephemeral "seam_client_session" "report" {
}

resource "seam_webhook" "removals" {
  url = "https://access.example.com/seam"
}

resource "seam_unmanaged_access_code" "stranger" {
  for_each       = nonsensitive(toset([for code in data.seam_unmanaged_access_codes.front.access_codes : code.id]))
  access_code_id = each.key
}

output "problems" {
  value = data.seam_access_code.guest.errors
}
`, id, h.front.ID))}
	c.env["TF_LOG"], c.env["TF_LOG_PATH"] = "TRACE", filepath.Join(c.dir, "trace.log")
	c.run("apply").requireExitCode(0).requireOutput("provider_issue", "PIN **** is odd")
	c.run("plan", "-detailed-exitcode").requireExitCode(0)
	secret := h.seam.Objects("webhook")[0].Text("secret")
	injected := h.seam.InjectFault(seamtest.Fault{Type: "invalid_input", Message: "No [" + canaryKey + " " + canaryPIN + " " + canaryWriteOnly + " " + secret + "]"})
	c.run("plan").requireExitCode(1).requireOutput("Unable to")
	injected.Remove()
	c.run("destroy").requireExitCode(0)
	c.requireState()
	if h.front.Opens(canaryWriteOnly) {
		t.Error("the stranger's PIN still opens the door")
	}
	sessions := h.seam.Objects("client_session")
	if len(sessions) == 0 {
		t.Fatal("no client session was opened")
	}
	log, _ := providerLogLines(c.read("trace.log"))
	for _, session := range sessions {
		requireAbsent(t, "everything", log+c.printed.String()+c.read("terraform.tfstate")+c.read("terraform.tfstate.backup"), session.Text("token"))
		if session.State == seamtest.StateLive {
			t.Errorf("client session %s is live after the run", session.ID)
		}
	}
	requireAbsent(t, "the provider's log", log, canaryKey, canaryPIN, canaryWriteOnly, secret)
	requireAbsent(t, "the output", c.printed.String(), canaryKey, canaryPIN, canaryWriteOnly, secret)
	requireAbsent(t, "the receipts", c.read("removals.jsonl"), canaryKey, canaryWriteOnly)
}
