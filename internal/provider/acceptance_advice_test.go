package provider_test

import "testing"

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
