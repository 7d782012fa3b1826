package provider_test

import (
	"strings"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// What the guide "Joiners, movers, leavers" promises of its example.

// requireEntrances fails the test unless a credential opens just these of the office's entrances.
func (h *exampleHarness) requireEntrances(credential string, lobby, vault bool) {
	h.t.Helper()
	for entrance, want := range map[string]bool{h.lobby: lobby, h.vault: vault} {
		if got := h.seam.CredentialOpens(entrance, credential); got != want {
			h.t.Errorf("does credential %s open entrance %s: %v, want %v", credential, entrance, got, want)
		}
	}
}

// Does each change of the table open and close what it should, and does a leaver stay in the state
// until nothing is left?
func TestAccDocs_staffTableGivesAndTakesAccess(t *testing.T) {
	h := newExampleHarness(t)
	c := h.newWorkingDir("guides/joiners-movers-leavers")
	staff := func(rows ...string) {
		c.write("staff.csv", "number,name,email,role,card,phone,suspended\n"+strings.Join(rows, "\n")+"\n")
	}
	apply := func(says string, rows ...string) {
		t.Helper()
		staff(rows...)
		c.run("apply").requireExitCode(0).requireOutput(says)
		c.run("plan", "-detailed-exitcode").requireExitCode(0)
	}
	ben := "2,Ben Okoro,ben@example.com,staff,1,,no"
	apply("10 added", "1,Ana Silva,ana@example.com,manager,1,1,no", ben)
	pin, phone, bens := c.idOf(`seam_acs_credential.pin["1"]`), c.idOf(`seam_acs_credential.phone["1 phone 1"]`), c.idOf(`seam_acs_credential.pin["2"]`)
	lost := c.idOf(`seam_acs_credential.card["1 card 1"]`)
	h.seam.EncodeCard(lost)
	h.requireEntrances(pin, true, true)
	h.requireEntrances(lost, true, true)
	h.requireEntrances(bens, true, false)

	apply("0 added, 0 changed, 1 destroyed", "1,Ana Silva,ana@example.com,staff,1,1,no", ben)
	h.requireEntrances(pin, true, false)
	apply("1 added, 0 changed, 1 destroyed", "1,Ana Silva,ana@example.com,staff,2,1,no", ben)
	h.requireEntrances(lost, false, false)
	h.requireEntrances(phone, true, false)
	apply("0 added, 0 changed, 1 destroyed", "1,Ana Silva,ana@example.com,staff,2,,no", ben)
	h.requireEntrances(phone, false, false)
	apply("0 added, 1 changed, 0 destroyed", "1,Ana Silva,ana@example.com,staff,2,,yes", ben)
	h.requireEntrances(pin, false, false)

	h.seam.InjectFault(seamtest.Fault{
		Path: "/acs/credentials/delete", Match: func(body map[string]any) bool { return body["acs_credential_id"] == bens },
		Status: 400, Type: "cannot_delete_credential", Message: "The system is read-only", Times: 1,
	})
	ana := "1,Ana Silva,ana@example.com,staff,2,,no"
	staff(ana)
	c.run("apply").requireExitCode(1).requireOutput("Unable to delete acs credential", "cannot_delete_credential", bens, "may still open", "still in the state")
	for _, address := range []string{`seam_acs_user.staff["2"]`, `seam_acs_credential.pin["2"]`} {
		if _, kept := c.state()[address]; !kept {
			t.Errorf("%s is not in the state any more", address)
		}
	}
	apply("0 added, 1 changed, 2 destroyed", ana)
	h.requireEntrances(bens, false, false)
	h.requireEntrances(pin, true, false)

	apply("2 added, 0 changed, 0 destroyed", ana, "3,Cleo Diaz,,,,,") // with nothing but a number, a name and a PIN
	h.requireEntrances(c.idOf(`seam_acs_credential.pin["3"]`), false, false)

	c.run("destroy").requireExitCode(0)
	h.requireEntrances(pin, false, false)
	h.removeFound(c)
}
