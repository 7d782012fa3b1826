package provider

import (
	"fmt"
	"strings"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// chaosStaff is an access system of a sequence, with a door that a group opens, and a user of
// Terraform's with a credential, a membership of the group, and a link to a person.
type chaosStaff struct {
	system, door, group, person        string
	user, credential, membership, link *chaosResource
	offline                            bool                    // the door reads the rights from cards and phones
	owners                             map[string]string       // of the credentials that were ever there, by their ids
	stale                              *seamtest.InjectedFault // one at a time: a proof takes two answers
}

func (c *chaos) addStaff() {
	s := &chaosStaff{offline: c.IntN(3) == 0, owners: map[string]string{}}
	s.system = c.seam.AddAccessSystem(map[bool]string{false: "brivo_account", true: "visionline_system"}[s.offline]).ID
	s.person = c.seam.AddObject("user_identity", map[string]any{"full_name": "Ana"}).ID
	s.door = c.seam.AddEntrance(s.system, nil).ID
	s.group = c.seam.AddAccessGroup(s.system, "Staff", s.door).ID
	config := values{"request_timeout": requestTimeout.String(), "max_retries": c.IntN(3), "bulk_read": c.IntN(4) > 0}
	add := func(noun string) *chaosResource {
		return &chaosResource{harness: *wrapHarness(acctest.New(c.t, newTestServer, noun, config, c.seam, c.locks[0]))}
	}
	s.user, s.credential, s.membership = add("seam_acs_user"), add("seam_acs_credential"), add("seam_acs_access_group_membership")
	s.link = add("seam_user_identity_acs_user")
	c.staff = s
}

// all are the objects in the order in which Terraform destroys them.
func (s *chaosStaff) all() []*chaosResource {
	return []*chaosResource{s.membership, s.credential, s.link, s.user}
}

// staffStep does one thing to the staff at random.
func (c *chaos) staffStep() {
	switch n := c.IntN(20); {
	case n < 8:
		c.applyStaff()
	case n < 10:
		c.endStaff(c.staff.all()[c.IntN(3)], c.newRun())
	case n < 13:
		c.destroyStaff(c.newRun())
	case n < 15:
		c.changeStaffOutside()
	case n < 18:
		c.scriptStaff()
	default:
		c.staffFault()
	}
}

// applyStaff is an apply of all three, in Terraform's order.
func (c *chaos) applyStaff() {
	s := c.staff
	user := values{"acs_system_id": s.system, "full_name": fmt.Sprint("Ana ", c.IntN(3)), "timeouts": waits}
	if c.IntN(3) == 0 {
		user["is_suspended"] = c.IntN(2) == 0
	}
	schedule := c.schedule()
	if schedule != nil {
		user["access_schedule"] = schedule
	}
	if !c.applyObject(s.user, user, c.newRun()) || s.user.State.IsNull() {
		return
	}
	if user["is_suspended"] == true {
		c.checkShutOut("suspended")
	}
	if schedule["ends_at"] == pastEnd {
		c.checkShutOut("out of his schedule")
	}
	id := s.user.id()
	c.pins++
	credential := values{"acs_user_id": id, "access_method": []any{"code", "code", "card", "mobile_key"}[c.IntN(4)], "timeouts": waits}
	if credential["access_method"] == "code" && c.IntN(2) == 0 {
		credential["code"] = fmt.Sprint(5000 + c.pins)
	}
	if c.IntN(2) == 0 {
		credential["ends_at"] = []any{"2000-02-01T00:00:00Z", "2000-03-01T00:00:00Z"}[c.IntN(2)]
	}
	c.applyObject(s.credential, credential, c.newRun())
	c.applyObject(s.membership, values{"acs_user_id": id, "acs_access_group_id": s.group, "timeouts": waits}, c.newRun())
	if c.IntN(2) == 0 {
		c.applyObject(s.link, values{"acs_user_id": id, "user_identity_id": s.person, "timeouts": waits}, c.newRun())
	}
}

// applyObject applies one object, which a plan may replace. It reports whether that was done.
func (c *chaos) applyObject(o *chaosResource, config values, r chaosRun) (done bool) {
	if hasError(c.runStaff(o, "refresh", o.refresh)) {
		return false
	}
	p := o.plan(config)
	if hasError(p.Diags) || p.empty() {
		return !hasError(p.Diags)
	}
	if len(p.Replaces) > 0 && !o.State.IsNull() {
		if hasError(c.runStaff(o, "replace", o.destroyWithoutRefresh)) {
			return false
		}
		if p = o.plan(config); hasError(p.Diags) {
			return false
		}
	}
	if r.kill && !o.State.IsNull() {
		c.killedRun(o, "update of "+o.TypeName, func() { o.ApplyPlan(config, p.Plan) })
		return false
	}
	if r.ctrlC > 0 {
		defer time.AfterFunc(r.ctrlC, o.Interrupt).Stop()
	}
	return !hasError(c.runStaff(o, "apply", func() diagnostics { return o.ApplyPlan(config, p.Plan) }))
}

// checkStaff fails if somebody can get in whom no state knows of, unless somebody was told.
func (c *chaos) checkStaff() {
	if c.staff == nil {
		return
	}
	s := c.staff
	holds := func(o *chaosResource, id string) bool { return !o.State.IsNull() && o.id() == id }
	for _, user := range c.seam.Objects("acs_user") {
		if user.State == seamtest.StateLive && !holds(s.user, user.ID) {
			c.checkStranger("acs_user", user.ID)
		}
	}
	c.noteOwners()
	for id, user := range s.owners {
		if !holds(s.user, user) && !holds(s.credential, id) && c.seam.CredentialOpens(s.door, id) {
			c.checkStranger("acs_credential", id)
		}
	}
	for _, user := range c.seam.MembersOf(s.group) {
		if !holds(s.membership, seamtest.MembershipID(s.group, user)) {
			c.t.Errorf("user %s is in the group, and no state knows of it", user)
		}
	}
}

// checkStranger is an object that no state has. It may be there only if somebody was told, who then
// removes it.
func (c *chaos) checkStranger(noun, id string) {
	if !c.warned {
		c.t.Errorf("%s %s is on Seam, and no state knows of it", noun, id)
	}
	c.note("somebody removes %s %s, after the error", noun, id)
	if c.isThere(noun, id) {
		c.seam.RemoveObject(noun, id)
	}
	c.collectCard(id)
}

// endStaff is a destroy of one object.
func (c *chaos) endStaff(o *chaosResource, r chaosRun) diagnostics {
	if r.refresh {
		if diags := c.runStaff(o, "refresh", o.refresh); hasError(diags) {
			return diags
		}
	}
	switch {
	case o.State.IsNull():
		return nil
	case r.kill:
		c.killedRun(o, "destroy of "+o.TypeName, func() { o.destroyWithoutRefresh() })
		return nil
	case r.ctrlC > 0:
		defer time.AfterFunc(r.ctrlC, o.Interrupt).Stop()
	}
	return c.runStaff(o, "destroy", o.destroyWithoutRefresh)
}

// destroyStaff is a destroy of all. The user stays if one of the others does.
func (c *chaos) destroyStaff(r chaosRun) (diags diagnostics) {
	left := false
	for _, o := range c.staff.all() {
		if o != c.staff.user || !left {
			diags = append(diags, c.endStaff(o, r)...)
			left = left || !o.State.IsNull()
		}
	}
	return diags
}

// changeStaffOutside is what people do to the staff past Terraform.
func (c *chaos) changeStaffOutside() {
	s := c.staff
	if s.user.State.IsNull() || !c.isLive("acs_user", s.user.id()) {
		return
	}
	user := s.user.id()
	switch c.IntN(6) {
	case 0, 1:
		c.note("somebody gives user %s another credential", user)
		c.send("/acs/credentials/create", map[string]any{"acs_user_id": user, "access_method": []string{"code", "mobile_key"}[c.IntN(2)]})
	case 4:
		c.note("somebody unlinks user %s", user)
		c.seam.LinkUser("", user)
	case 2:
		c.note("somebody takes user %s out of the group", user)
		c.seam.SetMembership(s.group, user, false)
	case 3:
		for _, credential := range c.seam.Objects("acs_credential") {
			if credential.State == seamtest.StateLive && credential.Text("access_method") == "card" {
				c.note("somebody writes card %s", credential.ID)
				c.seam.EncodeCard(credential.ID)
			}
		}
	default:
		o, noun := s.credential, "acs_credential"
		if c.IntN(2) == 0 {
			o, noun = s.user, "acs_user"
		}
		if !o.State.IsNull() && c.isLive(noun, o.id()) {
			c.note("somebody removes %s %s", noun, o.id())
			c.seam.RemoveObject(noun, o.id())
		}
	}
}

// scriptStaff scripts what the access system does from now on.
func (c *chaos) scriptStaff() {
	s := c.staff
	late := func() time.Duration { return time.Duration(c.IntN(180)) * time.Second }
	c.seam.SetAccessSystemDelays(seamtest.AccessSystemDelays{Suspension: late(), Schedule: late(), Membership: late(), Deferred: c.IntN(4) == 0, Code: late() / 4, Credential: late()})
	for _, noun := range []string{"acs_user", "acs_credential"} {
		c.seam.SetDeleteLag(noun, seamtest.DeleteLag{Get: late(), List: late()})
	}
	kept := []string{}
	if o := s.all()[c.IntN(4)]; !o.State.IsNull() && c.IntN(2) == 0 {
		kept = append(kept, o.id())
	}
	for _, credential := range c.seam.Objects("acs_credential") {
		if c.IntN(4) == 0 {
			kept = append(kept, credential.ID)
		}
	}
	c.note("the access system keeps %v", kept)
	c.seam.KeepOnDelete(kept...)
}

// staffFault is something that goes wrong in the requests about the staff.
func (c *chaos) staffFault() {
	users, credentials, groups := "/acs/users/", "/acs/credentials/", "/acs/access_groups/"
	paths := []string{
		users + "create", users + "get", users + "list", users + "delete", users + "suspend", credentials + "create", credentials + "get", credentials + "list", credentials + "delete",
		groups + "add_user", groups + "remove_user", groups + "list_users", groups + "list", groups + "get", users + "update", credentials + "update",
		"/user_identities/add_acs_user", "/user_identities/remove_acs_user", "/user_identities/list_acs_users", "/acs/systems/list", "/acs/entrances/list",
	}
	f := seamtest.Fault{Path: paths[c.IntN(len(paths))], Skip: c.IntN(3), Times: 1 + c.IntN(3)}
	stale := func(fault seamtest.Fault) func() {
		return func() { f = fault; f.Skip, f.Times = c.IntN(3), 1 }
	}
	kinds := map[string]func(){
		"reset before":          func() { f.Drop = seamtest.DropBefore },
		"reset after":           func() { f.Drop = seamtest.DropAfter },
		"delayed":               func() { f.Delay = requestTimeout + 5*time.Second },
		"5xx after":             func() { f.Status, f.Processed = 502, true },
		"wrong 404":             func() { f.Status, f.Type = 404, "workspace_not_found" },
		"nonsense":              func() { f.Replace = func(int, []byte) (int, []byte) { return 200, []byte("[]") } },
		"stale user":            stale(stale404(users+"get", "acs_user")),
		"stale credential":      stale(stale404(credentials+"get", "acs_credential")),
		"stale credential list": stale(emptyList(credentials+"list", "acs_credentials")),
		"stale group list":      stale(emptyList(groups+"list", "acs_access_groups")),
		"stale members":         stale(emptyList(groups+"list_users", "acs_users")),
	}
	kind := pickNamed(c, kinds)
	kinds[kind]()
	c.note("fault on %q: %s, %d times after %d", f.Path, kind, f.Times, f.Skip)
	fault := c.seam.InjectFault(f)
	c.faults = append(c.faults, fault)
	if strings.HasPrefix(kind, "stale") {
		if c.staff.stale != nil {
			c.staff.stale.Remove()
		}
		c.staff.stale = fault
	}
}
