package provider

import (
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// pastEnd is the end of a schedule that lets nobody in any more.
const pastEnd = "1999-02-01T00:00:00Z"

// schedule is when the user may come in: always, now, or not any more.
func (c *chaos) schedule() values {
	switch c.IntN(6) {
	case 0:
		return values{"starts_at": "1999-01-01T00:00:00Z", "ends_at": pastEnd}
	case 1:
		return values{"starts_at": "1999-01-01T00:00:00Z", "ends_at": "2100-01-01T00:00:00Z"}
	}
	return nil
}

// runStaff runs something with an object, and checks what it promises if the object left the state.
func (c *chaos) runStaff(o *chaosResource, what string, do func() diagnostics) diagnostics {
	was := ""
	if !o.State.IsNull() {
		was = o.id()
	}
	c.noteOwners()
	diags := c.requireWithin(o, what+" of "+o.TypeName+" "+was, do)
	c.count(outcome(what+" of "+o.TypeName, diags))
	c.noteWarnings(diags)
	if was != "" && o.State.IsNull() {
		c.checkStaffGone(o, was)
	}
	return diags
}

// noteOwners notes the credentials that are there.
func (c *chaos) noteOwners() {
	for _, credential := range c.seam.Objects("acs_credential") {
		c.staff.owners[credential.ID] = credential.Text("acs_user_id")
	}
}

// checkStaffGone fails if the door still opens for what has left the state.
func (c *chaos) checkStaffGone(o *chaosResource, id string) {
	s := c.staff
	first, user, _ := strings.Cut(id, "/")
	switch {
	case o == s.membership && slices.Contains(c.seam.MembersOf(s.group), user):
		c.t.Errorf("membership %s is gone from the state, and the user is still in the group", id)
	case o == s.link && c.isThere("acs_user", user) && c.seam.Object("acs_user", user).Text("user_identity_id") == first:
		c.t.Errorf("link %s is gone from the state, and the user is still linked", id)
	case o == s.membership || o == s.link:
		return
	}
	for credential, owner := range s.owners {
		if (credential == id || owner == id) && c.seam.CredentialOpens(s.door, credential) {
			c.t.Errorf("%s %s is gone from the state, and credential %s still opens the door", o.TypeName, id, credential)
		}
	}
}

func (c *chaos) isThere(noun, id string) bool {
	return slices.ContainsFunc(c.seam.Objects(noun), func(o seamtest.Object) bool { return o.ID == id })
}

// checkShutOut fails if the door opens for a user whom an apply has shut out. What is on a card or a
// phone is not known to the access system: the plan says so.
func (c *chaos) checkShutOut(how string) {
	for id, owner := range c.staff.owners {
		if owner == c.staff.user.id() && c.seam.CredentialOpens(c.staff.door, id) && !c.isOffline(id) {
			c.t.Errorf("apply says that the user is %s, and credential %s still opens the door", how, id)
		}
	}
}

// isOffline reports whether a door may read the rights of a credential from a card or a phone.
func (c *chaos) isOffline(id string) bool {
	return c.staff.offline && (!c.isThere("acs_credential", id) || c.seam.Object("acs_credential", id).Text("access_method") != "code")
}

// collectCard is a person who takes a card or a phone away.
func (c *chaos) collectCard(id string) { c.seam.CollectCard(id) }

// removeStaff ends what the access system was told to do; then everything must be removable. What was on
// cards that have no end is not provable: somebody collects them, and gives the proof up.
func (c *chaos) removeStaff() {
	if c.staff == nil {
		return
	}
	s := c.staff
	c.seam.SetAccessSystemDelays(seamtest.AccessSystemDelays{})
	c.seam.SetDeleteLag("acs_user", seamtest.DeleteLag{})
	c.seam.SetDeleteLag("acs_credential", seamtest.DeleteLag{})
	c.seam.KeepOnDelete()
	advanceClock(90 * 24 * time.Hour)
	c.restart()
	diags := c.destroyStaff(chaosRun{refresh: true})
	if said := errorText(diags); hasError(diags) && s.offline && strings.Contains(said, "not provable") {
		c.giveUpProof()
		c.restart()
		diags = c.destroyStaff(chaosRun{refresh: true})
	}
	if hasError(diags) {
		c.t.Errorf("a user whom nothing keeps cannot be destroyed: %s", errorText(diags))
	}
	c.check()
	for _, noun := range []string{"acs_user", "acs_credential"} {
		if left := c.seam.Objects(noun); len(left) > 0 {
			c.t.Errorf("in the end there is still %s %s", noun, left[0].ID)
		}
	}
}

// giveUpProof collects the cards, and sets removal = "requested" on what is left.
func (c *chaos) giveUpProof() {
	s := c.staff
	for id := range s.owners {
		c.collectCard(id)
	}
	for _, o := range []*chaosResource{s.credential, s.user} {
		if o.State.IsNull() {
			continue
		}
		config := values{"removal": "requested", "timeouts": waits}
		names := map[*chaosResource][]string{s.credential: {"acs_user_id", "access_method"}, s.user: {"acs_system_id", "full_name", "is_suspended", "access_schedule"}}[o]
		for _, name := range names {
			config[name] = o.attribute(name)
		}
		c.note("%s is to be removed without proof", o.TypeName)
		if diags := o.apply(config); hasError(diags) {
			c.t.Errorf("the removal mode cannot be changed: %s", diagnosticText(diags, tfprotov6.DiagnosticSeverityError))
		}
	}
}
