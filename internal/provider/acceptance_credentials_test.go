package provider_test

import (
	"fmt"
	"maps"
	"testing"
)

func TestAccIsSaidWhatIsWrongWithTheCredentials(t *testing.T) {
	for name, wrong := range map[string]struct {
		config string
		env    func(h *house) map[string]string // instead of SEAM_API_KEY
		says   []string
	}{
		"there are none": {
			"", nothing,
			[]string{"There are no Seam credentials", "Set SEAM_API_KEY (or api_key), or SEAM_PERSONAL_ACCESS_TOKEN and SEAM_WORKSPACE_ID"},
		},
		"both kinds in the environment": {
			"", func(h *house) map[string]string {
				return map[string]string{"SEAM_API_KEY": h.seam.Workspace().APIKey, "SEAM_PERSONAL_ACCESS_TOKEN": h.seam.Workspace().PersonalAccessToken}
			},
			[]string{"Both an API key and a personal access token are given", "Keep one of the two"},
		},
		"both kinds in the configuration": {
			"provider \"seam\" {\n  api_key = \"seam_a\"\n  personal_access_token = \"seam_at_b\"\n}\n", nothing,
			[]string{"Both an API key and a personal access token are given", "Keep one of the two"},
		},
		"a token without a workspace": {
			"", func(h *house) map[string]string {
				return map[string]string{"SEAM_PERSONAL_ACCESS_TOKEN": h.seam.Workspace().PersonalAccessToken}
			},
			[]string{"reaches many workspaces, and none is named", "Set SEAM_WORKSPACE_ID (or workspace_id)"},
		},
		"a token as a key": {
			"", func(h *house) map[string]string {
				return map[string]string{"SEAM_API_KEY": h.seam.Workspace().PersonalAccessToken}
			},
			[]string{"The API key is a personal access token", "SEAM_PERSONAL_ACCESS_TOKEN"},
		},
		"a key over plain http": {
			"provider \"seam\" {\n  endpoint = \"http://seam.example\"\n}\n", func(h *house) map[string]string {
				return map[string]string{"SEAM_API_KEY": h.seam.Workspace().APIKey}
			},
			[]string{"would carry credentials and PINs unencrypted", "Use https"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			c := h.terminal(wrong.config + guest(h.front, guestPIN))
			delete(c.env, "SEAM_API_KEY")
			maps.Copy(c.env, wrong.env(h))
			c.run("plan").exits(1).says("Unable to configure the Seam provider").says(wrong.says...)
			if n := len(h.seam.Requests()); n > 0 {
				t.Errorf("%d requests were made", n)
			}
		})
	}
}

func nothing(*house) map[string]string { return nil }

func TestAccIsAKeyThatSeamDoesNotKnowExplained(t *testing.T) {
	h := newHouse(t)
	c := h.terminal(guest(h.front, guestPIN))
	c.run("apply").exits(0)
	c.env["SEAM_API_KEY"] = "seam_revoked"
	for _, command := range []string{"plan", "destroy"} {
		c.run(command).exits(1).says("Unable to read access code", "unauthorized", "Check the API key", "Nothing was changed in the state")
	}
	c.keeps(theGuest)
	h.opens(h.front, "4821")
}

func TestAccDoesAPlanWithAnEmptyStateTellAWrongKeyAndADeadEndpoint(t *testing.T) {
	h := newHouse(t)
	c := h.terminal(guest(h.front, guestPIN))
	c.env["SEAM_API_KEY"] = "seam_revoked"
	c.run("plan", "-detailed-exitcode").exits(1).says("Seam refuses the provider's credentials", "unauthorized", "Check the API key")
	c.env["SEAM_ENDPOINT"] = "http://127.0.0.1:9"
	c.configure("provider \"seam\" {\n  max_retries = 0\n}\n" + guest(h.front, guestPIN))
	c.run("plan", "-detailed-exitcode").exits(2).says("Seam cannot be asked", "connection refused", "Check the network and endpoint")
	c.keeps()
}

// In another workspace every code looks deleted.
func TestAccIsAKeyOfAnotherWorkspaceRefused(t *testing.T) {
	h := newHouse(t)
	other := h.seam.AddWorkspace("Other")
	c := h.terminal(guest(h.front, guestPIN))
	c.run("apply").exits(0)
	c.env["SEAM_API_KEY"] = other.APIKey
	for _, command := range [][]string{{"plan"}, {"destroy"}, {"destroy", "-refresh=false"}} {
		c.run(command...).exits(1).says(
			"The credentials belong to workspace "+other.ID, "this object lives in workspace "+h.seam.Workspace().ID, "Use credentials of workspace "+h.seam.Workspace().ID)
		c.keeps(theGuest)
	}
	h.opens(h.front, "4821")

	c.env["SEAM_WORKSPACE_ID"] = h.seam.Workspace().ID
	c.run("plan").exits(1).says("the provider is configured for workspace "+h.seam.Workspace().ID, "correct workspace_id")
	c.env["SEAM_API_KEY"] = h.seam.Workspace().APIKey
	c.run("plan", "-detailed-exitcode").exits(0)
}

func TestAccWorksAPersonalAccessToken(t *testing.T) {
	for name, where := range map[string]struct {
		configured bool
		env        func(h *house) map[string]string
	}{
		"from the environment": {false, func(h *house) map[string]string {
			return map[string]string{"SEAM_PERSONAL_ACCESS_TOKEN": h.seam.Workspace().PersonalAccessToken, "SEAM_WORKSPACE_ID": h.seam.Workspace().ID}
		}},
		"from the configuration, beside a key that was left in the environment": {true, func(*house) map[string]string {
			return map[string]string{"SEAM_API_KEY": "seam_leftover"}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			config := guest(h.front, guestPIN)
			if where.configured {
				config += fmt.Sprintf("provider \"seam\" {\n  personal_access_token = %q\n  workspace_id = %q\n}\n", h.seam.Workspace().PersonalAccessToken, h.seam.Workspace().ID)
			}
			c := h.terminal(config)
			delete(c.env, "SEAM_API_KEY")
			maps.Copy(c.env, where.env(h))
			c.run("apply").exits(0)
			h.opens(h.front, "4821")
			c.run("destroy").exits(0)
			c.destroyed()
		})
	}
}
