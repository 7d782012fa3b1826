package provider_test

import "testing"

func TestAccIsAPINWithoutQuotesToldThatItLostItsZero(t *testing.T) {
	h := newHouse(t)
	c := h.terminal(guest(h.front, "code = 0729"))
	c.run("plan").exits(1).says("drops the zero", "put it in quotes").omits("code = 0729")
}

func TestAccMayAdviceBeFollowedWhereAResourceHasInstances(t *testing.T) {
	h := newHouse(t)
	c := h.terminal("resource \"seam_access_code\" \"stay\" {\n  for_each  = toset([\"ana\"])\n  device_id = \"" + h.front.ID + "\"\n  code      = \"4821\"\n}\n")
	c.run("apply").exits(0)
	h.front.Disappear()
	c.run("plan").exits(1).says("state rm 'ADDRESS'", "-target='ADDRESS'", `such as seam_access_code.stay["ana"]`)
	c.run("destroy", "-refresh=false", `-target=seam_access_code.stay["ana"]`).exits(1)
	c.run("state", "rm", `seam_access_code.stay["ana"]`).exits(0)
	c.keeps()
}

func TestAccIsThePortOfTheEndpointReadable(t *testing.T) {
	h := newHouse(t)
	c := h.terminal("provider \"seam\" {\n  max_retries = 0\n}\n" + guest(h.front, guestPIN))
	c.env["SEAM_ENDPOINT"] = "http://localhost:49151"
	c.run("plan").says(":49151", "connection refused")
}
