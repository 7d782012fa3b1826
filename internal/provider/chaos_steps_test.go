package provider

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// step does one thing at random. Whatever is run is a run of its own: a new process.
func (c *chaos) step() {
	c.restart()
	if c.staff != nil && c.IntN(2) == 0 {
		c.staffStep()
		return
	}
	if c.exclusive != nil && c.IntN(3) == 0 {
		c.exclusiveStep()
		return
	}
	if c.space != nil && c.IntN(3) == 0 {
		c.spaceStep()
		return
	}
	if c.grant != nil && c.IntN(3) > 0 {
		c.grantStep()
		return
	}
	k := c.codes[c.IntN(len(c.codes))]
	switch n := c.IntN(100); {
	case n < 25:
		c.reconfigure(k)
		c.apply(k, c.newRun())
		c.pullBackup(k)
	case n < 35:
		c.runConcurrently("apply all", func(k *chaosResource, r chaosRun) {
			if k.config != nil {
				c.apply(k, r)
			}
		})
	case n < 45:
		k.config = nil
		c.destroy(k, c.newRun())
	case n < 52:
		c.runConcurrently("destroy all", func(k *chaosResource, r chaosRun) { k.config = nil; c.destroy(k, r) })
	case n < 54:
		c.planOnly(k)
	case n < 57:
		c.createIdenticalPair()
	case n < 65:
		c.changeOutside(k)
	case n < 80:
		c.injectFault()
	case n < 90:
		c.scriptLock(k.lock)
	case n < 93:
		c.wrongKey(k)
	case n < 97:
		pause := time.Duration(c.IntN(90)) * time.Minute
		c.note("%v pass", pause)
		advanceClock(pause)
	default:
		c.note("the faults end")
		for _, fault := range c.faults {
			fault.Remove()
		}
		c.faults = nil
	}
}

// createIdenticalPair are two resources that want a code of the same name, with a PIN that Seam chooses,
// on one lock. Two runs make them, and the second one's create, or its answer, is lost.
func (c *chaos) createIdenticalPair() {
	first := c.codes[c.IntN(len(c.codes))]
	second := c.codes[c.IntN(len(c.codes))]
	if first == second || first.lock != second.lock || !first.State.IsNull() || !second.State.IsNull() {
		return
	}
	c.count("twins")
	config := values{"device_id": first.lock.ID, "name": "Guest", "timeouts": waits}
	first.config, second.config = config, config
	c.note("twins: %p and %p", first, second)
	c.apply(first, c.newRun())
	c.restart()
	lost := c.seam.InjectFault(seamtest.Fault{Path: "/access_codes/create", Drop: []seamtest.Drop{seamtest.DropBefore, seamtest.DropAfter}[c.IntN(2)], Times: 1})
	c.apply(second, c.newRun())
	lost.Remove()
}

// runConcurrently runs something for all codes at once, as Terraform does.
func (c *chaos) runConcurrently(what string, do func(*chaosResource, chaosRun)) {
	c.note("%s", what)
	var all sync.WaitGroup
	for _, k := range c.codes {
		r := c.newRun()
		all.Go(func() { do(k, r) })
	}
	all.Wait()
}

// chaosRun is what is left to chance in one run of Terraform, drawn before it starts.
type chaosRun struct {
	refresh bool          // a destroy refreshes first
	ctrlC   time.Duration // Ctrl-C, or SIGTERM to all processes, which is the same to Terraform, after this; never if zero
	kill    bool          // kill -9 before anything is written to the state
}

func (c *chaos) newRun() chaosRun {
	r := chaosRun{refresh: c.IntN(3) > 0, kill: c.kills && c.IntN(8) == 0}
	if c.IntN(6) == 0 {
		r.ctrlC = time.Duration(1+c.IntN(4000)) * time.Millisecond
		c.count("interrupt")
		c.note("Ctrl-C after %v", r.ctrlC)
	}
	return r
}

func (c *chaos) reconfigure(k *chaosResource) {
	config := values{
		"device_id": k.lock.ID, "name": fmt.Sprint("Guest ", c.IntN(5)),
		"timeouts": waits,
	}
	if c.IntN(10) == 0 {
		config["removal"] = "verified_by_event"
	}
	if c.pins++; c.IntN(8) == 0 {
		c.pins-- // the PIN of another code
	}
	pin := fmt.Sprint(5000 + c.pins)
	switch c.IntN(4) {
	case 0:
	case 1:
		k.version++
		config["code_wo"], config["code_wo_version"] = pin, k.version
	default:
		config["code"] = pin
	}
	if c.IntN(4) == 0 {
		config["starts_at"] = time.Now().Format(time.RFC3339)
		config["ends_at"] = time.Now().Add(time.Duration(1+c.IntN(3)) * time.Hour).Format(time.RFC3339)
	}
	if k.State.IsNull() && c.IntN(5) == 0 {
		config["adopt_access_code_id"] = c.addUnmanagedCode(k.lock)
	}
	k.config = config
}

// addUnmanagedCode finds a code on the lock that somebody put there past Seam.
func (c *chaos) addUnmanagedCode(lock *seamtest.Lock) string {
	c.pins++
	pin := fmt.Sprint(5000 + c.pins)
	id := lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Stranger", PIN: pin})
	c.unmanagedPINs[id], c.history[id] = pin, map[string]bool{pin: true}
	c.count("adoption")
	c.note("a stranger on the %s: %s, PIN %s", lock.Name, id, pin)
	return id
}

// apply is a run of apply that somebody may interrupt.
func (c *chaos) apply(k *chaosResource, r chaosRun) {
	press := c.start(k, r)
	// A create in flight is answered, or looked for, first.
	defer c.requirePrompt(press, "apply", 4*requestTimeout+time.Second)
	if hasError(k.refresh()) || press.sent() {
		return
	}
	p := k.plan(k.config)
	if hasError(p.Diags) || p.empty() || press.sent() {
		return
	}
	if len(p.Replaces) > 0 && !k.State.IsNull() {
		if diags := c.requireWithin(k, "replace", k.destroyWithoutRefresh); hasError(diags) || press.sent() {
			return
		}
		p = k.plan(k.config)
		if hasError(p.Diags) {
			return
		}
	}
	isNew := k.State.IsNull()
	if r.kill && !isNew && c.canKill(k) {
		c.killedRun(k, "update", func() { k.ApplyPlan(k.config, p.Plan) })
		return
	}
	c.note("apply of %p: %v changes %v", k, k.config, p.changes())
	if !isNew {
		c.noteSentPIN(k)
	}
	diags := c.requireWithin(k, "apply", func() []*tfprotov6.Diagnostic { return k.ApplyPlan(k.config, p.Plan) })
	c.count(outcome("apply", diags))
	c.noteWarnings(diags)
	if isNew && !k.State.IsNull() {
		c.noteSentPIN(k) // an adoption may have sent it
	}
	if adopts := k.config["adopt_access_code_id"] != nil; !hasError(diags) && (!isNew || adopts) {
		c.checkOldPINsGone(k)
	}
}

// noteSentPIN notes a PIN that an update may bring to the lock, though no check ever sees it there.
func (c *chaos) noteSentPIN(k *chaosResource) {
	for _, attribute := range []string{"code", "code_wo"} {
		if pin, ok := k.config[attribute].(string); ok {
			c.mu.Lock()
			if c.history[k.id()] == nil {
				c.history[k.id()] = map[string]bool{}
			}
			c.history[k.id()][pin] = true
			c.mu.Unlock()
		}
	}
}

// noteWarnings notes if somebody is told that a PIN may be left over.
func (c *chaos) noteWarnings(diags []*tfprotov6.Diagnostic) {
	said := diagnosticText(diags, tfprotov6.DiagnosticSeverityError) + diagnosticText(diags, tfprotov6.DiagnosticSeverityWarning)
	for _, warning := range []string{"is not known", "could be it", "asked to manage", "could not be adopted"} {
		if strings.Contains(said, warning) {
			c.mu.Lock()
			c.warned = true
			c.mu.Unlock()
			c.count("told: " + warning)
		}
	}
}

func (c *chaos) destroy(k *chaosResource, r chaosRun) (diags []*tfprotov6.Diagnostic) {
	if k.State.IsNull() {
		return nil
	}
	press := c.start(k, r)
	var asking time.Duration // ours, which faults delay as well
	defer func() { c.requirePrompt(press, "destroy", time.Second+asking) }()
	if r.refresh {
		if diags := k.refresh(); hasError(diags) || k.State.IsNull() || press.sent() {
			return diags
		}
	}
	if r.kill && k.attribute("is_managed") != false {
		c.killedRun(k, "destroy", func() { diags = k.destroyWithoutRefresh() })
		return diags
	}
	var pending bool
	asking = elapsed(func() { pending = c.stillPending(k) })
	asked := c.deletes(k.id())
	id, first := k.id(), !strings.Contains(privateStateText(c.t, k.Private), "asked_at")
	there := c.unmanagedOnLocks()
	diags = c.requireWithin(k, "destroy", k.destroyWithoutRefresh)
	c.count(outcome("destroy", diags))
	c.noteWarnings(diags)
	if first && len(c.faults) == 0 && !press.sent() && c.deletes(id) > asked {
		c.requireRemovalTried(there, diagnosticText(diags, tfprotov6.DiagnosticSeverityError))
	}
	// With a fault at work, the attempt may end before the run can ask for it.
	if pending && len(c.faults) == 0 && c.deletes(id) > asked {
		c.t.Errorf("access code %s was asked to be deleted again, while the first attempt is pending", id)
	}
	return diags
}

func (c *chaos) deletes(id string) (n int) {
	for _, r := range c.seam.Requests() {
		if r.Path == "/access_codes/delete" && r.Body["access_code_id"] == id {
			n++
		}
	}
	return n
}

func outcome(what string, diags []*tfprotov6.Diagnostic) string {
	if hasError(diags) {
		return what + " failed"
	}
	return what + " done"
}

// requireWithin fails if something outlasts its deadline by far.
func (c *chaos) requireWithin(k *chaosResource, what string, do func() []*tfprotov6.Diagnostic) []*tfprotov6.Diagnostic {
	start := time.Now()
	diags := do()
	c.note("%s of %p took %v: %s", what, k, time.Since(start), strings.ReplaceAll(diagnosticText(diags, tfprotov6.DiagnosticSeverityError), "\n", " | "))
	if took := time.Since(start); took > 2*waitTimeout {
		c.t.Errorf("%s took %v, beyond its deadline", what, took)
	}
	return diags
}

// interruption is an interrupt that comes, or not, while a run is under way.
type interruption struct {
	timer *time.Timer
	at    atomic.Pointer[time.Time]
}

// start begins a run that may be interrupted: then it ends soon, and starts nothing more.
func (c *chaos) start(k *chaosResource, r chaosRun) *interruption {
	press := &interruption{timer: time.NewTimer(0)}
	if r.ctrlC > 0 {
		press.timer = time.AfterFunc(r.ctrlC, func() {
			press.at.Store(new(time.Now()))
			k.Interrupt()
		})
	}
	return press
}

func (p *interruption) sent() bool { return p.at.Load() != nil }

// requirePrompt fails if a run went on for longer than this after its interrupt.
func (c *chaos) requirePrompt(p *interruption, what string, within time.Duration) {
	p.timer.Stop()
	if at := p.at.Load(); at != nil && time.Since(*at) > within {
		c.t.Errorf("%s went on for %v after Ctrl-C", what, time.Since(*at))
	}
}

func (c *chaos) planOnly(k *chaosResource) {
	state, private := k.State, k.Private
	if !hasError(k.refresh()) && k.config != nil {
		k.plan(k.config)
	}
	k.State, k.Private = state, private
}

// wrongKey runs with a valid key of another workspace, where every code looks deleted.
func (c *chaos) wrongKey(k *chaosResource) {
	if k.State.IsNull() {
		return
	}
	c.count("wrong workspace")
	c.note("a key of another workspace")
	other := c.seam.AddWorkspace("Other")
	right := c.codes[0].ProviderConfig
	c.codes[0].configure(values{"api_key": other.APIKey})
	c.restart()
	for _, diags := range [][]*tfprotov6.Diagnostic{k.refresh(), k.destroyWithoutRefresh()} {
		message := diagnosticText(diags, tfprotov6.DiagnosticSeverityError)
		if !hasError(diags) || k.State.IsNull() {
			c.t.Fatalf("a key of another workspace is believed: %s", message)
		}
		if len(c.faults) == 0 && (!strings.Contains(message, other.ID) || !strings.Contains(message, c.seam.Workspace().ID)) {
			c.t.Errorf("the error does not name both workspaces: %s", message)
		}
	}
	c.codes[0].ProviderConfig = right
	c.restart()
}
