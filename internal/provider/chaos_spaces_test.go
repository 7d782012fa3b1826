package provider

import (
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// chaosSpace is a space of a sequence, through which the grant may reach its doors.
type chaosSpace struct {
	harness
	doors  []*seamtest.Lock
	failed bool // its last apply or destroy failed: what it left is known to its state
}

func (c *chaos) addSpace() {
	config := values{"request_timeout": requestTimeout.String(), "max_retries": c.IntN(3), "bulk_read": c.IntN(4) > 0}
	c.space = &chaosSpace{harness: *wrapHarness(acctest.New(c.t, newTestServer, "seam_space", config, c.seam, c.locks[0]))}
}

func (c *chaos) spaceConfig() values {
	ids := []any{}
	for _, lock := range c.space.doors {
		ids = append(ids, lock.ID)
	}
	return values{"name": "Room", "device_ids": ids, "force_destroy": true, "timeouts": waits}
}

// spaceStep changes the doors of the space, removes it, or lets somebody else change it.
func (c *chaos) spaceStep() {
	s := c.space
	switch n := c.IntN(10); {
	case n < 6:
		s.doors = [][]*seamtest.Lock{c.locks, c.locks, c.locks[:1], c.locks[1:], nil}[c.IntN(5)]
		c.applySpace()
	case n < 8:
		c.destroySpace()
	case !s.State.IsNull() && c.isLive("space", s.id()):
		c.note("somebody takes a door out of the space")
		c.send("/spaces/remove_devices", map[string]any{"space_id": s.id(), "device_ids": []string{c.locks[1].ID}})
	}
}

// send sends a request past Terraform.
func (c *chaos) send(path string, body map[string]any) {
	var out map[string]any
	c.request(path, body, &out)
}

func (c *chaos) isLive(noun, id string) bool {
	return slices.ContainsFunc(c.seam.Objects(noun), func(o seamtest.Object) bool { return o.ID == id && o.State == seamtest.StateLive })
}

func (c *chaos) applySpace() {
	s := c.space
	if hasError(s.refresh()) {
		return
	}
	config := c.spaceConfig()
	p := s.plan(config)
	if hasError(p.Diags) || p.empty() {
		return
	}
	c.note("apply of the space: %v changes %v", config, p.changes())
	start := time.Now()
	diags := s.ApplyPlan(config, p.Plan)
	c.note("apply of the space took %v: %s", time.Since(start), strings.ReplaceAll(diagnosticText(diags, tfprotov6.DiagnosticSeverityError), "\n", " | "))
	c.count(outcome("apply of a space", diags))
	s.failed = hasError(diags)
	c.noteWarnings(diags)
	if !hasError(diags) {
		c.checkDoorsLeft(diagnosticText(diags, tfprotov6.DiagnosticSeverityWarning))
	}
}

// checkDoorsLeft checks what a successful apply promises: no PIN of the grant opens a door that is not
// in the space, unless the apply said that the grant reaches it in another way.
func (c *chaos) checkDoorsLeft(said string) {
	if c.grant == nil || c.grant.failed || c.grant.State.IsNull() || !c.isLive("access_grant", c.grant.id()) || c.grant.attribute("device_ids") != nil {
		return
	}
	c.noteGrantCodes()
	for _, lock := range c.locks {
		if slices.Contains(c.space.doors, lock) || strings.Contains(said, "in another way") {
			continue
		}
		for id := range c.grant.codes {
			for pin := range c.history[id] {
				if lock.Opens(pin) && !c.isKnownPIN(c.knownWithoutGrant(), pin) && !c.isUnmanagedPIN(pin) {
					c.t.Errorf("apply of the space says done, and PIN %s of the grant still opens the %s", pin, lock.Name)
				}
			}
		}
	}
}

func (c *chaos) knownWithoutGrant() map[string]bool {
	known := c.knownCodes()
	for id := range c.grant.codes {
		delete(known, id)
	}
	return known
}

func (c *chaos) destroySpace() (diags []*tfprotov6.Diagnostic) {
	s := c.space
	if s.State.IsNull() {
		return nil
	}
	s.doors = nil
	if diags := s.refresh(); hasError(diags) || s.State.IsNull() {
		return diags
	}
	start := time.Now()
	diags = s.destroyWithoutRefresh()
	c.note("destroy of the space took %v: %s", time.Since(start), strings.ReplaceAll(diagnosticText(diags, tfprotov6.DiagnosticSeverityError), "\n", " | "))
	c.count(outcome("destroy of a space", diags))
	s.failed = hasError(diags)
	c.noteWarnings(diags)
	if !hasError(diags) {
		c.checkDoorsLeft(diagnosticText(diags, tfprotov6.DiagnosticSeverityWarning))
	}
	return diags
}
