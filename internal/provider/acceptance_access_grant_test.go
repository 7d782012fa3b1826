package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

const (
	codeMethod = "{ mode = \"code\", code = \"4821\" }"
	keyMethod  = "{ mode = \"mobile_key\", instant_key_max_use_count = 2 }"
)

// grantConfig is a person with a grant for these doors.
func grantConfig(methods, arguments string, doors ...*seamtest.Lock) string {
	ids := make([]string, len(doors))
	for i, door := range doors {
		ids[i] = fmt.Sprintf("%q", door.ID)
	}
	return fmt.Sprintf(`
resource "seam_user_identity" "ana" {
  user_identity_key = "ana"
  full_name         = "Ana"
}

resource "seam_access_grant" "stay" {
  user_identity_id         = seam_user_identity.ana.id
  access_grant_key         = "stay"
  device_ids               = [%s]
  requested_access_methods = [%s]
  %s
}
`, strings.Join(ids, ", "), methods, arguments)
}

// Does a grant open its doors from apply to destroy, and is each plan in between clean?
func TestAccAccessGrant_opensTheDoorsFromApplyToDestroy(t *testing.T) {
	h := newHarness(t)
	both := []*seamtest.Lock{h.front, h.back}
	c := h.newWorkingDir("")
	apply := func(config string, says ...string) {
		t.Helper()
		c.configure(config)
		c.run("apply").requireExitCode(0).requireOutput(says...)
		c.run("plan", "-detailed-exitcode").requireExitCode(0)
	}
	apply(grantConfig(codeMethod, "", both...))
	h.requireOpens(h.front, "4821")
	h.requireOpens(h.back, "4821")
	apply(grantConfig(codeMethod, fmt.Sprintf("ends_at = %q", h.timeFromNow(90*24*3600e9)), both...), "updated in-place")
	end := fmt.Sprintf("ends_at = %q", h.timeFromNow(24*3600e9))
	apply(grantConfig(codeMethod, end, both...), "updated in-place")
	apply(grantConfig(codeMethod+", "+keyMethod, end, both...), "updated in-place")
	c.configure(grantConfig(keyMethod+", "+codeMethod, end, both...))
	c.run("plan", "-detailed-exitcode").requireExitCode(0)

	h.seam.RemoveObject("access_method", methodWithMode(h.seam, "code"))
	c.run("plan", "-detailed-exitcode").requireExitCode(2).requireOutput("code = (sensitive value)")
	apply(grantConfig(keyMethod+", "+codeMethod, end, both...))
	h.requireOpens(h.back, "4821")

	c.run("state", "rm", "seam_access_grant.stay").requireExitCode(0)
	c.run("import", "seam_access_grant.stay", "key:stay").requireExitCode(0)
	apply(grantConfig(codeMethod, end, both...), "updated in-place")
	apply(grantConfig(codeMethod, end, h.front), "must be replaced")
	h.requireOpens(h.front, "4821")
	h.requireClosed(h.back, "4821")
	c.run("destroy").requireExitCode(0)
	h.requireClosed(h.front, "4821")
	if len(h.seam.AccessCodes())+len(h.seam.Objects("access_grant"))+len(h.seam.Objects("user_identity")) > 0 {
		t.Error("something is left on Seam")
	}
}

func methodWithMode(s *seamtest.Server, mode string) string {
	for _, method := range s.Objects("access_method") {
		if method.Text("mode") == mode {
			return method.ID
		}
	}
	return ""
}

// Does the way out of a removal that nobody can prove work, and does it create nothing?
func TestAccAccessGrant_issuedCardCanBeGivenUp(t *testing.T) {
	h := newHarness(t)
	door := h.seam.AddEntrance(h.seam.AddAccessSystem("salto_space_system").ID, nil)
	config := func(arguments string) string {
		return strings.Replace(grantConfig(`{ mode = "card" }`, fmt.Sprintf("acs_entrance_ids = [%q]\n%s", door.ID, arguments)), "device_ids               = []", "", 1)
	}
	c := h.newWorkingDir(config(""))
	c.run("apply").requireExitCode(0).requireOutput("Revocation will not be provable")
	h.seam.IssueCard(methodWithMode(h.seam, "card"))
	c.run("destroy").requireExitCode(1).requireOutput("Unable to delete access grant", "not provable")
	c.configure(config(`removal = "requested"`))
	c.run("plan", "-detailed-exitcode").requireExitCode(2).requireOutput("0 to add, 1 to change, 0 to destroy")
	c.run("apply").requireExitCode(0)
	c.run("destroy").requireExitCode(0)
	if n := h.seam.Count("/access_grants/create"); n != 1 {
		t.Errorf("%d grants were created, want 1", n)
	}
}

// Is the line of a configuration with a PIN printed in an error about it?
func TestAccAccessGrant_errorsDoNotShowThePIN(t *testing.T) {
	h := newHarness(t)
	c := h.newWorkingDir("")
	for says, methods := range map[string]string{
		"Only the mode code has a PIN": `{ mode = "card", code = "4821" }`,
		"4 to 9 digits":                `{ mode = "code", code = "4821-48211" }`,
		"value must be one of":         `{ mode = "pin", code = "4821" }`,
	} {
		c.configure(grantConfig(methods, "", h.front))
		c.run("plan").requireExitCode(1).requireOutput(says).requireNoOutput("4821")
	}
}
