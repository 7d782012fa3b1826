package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// chaosExclusive lets only some codes on a lock, beside everything else.
type chaosExclusive struct {
	harness
	tolerated map[string]bool // IDs of unmanaged codes that it allows
	ofGrant   map[string]bool // IDs of the grant's codes before the last apply
}

func (c *chaos) addExclusive() {
	config := values{"request_timeout": requestTimeout.String(), "max_retries": c.IntN(3), "bulk_read": c.IntN(4) > 0}
	h := acctest.New(c.t, newTestServer, exclusiveNoun, config, c.seam, c.locks[c.IntN(2)])
	c.exclusive = &chaosExclusive{harness: *wrapHarness(h), tolerated: map[string]bool{}}
}

func (c *chaos) tolerates(id string) bool { return c.exclusive != nil && c.exclusive.tolerated[id] }

// exclusiveStep lets a stranger come, or applies or destroys the resource.
func (c *chaos) exclusiveStep() {
	switch n := c.IntN(20); {
	case n < 7:
		c.addStranger()
	case n < 19:
		c.applyExclusive()
	case !c.exclusive.State.IsNull():
		c.note("destroy of the exclusive resource")
		before := len(c.deleteRequests())
		c.exclusive.destroyWithoutRefresh()
		if len(c.deleteRequests()) > before {
			c.t.Error("the destroy of the exclusive resource deletes a code")
		}
	}
}

// addStranger puts a code on the lock past Seam, which is tolerated at times.
func (c *chaos) addStranger() {
	c.pins++
	u := seamtest.UnmanagedAccessCode{Name: "Stranger", PIN: fmt.Sprint(5000 + c.pins), Masked: c.IntN(4) == 0, CannotBeDeleted: c.IntN(8) == 0}
	id := c.exclusive.lock.AddUnmanagedAccessCode(u)
	c.unmanagedPINs[id], c.history[id] = u.PIN, map[string]bool{u.PIN: true}
	c.exclusive.tolerated[id] = c.IntN(3) == 0
	c.count("stranger")
	c.note("a stranger on the %s: %s, PIN %s, tolerated: %v", c.exclusive.lock.Name, id, u.PIN, c.exclusive.tolerated[id])
}

// exclusiveConfig allows what the states have: by id, or all managed codes.
func (c *chaos) exclusiveConfig() values {
	config := values{"device_id": c.exclusive.lock.ID, "unmanaged_access_code_ids": []any{}, "timeouts": waits}
	var tolerated []any
	for _, id := range slices.Sorted(maps.Keys(c.exclusive.tolerated)) {
		if c.exclusive.tolerated[id] {
			tolerated = append(tolerated, id)
		}
	}
	if tolerated != nil {
		config["unmanaged_access_code_ids"] = tolerated
	}
	if c.IntN(2) == 0 {
		return config
	}
	codes, grants := []any{}, []any{}
	for _, k := range c.codes {
		if !k.State.IsNull() {
			codes = append(codes, k.id())
		}
	}
	if c.grant != nil && !c.grant.State.IsNull() {
		grants = append(grants, c.grant.id())
	}
	return config.with(values{"access_code_ids": codes, "access_grant_ids": grants})
}

func (c *chaos) applyExclusive() {
	x := c.exclusive
	r := c.newRun()
	if hasError(x.refresh()) {
		return
	}
	config := c.exclusiveConfig()
	p := x.plan(config)
	if hasError(p.Diags) || p.empty() {
		return
	}
	shown := c.shownStrangers()
	x.ofGrant = c.codesOfGrant()
	before := c.deleteRequests()
	c.note("apply of the exclusive resource: %v changes %v, shows %v", config, p.changes(), slices.Sorted(maps.Keys(shown)))
	if r.ctrlC > 0 {
		defer time.AfterFunc(r.ctrlC, x.Interrupt).Stop()
	}
	start := time.Now()
	state, private, identity := x.State.Copy(), x.Private, x.Identity
	diags := x.ApplyPlan(config, p.Plan)
	if r.kill {
		x.State, x.Private, x.Identity = state, private, identity
	}
	c.note("it took %v: %s", time.Since(start), strings.ReplaceAll(diagnosticText(diags, tfprotov6.DiagnosticSeverityError), "\n", " | "))
	c.count(outcome("apply of the exclusive resource", diags))
	c.checkDeletes(c.deleteRequests()[len(before):], shown, config)
	if !hasError(diags) {
		c.checkShownGone(shown, config)
	}
}

// shownStrangers are the strangers in the state, with the PINs that they have now.
func (c *chaos) shownStrangers() map[string]string {
	shown := map[string]string{}
	if c.exclusive.State.IsNull() {
		return shown
	}
	found, _ := c.exclusive.attribute("strangers").(map[string]any)
	for id := range found {
		code, _ := c.seam.AccessCode(id)
		shown[id] = code.PIN
		if pin := c.unmanagedPINs[id]; pin != "" {
			shown[id] = pin
		}
	}
	return shown
}

// isAllowed reports whether a configuration names a code, or the grant that has it.
func (c *chaos) isAllowed(id string, config values) bool {
	for _, name := range []string{"access_code_ids", "unmanaged_access_code_ids"} {
		if ids, _ := config[name].([]any); slices.Contains(ids, any(id)) {
			return true
		}
	}
	grants, _ := config["access_grant_ids"].([]any)
	return len(grants) > 0 && c.exclusive.ofGrant[id] && c.isLive("access_grant", c.grant.id())
}

// deleteRequests are the IDs of the codes that were to be deleted, in order, with the path before.
func (c *chaos) deleteRequests() (sent [][2]string) {
	for _, r := range c.seam.Requests() {
		if r.Path == "/access_codes/delete" || r.Path == strayDeletePath {
			sent = append(sent, [2]string{r.Path, fmt.Sprint(r.Body["access_code_id"])})
		}
	}
	return sent
}

// checkDeletes checks that an apply deleted only what its plan has shown and what came of that, and
// nothing that is allowed.
func (c *chaos) checkDeletes(sent [][2]string, shown map[string]string, config values) {
	for _, s := range sent {
		path, id := s[0], s[1]
		_, wasShown := shown[id]
		leftover := path == strayDeletePath && c.unmanagedPINs[id] == "" // a PIN that came back
		if c.isAllowed(id, config) || !wasShown && !leftover {
			c.t.Errorf("the apply of the exclusive resource deletes %s, which it was not to", id)
		}
		if path == "/access_codes/delete" && config["access_code_ids"] == nil {
			c.t.Errorf("the apply deletes managed code %s, and all managed codes are allowed", id)
		}
	}
}

// checkShownGone checks what a successful apply promises: no stranger that the plan has shown opens.
func (c *chaos) checkShownGone(shown map[string]string, config values) {
	known := c.knownCodes()
	for id, pin := range shown {
		if c.isAllowed(id, config) || known[id] && config["access_code_ids"] == nil {
			continue
		}
		delete(c.unmanagedPINs, id)
		c.count("stranger removed")
		if pin != "" && c.exclusive.lock.Opens(pin) && !c.isKnownPIN(known, pin) && !c.isUnmanagedPIN(pin) {
			c.t.Errorf("apply of the exclusive resource says done, and PIN %s of %s still opens the %s", pin, id, c.exclusive.lock.Name)
		}
	}
}

// checkTolerated fails if a tolerated code is off its lock.
func (c *chaos) checkTolerated() {
	if c.exclusive == nil {
		return
	}
	on := c.exclusive.lock.UnmanagedAccessCodeIDs()
	for id, tolerated := range c.exclusive.tolerated {
		if tolerated && !slices.Contains(on, id) {
			c.t.Errorf("tolerated code %s was removed from the %s", id, c.exclusive.lock.Name)
		}
	}
}

// endExclusive takes the tolerated codes off the lock, so that nothing is left in the end.
func (c *chaos) endExclusive() {
	if c.exclusive == nil {
		return
	}
	for id := range c.exclusive.tolerated {
		c.seam.RemoveUnmanagedAccessCode(id)
	}
	c.exclusive = nil
}
