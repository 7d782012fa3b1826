package provider

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

var (
	sequences = flag.Int("chaos", defaultSequences, "how many random sequences TestChaos runs")
	firstSeed = flag.Uint64("chaos-seed", 1, "seed of the first sequence; each next one adds one")
)

// TestChaos drives random sequences of what people, pipelines and faults do, and asks the
// locks after every step: does a PIN open a door that no state knows of?
func TestChaos(t *testing.T) {
	tally := &tally{counts: map[string]int{}}
	const batch = 50
	t.Run("sequences", func(t *testing.T) {
		for from := 0; from < *sequences; from += batch {
			t.Run(fmt.Sprint(from), func(t *testing.T) {
				t.Parallel()
				for i := from; i < min(from+batch, *sequences) && !t.Failed(); i++ {
					seed := *firstSeed + uint64(i)
					synctest.Test(t, func(t *testing.T) { newChaos(t, seed, tally).run() })
				}
			})
		}
	})
	t.Logf("%d sequences", *sequences)
	for _, what := range sorted(tally.counts) {
		t.Logf("%s: %d", what, tally.counts[what])
	}
}

// tally counts what happened in all sequences.
type tally struct {
	mu     sync.Mutex
	counts map[string]int
}

// chaos is one sequence: two locks, three codes, one Terraform.
type chaos struct {
	*rand.Rand
	t             *testing.T
	seed          uint64
	tally         *tally
	seam          *seamtest.Server
	locks         []*seamtest.Lock
	codes         []*chaosResource
	grant         *chaosGrant     // nil in half of the sequences
	space         *chaosSpace     // nil in most
	exclusive     *chaosExclusive // nil in most
	staff         *chaosStaff     // nil in most
	faults        []*seamtest.InjectedFault
	script        []string
	history       map[string]map[string]bool // PINs that an access code has had, by its id
	unmanagedPINs map[string]string          // PINs that are on a lock past Seam, by access code id
	backups       map[string]string          // IDs of access codes whose backup codes were pulled, by those of the backup codes
	mu            sync.Mutex
	warned        bool // somebody was told of a code that may be left over
	kills         bool // runs are killed at times; if not, leftovers may look old
	pins          int
}

// chaosResource is one resource: what is configured, and what the state holds.
type chaosResource struct {
	harness
	config  values // nil when it is not wanted any more
	version int
}

const (
	requestTimeout = 10 * time.Second
	waitTimeout    = 2 * time.Minute
)

var waits = values{"create": waitTimeout.String(), "update": waitTimeout.String(), "delete": waitTimeout.String()}

func newChaos(t *testing.T, seed uint64, tally *tally) *chaos {
	c := &chaos{Rand: rand.New(rand.NewPCG(seed, 0)), t: t, seed: seed, tally: tally, seam: seamtest.New(), history: map[string]map[string]bool{}, unmanagedPINs: map[string]string{}, backups: map[string]string{}}
	c.kills = c.IntN(2) == 0
	c.locks = []*seamtest.Lock{c.seam.AddLock("Front Door"), c.seam.AddLock("Back Door")}
	for range 3 {
		lock := c.locks[c.IntN(2)]
		config := values{"request_timeout": requestTimeout.String(), "max_retries": c.IntN(3), "bulk_read": c.IntN(4) > 0}
		c.codes = append(c.codes, &chaosResource{harness: *wrapHarness(acctest.New(t, newTestServer, "seam_access_code", config, c.seam, lock))})
	}
	if c.IntN(2) == 0 {
		c.addGrant()
		if c.IntN(2) == 0 {
			c.addSpace()
		}
	}
	if c.IntN(3) == 0 {
		c.addExclusive()
	}
	if c.IntN(3) == 0 {
		c.addStaff()
	}
	c.restart()
	return c
}

// restart is the next run of Terraform: one provider process for all codes.
func (c *chaos) restart() {
	c.codes[0].restart()
	for _, k := range c.codes[1:] {
		k.Server = c.codes[0].Server
	}
	if c.grant != nil {
		c.grant.Server = c.codes[0].Server
	}
	if c.space != nil {
		c.space.Server = c.codes[0].Server
	}
	if c.exclusive != nil {
		c.exclusive.Server = c.codes[0].Server
	}
	if c.staff != nil {
		for _, o := range c.staff.all() {
			o.Server = c.codes[0].Server
		}
	}
}

func (c *chaos) run() {
	c.t.Helper()
	defer func() {
		if c.t.Failed() {
			c.t.Logf("go test ./internal/provider -run TestChaos -chaos=1 -chaos-seed=%d\n%s", c.seed, strings.Join(c.script, "\n"))
		}
	}()
	for range 6 + c.IntN(8) {
		c.step()
		c.check()
		if c.t.Failed() {
			return
		}
	}
	c.removeAll()
}

func (c *chaos) note(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.script = append(c.script, fmt.Sprintf("%s  %s", time.Now().Format("15:04:05"), fmt.Sprintf(format, args...)))
}

func (c *chaos) count(what string) {
	c.tally.mu.Lock()
	defer c.tally.mu.Unlock()
	c.tally.counts[what]++
}

// check asks Seam and the locks.
func (c *chaos) check() {
	c.t.Helper()
	c.noteGrantCodes()
	known := c.knownCodes()
	for _, code := range c.seam.AccessCodes() {
		c.remember(code)
		delete(c.unmanagedPINs, code.ID)
		if !known[code.ID] && !code.Backup {
			c.checkUnknownCode(code)
		}
	}
	c.checkTolerated()
	c.checkStaff()
	for _, lock := range c.locks {
		for _, pin := range lock.PINs() {
			if lock.Opens(pin) && !c.isKnownPIN(known, pin) && !c.isUnmanagedPIN(pin) {
				c.checkUnknownPIN(lock, pin)
			}
		}
	}
}

// knownCodes are the codes that a state holds, by themselves or with a grant.
func (c *chaos) knownCodes() map[string]bool {
	c.t.Helper()
	known := map[string]bool{}
	for _, k := range c.codes {
		if k.State.IsNull() {
			continue
		}
		if known[k.id()] {
			c.t.Errorf("two states hold access code %s", k.id())
		}
		known[k.id()] = true
	}
	for backup, id := range c.backups {
		if known[id] {
			known[backup] = true
		}
	}
	if c.grant != nil && !c.grant.State.IsNull() {
		maps.Copy(known, c.grant.codes)
	}
	return known
}

// remember notes the PIN that a code has.
func (c *chaos) remember(code seamtest.AccessCode) {
	if c.history[code.ID] == nil {
		c.history[code.ID] = map[string]bool{}
	}
	c.history[code.ID][code.PIN] = true
}

// checkUnknownPIN is a PIN that no state knows of. It may be there only if somebody was told,
// who then removes it.
func (c *chaos) checkUnknownPIN(lock *seamtest.Lock, pin string) {
	if c.unprovenGrant() || c.space != nil && !c.space.State.IsNull() && c.space.failed {
		return // a state remembers what was on the lock before the run that failed
	}
	if !c.warned {
		c.t.Errorf("PIN %s opens the %s, and no state knows of it", pin, lock.Name)
	}
	c.note("somebody removes what is left on the %s, after the warning", lock.Name)
	for _, id := range c.unmanaged(lock) {
		c.seam.RemoveUnmanagedAccessCode(id)
	}
}

// checkUnknownCode is a code on Seam that no state has. It may be there only if somebody was told,
// who then removes it.
func (c *chaos) checkUnknownCode(code seamtest.AccessCode) {
	if c.unprovenGrant() {
		return // Seam may have created it for the grant during the run that failed
	}
	if !c.warned {
		c.t.Errorf("access code %s is on Seam, and no state knows of it", code.ID)
	}
	c.note("somebody removes access code %s, after the error", code.ID)
	c.seam.RemoveAccessCode(code.ID)
}

// isKnownPIN reports whether a code in the state has, or had, this PIN.
func (c *chaos) isKnownPIN(known map[string]bool, pin string) bool {
	for id := range known {
		if c.history[id][pin] {
			return true
		}
	}
	return false
}

// isUnmanagedPIN reports whether a PIN is that of a code which was never managed.
func (c *chaos) isUnmanagedPIN(pin string) bool {
	for _, theirs := range c.unmanagedPINs {
		if theirs == pin {
			return true
		}
	}
	return false
}

// checkOldPINsGone checks what a successful apply promises: none of the code's old PINs opens.
func (c *chaos) checkOldPINsGone(k *chaosResource) {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	now, ok := c.seam.AccessCode(k.id())
	if !ok {
		return
	}
	for _, code := range c.seam.AccessCodes() {
		c.remember(code) // of those that are created at the same time, too
	}
	others := c.knownCodes()
	delete(others, now.ID)
	for pin := range c.history[now.ID] {
		if pin != now.PIN && k.lock.Opens(pin) && !c.isKnownPIN(others, pin) && !c.isUnmanagedPIN(pin) {
			c.t.Errorf("apply says done, and the old PIN %s of access code %s still opens the %s", pin, now.ID, k.lock.Name)
		}
	}
	c.history[now.ID] = map[string]bool{now.PIN: true}
}

// removeAll ends every fault and lets a person tidy up; then everything must be removable.
func (c *chaos) removeAll() {
	c.t.Helper()
	c.note("all faults end")
	for _, fault := range c.faults {
		fault.Remove()
	}
	c.endExclusive()
	c.removeStaff()
	c.restart()
	for _, k := range c.codes {
		k.config = nil
		c.destroy(k, chaosRun{refresh: true})
		c.check()
	}
	if c.grant != nil {
		c.seam.SetGrantDelete(seamtest.GrantDelete{})
		c.grant.config = nil
		c.destroyGrant(chaosRun{refresh: true})
		c.check()
	}
	c.removeLeftovers()
	c.restart()
	if c.grant != nil {
		if diags := c.destroyGrant(chaosRun{refresh: true}); hasError(diags) {
			c.t.Errorf("a grant whose codes are gone for good cannot be destroyed: %s", diagnosticText(diags, tfprotov6.DiagnosticSeverityError))
		}
	}
	for _, k := range c.codes {
		if k.State.IsNull() {
			continue
		}
		if diags := c.destroy(k, chaosRun{refresh: true}); hasError(diags) {
			c.t.Errorf("a code that is gone for good cannot be destroyed: %s", diagnosticText(diags, tfprotov6.DiagnosticSeverityError))
		}
	}
	if c.space != nil {
		if diags := c.destroySpace(); hasError(diags) {
			c.t.Errorf("a space whose grants are gone cannot be destroyed: %s", diagnosticText(diags, tfprotov6.DiagnosticSeverityError))
		}
	}
	c.check()
	for _, lock := range c.locks {
		if pins := lock.PINs(); len(pins) > 0 {
			c.t.Errorf("in the end the %s still holds %v", lock.Name, pins)
		}
	}
}

// removeLeftovers is a person who removes by hand what the locks would not let go.
func (c *chaos) removeLeftovers() {
	for _, k := range c.codes {
		if !k.State.IsNull() {
			c.note("somebody removes access code %s by hand", k.id())
			c.seam.RemoveAccessCode(k.id())
			c.removeBackups(k.id())
		}
	}
	for _, grant := range c.seam.Objects("access_grant") {
		c.seam.RemoveObject("access_grant", grant.ID)
	}
	for _, code := range c.seam.AccessCodes() {
		if c.unprovenGrant() { // one that Seam created for it may be among them
			c.seam.RemoveAccessCode(code.ID)
		}
	}
	for _, lock := range c.locks {
		for _, id := range c.unmanaged(lock) {
			c.seam.RemoveUnmanagedAccessCode(id)
		}
	}
}

// request asks Seam past the provider.
func (c *chaos) request(path string, in, out any) {
	c.t.Helper()
	body, err := json.Marshal(in)
	c.codes[0].must(err)
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, "https://seam.test"+path, bytes.NewReader(body))
	c.codes[0].must(err)
	req.Header.Set("Authorization", "Bearer "+c.seam.Workspace().APIKey)
	req.Header.Set("Content-Type", "application/json")
	res, err := c.seam.Transport().RoundTrip(req)
	if err != nil {
		return // a injected fault
	}
	raw, _ := io.ReadAll(res.Body)
	_ = res.Body.Close()
	_ = json.Unmarshal(raw, out)
}

func (c *chaos) unmanaged(lock *seamtest.Lock) (ids []string) {
	var out struct {
		AccessCodes []struct {
			ID string `json:"access_code_id"`
		} `json:"access_codes"`
	}
	c.request("/access_codes/unmanaged/list", map[string]string{"device_id": lock.ID}, &out)
	for _, code := range out.AccessCodes {
		if !c.tolerates(code.ID) {
			ids = append(ids, code.ID)
		}
	}
	return ids
}
