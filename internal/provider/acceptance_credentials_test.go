package provider_test

import (
	"fmt"
	"maps"
	"testing"
)

// Is it said what is wrong with the credentials? The in-process tests have all that can be wrong;
// these come from the environment of the CLI.
func TestAccProvider_credentialErrorsSayWhatIsWrong(t *testing.T) {
	for name, wrong := range map[string]struct {
		bothKinds bool
		says      []string
	}{
		"there are none": {false, []string{"There are no Seam credentials", "Set SEAM_API_KEY (or api_key), or SEAM_PERSONAL_ACCESS_TOKEN and SEAM_WORKSPACE_ID"}},
		"both kinds":     {true, []string{"Both an API key and a personal access token are given", "Keep one of the two"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			c := h.newWorkingDir(guestConfig(h.front, guestPIN))
			if wrong.bothKinds {
				c.env["SEAM_PERSONAL_ACCESS_TOKEN"] = h.seam.Workspace().PersonalAccessToken
			} else {
				delete(c.env, "SEAM_API_KEY")
			}
			c.run("plan").requireExitCode(1).requireOutput("Unable to configure the Seam provider").requireOutput(wrong.says...)
			if n := len(h.seam.Requests()); n > 0 {
				t.Errorf("%d requests were made", n)
			}
		})
	}
}

// Is a key that Seam does not know explained?
func TestAccProvider_unknownKeyIsExplained(t *testing.T) {
	h := newHarness(t)
	c := h.applied(guestConfig(h.front, guestPIN))
	c.env["SEAM_API_KEY"] = "seam_revoked"
	for _, command := range []string{"plan", "destroy"} {
		c.run(command).requireExitCode(1).requireOutput("Unable to read access code", "unauthorized", "Check the API key", "The state was not changed")
	}
	c.requireState(guestAddress)
	h.requireOpens(h.front, "4821")
}

// Does a plan with an empty state report a wrong key and a dead endpoint?
func TestAccProvider_firstPlanReportsWrongKeyAndDeadEndpoint(t *testing.T) {
	h := newHarness(t)
	c := h.newWorkingDir(guestConfig(h.front, guestPIN))
	c.env["SEAM_API_KEY"] = "seam_revoked"
	c.run("plan", "-detailed-exitcode").requireExitCode(1).requireOutput("Seam rejected the provider's credentials", "unauthorized", "Check the API key")
	c.env["SEAM_ENDPOINT"] = "http://127.0.0.1:9"
	c.configure("provider \"seam\" {\n  max_retries = 0\n}\n" + guestConfig(h.front, guestPIN))
	c.run("plan", "-detailed-exitcode").requireExitCode(2).requireOutput("Seam cannot be reached", "connection refused", "Check the network and endpoint")
	c.requireState()
}

// Is a key of another workspace refused?
// In another workspace every code looks deleted.
func TestAccProvider_keyOfAnotherWorkspaceIsRefused(t *testing.T) {
	h := newHarness(t)
	other := h.seam.AddWorkspace("Other")
	c := h.applied(guestConfig(h.front, guestPIN))
	c.env["SEAM_API_KEY"] = other.APIKey
	for _, command := range [][]string{{"plan"}, {"destroy"}, {"destroy", "-refresh=false"}} {
		c.run(command...).requireExitCode(1).requireOutput(
			"The credentials belong to workspace "+other.ID, "this object is in workspace "+h.seam.Workspace().ID, "Use credentials of workspace "+h.seam.Workspace().ID)
		c.requireState(guestAddress)
	}
	h.requireOpens(h.front, "4821")

	c.env["SEAM_WORKSPACE_ID"] = h.seam.Workspace().ID
	c.run("plan").requireExitCode(1).requireOutput("the provider is configured for workspace "+h.seam.Workspace().ID, "correct workspace_id")
	c.env["SEAM_API_KEY"] = h.seam.Workspace().APIKey
	c.run("plan", "-detailed-exitcode").requireExitCode(0)
}

// Does a personal access token work?
func TestAccProvider_personalAccessTokenWorks(t *testing.T) {
	for name, where := range map[string]struct {
		configured bool
		env        func(h *harness) map[string]string
	}{
		"from the environment": {false, func(h *harness) map[string]string {
			return map[string]string{"SEAM_PERSONAL_ACCESS_TOKEN": h.seam.Workspace().PersonalAccessToken, "SEAM_WORKSPACE_ID": h.seam.Workspace().ID}
		}},
		"from the configuration, beside a key that was left in the environment": {true, func(*harness) map[string]string {
			return map[string]string{"SEAM_API_KEY": "seam_leftover"}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			config := guestConfig(h.front, guestPIN)
			if where.configured {
				config += fmt.Sprintf("provider \"seam\" {\n  personal_access_token = %q\n  workspace_id = %q\n}\n", h.seam.Workspace().PersonalAccessToken, h.seam.Workspace().ID)
			}
			c := h.newWorkingDir(config)
			delete(c.env, "SEAM_API_KEY")
			maps.Copy(c.env, where.env(h))
			c.run("apply").requireExitCode(0)
			h.requireOpens(h.front, "4821")
			c.mustDestroy()
		})
	}
}
