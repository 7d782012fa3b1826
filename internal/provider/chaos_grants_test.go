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

// chaosGrant is a grant of a sequence: what is configured, what the state holds, and the codes that
// Seam ever gave it.
type chaosGrant struct {
	harness
	config  values
	version int
	person  string
	codes   map[string]bool
	failed  bool // its last apply or destroy failed: Seam may have given and taken codes meanwhile
}

func (c *chaos) addGrant() {
	config := values{"request_timeout": requestTimeout.String(), "max_retries": c.IntN(3), "bulk_read": c.IntN(4) > 0}
	h := wrapHarness(acctest.New(c.t, newTestServer, "seam_access_grant", config, c.seam, c.locks[0]))
	person := c.seam.AddObject("user_identity", map[string]any{"full_name": "Ana"})
	c.grant = &chaosGrant{harness: *h, person: person.ID, codes: map[string]bool{}}
}

// unprovenGrant reports whether the state has a grant whose last apply or destroy failed.
func (c *chaos) unprovenGrant() bool {
	return c.grant != nil && !c.grant.State.IsNull() && c.grant.failed
}

// grantStep does one thing to the grant at random.
func (c *chaos) grantStep() {
	g := c.grant
	switch n := c.IntN(20); {
	case n < 9:
		c.configureGrant()
		c.applyGrant(c.newRun())
	case n < 13:
		g.config = nil
		c.destroyGrant(c.newRun())
	case n < 16:
		c.changeGrantOutside()
	case n < 18:
		c.scriptGrants()
	default:
		c.grantFault()
	}
}

func (c *chaos) configureGrant() {
	g := c.grant
	c.pins++
	pin := fmt.Sprint(5000 + c.pins)
	config := values{"user_identity_id": g.person, "name": fmt.Sprint("Stay ", c.IntN(3)), "timeouts": waits}
	methods := []any{values{"mode": "code", "code": pin}}
	switch c.IntN(4) {
	case 0:
		g.version++
		methods = []any{values{"mode": "code"}}
		config["code_wo"], config["code_wo_version"] = pin, g.version
	case 1:
		methods = append(methods, values{"mode": "mobile_key"})
	case 2:
		if old, ok := g.config["requested_access_methods"]; ok && g.config["code_wo"] == nil {
			methods, _ = old.([]any)
		}
	}
	config["requested_access_methods"] = methods
	doors := []any{c.locks[0].ID, c.locks[1].ID}
	if c.IntN(4) == 0 {
		doors = doors[:1]
	}
	if c.space != nil && !c.space.State.IsNull() && c.IntN(3) > 0 {
		config["space_ids"] = []any{c.space.id()}
	} else {
		config["device_ids"] = doors
	}
	if c.IntN(3) == 0 {
		config["ends_at"] = time.Now().Add(time.Duration(1+c.IntN(5)) * time.Hour).Format(time.RFC3339)
	}
	g.config = config
}

// noteGrantCodes notes the codes that Seam gives the grant now.
func (c *chaos) noteGrantCodes() {
	if c.grant != nil {
		maps.Copy(c.grant.codes, c.codesOfGrant())
	}
}

// codesOfGrant are the codes that the grant has now. Those of a method that was taken from it are not.
func (c *chaos) codesOfGrant() map[string]bool {
	codes := map[string]bool{}
	if c.grant == nil || c.grant.State.IsNull() {
		return codes
	}
	for _, code := range c.seam.AccessCodes() {
		if slices.Contains(c.seam.GrantsOfAccessCode(code.ID), c.grant.id()) {
			codes[code.ID] = true
		}
	}
	return codes
}

func (c *chaos) applyGrant(r chaosRun) {
	g := c.grant
	press := &interruption{timer: time.NewTimer(0)}
	if r.ctrlC > 0 {
		press.timer = time.AfterFunc(r.ctrlC, func() { press.at.Store(new(time.Now())); g.Interrupt() })
	}
	defer c.requirePrompt(press, "apply of a grant", 2*requestTimeout+time.Second)
	if hasError(g.refresh()) || press.sent() {
		return
	}
	p := g.plan(g.config)
	if hasError(p.Diags) || p.empty() || press.sent() {
		return
	}
	if len(p.Replaces) > 0 && !g.State.IsNull() {
		c.note("the grant is replaced because of %v", p.Replaces)
		if hasError(c.endGrant(r)) || press.sent() {
			return
		}
		if p = g.plan(g.config); hasError(p.Diags) {
			return
		}
	}
	isNew := g.State.IsNull()
	if r.kill && !isNew {
		c.count("kill in update of a grant")
		c.note("kill -9 in update of grant %s", g.id())
		state, private, identity := g.State.Copy(), g.Private, g.Identity
		g.ApplyPlan(g.config, p.Plan)
		c.noteGrantCodes()
		g.State, g.Private, g.Identity = state, private, identity
		return
	}
	c.note("apply of the grant: %v changes %v", g.config, p.changes())
	start := time.Now()
	diags := g.ApplyPlan(g.config, p.Plan)
	c.note("apply of the grant took %v: %s", time.Since(start), strings.ReplaceAll(diagnosticText(diags, tfprotov6.DiagnosticSeverityError), "\n", " | "))
	c.count(outcome("apply of a grant", diags))
	g.failed = hasError(diags)
	c.noteWarnings(diags)
	if !hasError(diags) && !isNew {
		c.checkGrantPINsGone()
	}
}

// checkGrantPINsGone checks what a successful apply promises: no PIN opens that the grant has lost.
func (c *chaos) checkGrantPINsGone() {
	g := c.grant
	kept := map[string]bool{}
	for _, code := range c.seam.AccessCodes() {
		if g.codes[code.ID] || slices.Contains(c.seam.GrantsOfAccessCode(code.ID), g.id()) {
			kept[code.ID] = true
			c.remember(code)
		}
	}
	for id := range g.codes {
		for pin := range c.history[id] {
			for _, lock := range c.locks {
				if !kept[id] && lock.Opens(pin) && !c.isKnownPIN(kept, pin) && !c.isKnownPIN(c.knownCodes(), pin) && !c.isUnmanagedPIN(pin) {
					c.t.Errorf("apply of the grant says done, and PIN %s of access code %s still opens the %s", pin, id, lock.Name)
				}
			}
		}
	}
	g.codes = kept
}

func (c *chaos) destroyGrant(r chaosRun) []*tfprotov6.Diagnostic {
	g := c.grant
	if g.State.IsNull() {
		return nil
	}
	if r.refresh {
		if diags := g.refresh(); hasError(diags) || g.State.IsNull() {
			return diags
		}
	}
	return c.endGrant(r)
}

func (c *chaos) endGrant(r chaosRun) []*tfprotov6.Diagnostic {
	g := c.grant
	id := g.id()
	if r.kill {
		c.count("kill in destroy of a grant")
		c.note("kill -9 in destroy of grant %s", id)
		state, private, identity := g.State.Copy(), g.Private, g.Identity
		diags := g.destroyWithoutRefresh()
		g.State, g.Private, g.Identity = state, private, identity
		return append(diags, &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: "killed"})
	}
	start := time.Now()
	diags := g.destroyWithoutRefresh()
	c.note("destroy of the grant took %v: %s", time.Since(start), strings.ReplaceAll(diagnosticText(diags, tfprotov6.DiagnosticSeverityError), "\n", " | "))
	if took := time.Since(start); took > 2*waitTimeout {
		c.t.Errorf("destroy of the grant took %v, beyond its deadline", took)
	}
	c.count(outcome("destroy of a grant", diags))
	g.failed = hasError(diags)
	c.noteWarnings(diags)
	return diags
}

// changeGrantOutside is what people do to a grant past Terraform.
func (c *chaos) changeGrantOutside() {
	g := c.grant
	if g.State.IsNull() || !c.isLive("access_grant", g.id()) {
		return
	}
	switch c.IntN(5) {
	case 0:
		c.note("somebody removes grant %s", g.id())
		c.seam.RemoveObject("access_grant", g.id())
	case 1:
		c.note("somebody renames grant %s", g.id())
		c.seam.ChangeObject("access_grant", g.id(), map[string]any{"name": "Somebody's"})
	case 2:
		for _, method := range c.seam.Object("access_grant", g.id()).Texts("access_method_ids") {
			c.note("somebody deletes access method %s", method)
			c.seam.RemoveObject("access_method", method)
			break
		}
	case 3:
		for id := range g.codes {
			if _, there := c.seam.AccessCode(id); there && len(g.codes) == 1 {
				c.note("somebody takes access code %s of the grant out of Seam's care", id)
				c.seam.UnmanageAccessCode(id)
			}
		}
	default:
		c.note("a neighbour of the grant's codes comes and goes")
		id := c.locks[1].AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: "99887", Masked: true})
		advanceClock(time.Minute)
		c.seam.RemoveUnmanagedAccessCode(id)
	}
}

// scriptGrants scripts what Seam does with grants from now on.
func (c *chaos) scriptGrants() {
	late := time.Duration(c.IntN(180)) * time.Second
	behaviors := map[string]seamtest.GrantDelete{
		"at once":           {},
		"the grant lingers": {GoneAfter: late},
		"methods linger":    {MethodsGoneAfter: late},
		"keys linger":       {CredentialsGoneAfter: late},
		"a door fails":      {FailedDevices: map[string]string{c.locks[1].ID: "device_offline"}},
		"ignored":           {Ignored: true},
	}
	name := pickNamed(c, behaviors)
	c.seam.SetGrantDelete(behaviors[name])
	c.seam.SetGrantDelays(seamtest.GrantDelays{Times: time.Duration(c.IntN(100)) * time.Second, Spaces: time.Duration(c.IntN(100)) * time.Second})
}

// grantFault is something that goes wrong in the requests about grants.
func (c *chaos) grantFault() {
	paths := []string{"/spaces/get", "/spaces/list", "/spaces/remove_devices", "/devices/list", "/access_grants/create", "/access_grants/get", "/access_grants/list", "/access_grants/delete", "/access_grants/update", "/access_grants/get_related", "/access_grants/request_access_methods", "/access_methods/get", "/access_methods/get_related", "/access_methods/delete", "/access_codes/list"}
	f := seamtest.Fault{Path: paths[c.IntN(len(paths))], Skip: c.IntN(3), Times: 1 + c.IntN(3)}
	kinds := map[string]func(){
		"reset before": func() { f.Drop = seamtest.DropBefore },
		"reset after":  func() { f.Drop = seamtest.DropAfter },
		"delayed":      func() { f.Delay = requestTimeout + 5*time.Second },
		"5xx after":    func() { f.Status, f.Processed = 502, true },
		"stale grant":  func() { f.Path, f.Status, f.Type, f.Times = "/access_grants/get", 404, "access_grant_not_found", 1 },
		"stale method": func() { f.Path, f.Status, f.Type, f.Times = "/access_methods/get", 404, "access_method_not_found", 1 },
		"stale code":   func() { f.Path, f.Status, f.Type, f.Times = getPath, 404, "access_code_not_found", 1 },
		"wrong 404":    func() { f.Status, f.Type = 404, "workspace_not_found" },
		"nonsense":     func() { f.Replace = func(int, []byte) (int, []byte) { return 200, []byte("[]") } },
	}
	kind := pickNamed(c, kinds)
	kinds[kind]()
	c.note("fault on %q: %s, %d times after %d", f.Path, kind, f.Times, f.Skip)
	c.faults = append(c.faults, c.seam.InjectFault(f))
}
