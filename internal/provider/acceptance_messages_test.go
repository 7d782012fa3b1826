package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// Is a PIN in the configuration kept out of every message?
// Terraform prints the line of the configuration that a message is about.
func TestAccAccessCode_messagesOmitTheConfiguredPIN(t *testing.T) {
	for name, mistake := range map[string]struct {
		pin       string
		arguments string // with %s for the PIN
		says      []string
	}{
		"two ways to give it":         {"7294", "code = %[1]q\ncode_wo = %[1]q\ncode_wo_version = 1", []string{"cannot be specified when", "argument code"}},
		"write-only, no version":      {"7294", "code_wo = %q", []string{"must be specified when", "argument code_wo"}},
		"with a length":               {"7294", "code = %q\npreferred_code_length = 4", []string{"cannot be specified when"}},
		"write-only, with a length":   {"7294", "code_wo = %q\ncode_wo_version = 1\npreferred_code_length = 4", []string{"cannot be specified when"}},
		"a letter in it":              {"729a", "code = %q", []string{"4 to 12 digits", "argument code"}},
		"a letter in the write-only":  {"729a", "code_wo = %q\ncode_wo_version = 1", []string{"4 to 12 digits", "argument code_wo"}},
		"a length the lock refuses":   {"72941", "code = %q", []string{"rejects this value", "argument code"}},
		"write-only of such a length": {"72941", "code_wo = %q\ncode_wo_version = 1", []string{"rejects this value", "argument code_wo"}},
		"taken on the lock":           {"4821", "code = %q", []string{"PIN already on the lock", "argument code"}},
		"refused by Seam":             {"7294", "code = %q", []string{"does not fit the lock", "argument code"}},
		"refused by Seam, write-only": {"7294", "code_wo = %q\ncode_wo_version = 1", []string{"does not fit the lock"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.front.Describe(func(d map[string]any) {
				properties, _ := d["properties"].(map[string]any)
				properties["supported_code_lengths"] = []int{4}
			})
			h.createCode(h.front, "Neighbour", "4821")
			if strings.HasPrefix(name, "refused by Seam") {
				h.seam.InjectFault(seamtest.Fault{Path: "/access_codes/create", Status: 400, ContentType: "application/json",
					Body: `{"ok":false,"error":{"type":"invalid_input","message":"Bad code","validation_errors":{"_errors":[],"code":{"_errors":["does not fit the lock"]}}}}`})
			}
			c := h.newWorkingDir(guestConfig(h.front, fmt.Sprintf(mistake.arguments, mistake.pin)))
			c.run("apply").requireExitCode(1).requireOutput(mistake.says...).requireNoOutput(`"` + mistake.pin + `"`)
		})
	}
}

// Is a PIN that is searched for kept out of every message?
func TestAccAccessCode_messagesOmitTheSearchedPIN(t *testing.T) {
	h := newHarness(t)
	search := func(arguments string) string { return "data \"seam_access_code\" \"it\" {\n" + arguments + "\n}\n" }
	c := h.newWorkingDir(search(`code = "7294"`))
	c.run("plan").requireExitCode(1).requireOutput("must be specified").requireNoOutput(`"7294"`)
	c.configure(search("id = \"code-1\"\ndevice_id = \"lock-1\"\ncode = \"7294\""))
	c.run("plan").requireExitCode(1).requireOutput("id").requireNoOutput(`"7294"`)
	c.configure(search(fmt.Sprintf("device_id = %q\ncode = \"7294\"", h.front.ID)))
	c.run("plan").requireExitCode(1).requireOutput("has this PIN").requireNoOutput(`"7294"`)
}

// Is a credential in the configuration kept out of every message?
func TestAccProvider_messagesOmitConfiguredCredentials(t *testing.T) {
	h := newHarness(t)
	c := h.newWorkingDir("provider \"seam\" {\n  api_key = \"\"\n  personal_access_token = \"seam_at_9Canary\"\n}\n" + guestConfig(h.front, guestPIN))
	c.run("plan").requireExitCode(1).requireOutput("api_key").requireNoOutput("seam_at_9Canary")
}

// Does the error about a PIN without quotes say that it lost its zero?
func TestAccAccessCode_unquotedPINErrorNamesTheLostZero(t *testing.T) {
	h := newHarness(t)
	c := h.newWorkingDir(guestConfig(h.front, "code = 0729"))
	c.run("plan").requireExitCode(1).requireOutput("drops the zero", "put it in quotes").requireNoOutput("code = 0729")
}

// Can the advice be followed where a resource has instances?
func TestAccAccessCode_adviceWorksForInstances(t *testing.T) {
	h := newHarness(t)
	c := h.applied("resource \"seam_access_code\" \"stay\" {\n  for_each  = toset([\"ana\"])\n  device_id = \"" + h.front.ID + "\"\n  code      = \"4821\"\n}\n")
	h.front.Disappear()
	c.run("plan").requireExitCode(1).requireOutput("state rm 'ADDRESS'", "-target='ADDRESS'", `such as seam_access_code.stay["ana"]`)
	c.run("destroy", "-refresh=false", `-target=seam_access_code.stay["ana"]`).requireExitCode(1)
	c.run("state", "rm", `seam_access_code.stay["ana"]`).requireExitCode(0)
	c.requireState()
}

// Is the port of the endpoint readable?
func TestAccProvider_errorShowsThePortOfTheEndpoint(t *testing.T) {
	h := newHarness(t)
	c := h.newWorkingDir("provider \"seam\" {\n  max_retries = 0\n}\n" + guestConfig(h.front, guestPIN))
	c.env["SEAM_ENDPOINT"] = "http://localhost:49151"
	c.run("plan").requireOutput(":49151", "connection refused")
}
