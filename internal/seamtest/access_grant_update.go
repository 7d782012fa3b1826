package seamtest

import (
	"cmp"
	"time"
)

func updateAccessGrant(c *collection, call *apiCall) (jsonObject, error) {
	grant, err := c.findLive(call, c.selector(call.body))
	if err != nil {
		return nil, err
	}
	p, base := params[accessGrantParams](call), grant.times()
	if ends, given := call.body["ends_at"]; given && ends == nil {
		base.ends = time.Time{}
	}
	to, err := grantTimes(call.server.now, base, p.StartsAt, p.EndsAt)
	if err != nil {
		return nil, err
	}
	if name, given := call.body["name"]; given {
		grant.fields["name"] = name
		grant.fields["display_name"] = cmp.Or(grant.text("name"), "Access Grant")
	}
	if !to.equal(grant.times()) {
		call.server.changeTimes(grant, to)
	}
	return nil, nil
}

// changeTimes changes the times of a grant now and those of its codes and credentials after the delay.
func (s *Server) changeTimes(grant *object, to window) {
	change := jsonObject{"from": grant.times().toJSON(), "to": to.toJSON()}
	methods := s.methodsOf(grant)
	grant.fields["starts_at"], grant.fields["ends_at"] = formatTime(to.starts), formatTime(to.ends)
	ids := jsonObject{"access_method_ids": texts(grant.texts("access_method_ids"))}
	grant.warn(updatingTimes, "The times are being changed", ids)
	grant.mutate(updatingTimes, jsonObject{"from": change["from"], "to": change["to"], "access_method_ids": ids["access_method_ids"]})
	for _, method := range methods {
		method.warn(updatingTimes, "The times are being changed", nil)
		method.mutate(updatingTimes, change)
		s.unissue(method)
	}
	s.scheduleFor(grant, "times", s.grantDelays.Times, func() { s.applyTimes(grant, to) })
}

// updatingTimes is the code of the warning and of the mutation while times change.
const updatingTimes = "updating_access_times"

// unissue withdraws a method until its times are changed. A card has to be encoded again if a door decides by it.
func (s *Server) unissue(method *object) {
	method.fields["is_issued"], method.fields["issued_at"] = false, nil
	if method.text("mode") == "card" && !s.knowsCard(method) {
		method.fields["is_encoding_required"], method.fields["is_ready_for_encoding"] = true, true
		for _, credential := range s.credentialsOf(method) {
			credential.warnUnlessUnissued()
		}
	}
	s.collections["access_method"].emit(method, "revoked")
}

func (s *Server) applyTimes(grant *object, to window) {
	grant.settle(updatingTimes)
	for _, method := range s.methodsOf(grant) {
		method.settle(updatingTimes)
		for _, c := range s.codesOf(method) {
			if times := to.ofCode(s); c.Status != "removing" {
				s.scheduleUpdate(c, codeUpdate{window: &times}, nextBehavior(&c.lock.onUpdate, &s.onUpdate))
			}
		}
		for _, credential := range s.credentialsOf(method) {
			credential.setTimes(to)
		}
		if method.text("mode") != "card" || s.knowsCard(method) {
			s.issue(method, "reissued")
		}
		s.reconcile(method)
	}
	s.collections["access_grant"].emit(grant, "access_times_changed")
}
