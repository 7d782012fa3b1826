package provider

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// requireHonest fails the test if a run says done while a card or key opens an entrance.
func (f *grantFixture) requireHonest(diags diagnostics, entrance, method string) {
	f.t.Helper()
	if !hasError(diags) && f.seam.EntranceOpens(entrance, method) {
		f.t.Error("the run says done, and the card or key opens the entrance")
	}
}

// timeIn is a time from now on, for a configuration.
func timeIn(d time.Duration) string {
	return time.Now().Add(d).UTC().Truncate(time.Second).Format(time.RFC3339)
}

// editAnswer changes an answer.
func (h *harness) editAnswer(edit func(map[string]any)) func(int, []byte) (int, []byte) {
	return func(status int, body []byte) (int, []byte) {
		var answer map[string]any
		h.must(json.Unmarshal(body, &answer))
		edit(answer)
		body, err := json.Marshal(answer)
		h.must(err)
		return status, body
	}
}

// answerOf is an answer that Seam gives now, to be given later.
func (h *harness) answerOf(path string, body values) func(int, []byte) (int, []byte) {
	h.t.Helper()
	text, err := json.Marshal(h.Call(path, body))
	h.must(err)
	return func(int, []byte) (int, []byte) { return 200, text }
}

// after is whether a request to a path was sent.
func (h *harness) after(path string) func(map[string]any) bool {
	sent := false
	h.onRequest(path, func(map[string]any) { sent = true })
	return func(map[string]any) bool { return sent }
}

// Is a card forgotten that a destroy has taken, which then failed, once the grant is updated?
func TestAccessGrant_cardOfAFailedDestroyOutlivesAnUpdate(t *testing.T) {
	code, card := values{"mode": "code", "code": "4821"}, values{"mode": "card"}
	for name, methods := range map[string][]any{"without the card": {code}, "with another card": {code, card}} {
		t.Run(name, func(t *testing.T) {
			withGrants(t, func(f *grantFixture) {
				door := f.seam.AddEntrance(f.seam.AddAccessSystem("salto_space_system").ID, nil).ID
				entrance := values{"acs_entrance_ids": []any{door}}
				f.requireNoError(f.apply(f.with(code, card).with(entrance)))
				method := f.seam.Objects("access_method")[1].ID
				f.seam.IssueCard(method)
				f.seam.SetGrantDelete(seamtest.GrantDelete{FailedDevices: map[string]string{f.lock.ID: "device_offline"}})
				f.restart()
				f.requireError(f.destroy(), "device_offline")
				f.seam.SetGrantDelete(seamtest.GrantDelete{})
				f.restart()
				f.requireNoError(f.apply(f.with(methods...).with(entrance).with(values{"name": "Long stay"})))
				f.restart()
				f.requireStateUnchanged(func() { f.requireError(f.destroy(), "not provable", method) })
			})
		})
	}
}

// Does the end in the state count for a card that somebody has written with a later one?
func TestAccessGrant_cardThatSomebodyLengthened(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		config, door := f.cardConfig("visionline_system")
		f.requireNoError(f.apply(config.with(values{"ends_at": timeIn(2 * time.Hour)})))
		card := f.method()
		f.seam.IssueCard(card)
		f.Call("/access_grants/update", map[string]any{"access_grant_id": f.id(), "ends_at": timeIn(10 * time.Hour)})
		f.seam.IssueCard(card)
		advanceClock(3 * time.Hour)
		for range 2 { // the second one finds no grant any more
			f.restart()
			f.requireStateUnchanged(func() { f.requireError(f.destroyWithoutRefresh(), "not provable") })
		}
		advanceClock(8 * time.Hour)
		f.restart()
		f.requireNoError(f.destroyWithoutRefresh())
		f.requireHonest(nil, door, card)
	})
}

// Does the end in the state count for a card that is taken back, and that somebody has written with a later one?
func TestAccessGrant_lengthenedCardTakenBack(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		config, _ := f.cardConfig("visionline_system")
		card, key := values{"mode": "card"}, values{"mode": "cloud_key"}
		config = config.with(values{"ends_at": timeIn(2 * time.Hour), "requested_access_methods": []any{card, key}})
		f.requireNoError(f.apply(config))
		method := f.method()
		f.seam.IssueCard(method)
		f.Call("/access_grants/update", map[string]any{"access_grant_id": f.id(), "ends_at": timeIn(10 * time.Hour)})
		f.seam.IssueCard(method)
		advanceClock(3 * time.Hour)
		f.restart()
		less := config.with(values{"requested_access_methods": []any{key}})
		for range 2 { // the second one finds no such method any more
			f.requireError(f.ApplyWithoutRefresh(less), "not provable")
			f.restart()
		}
	})
}

// Is a card forgotten whose entrance has left the grant's space?
func TestAccessGrant_cardOfAnEntranceThatLeft(t *testing.T) {
	for system, provable := range map[string]bool{"brivo_account": true, "salto_space_system": false} {
		t.Run(system, func(t *testing.T) {
			withGrants(t, func(f *grantFixture) {
				gate := f.seam.AddEntrance(f.seam.AddAccessSystem(system).ID, nil).ID
				space := f.seam.AddObject("space", map[string]any{"name": "Room"}).ID
				entrance := values{"space_id": space, "acs_entrance_ids": []string{gate}}
				f.Call("/spaces/add_acs_entrances", entrance)
				f.requireNoError(f.apply(values{"user_identity_id": f.person, "space_ids": []any{space}, "requested_access_methods": []any{values{"mode": "card"}}}))
				card := f.method()
				f.seam.IssueCard(card)
				f.Call("/spaces/remove_acs_entrances", entrance)
				f.restart()
				diags := f.destroy()
				requireEqual(t, "fails", hasError(diags), !provable)
				f.requireHonest(diags, gate, card)
			})
		})
	}
}

// Does one answer without a pending change make the new end of a card count as being in effect?
func TestAccessGrant_shortenedCardWithAStaleAnswer(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		config, door := f.cardConfig("brivo_account")
		f.requireNoError(f.apply(config.with(values{"ends_at": timeIn(10 * time.Hour)})))
		card := f.method()
		f.seam.IssueCard(card)
		f.seam.SetGrantDelays(seamtest.GrantDelays{Times: time.Hour})
		f.restart()
		f.requireNoError(f.refresh())
		shorter := config.with(values{"ends_at": timeIn(30 * time.Minute), "timeouts": values{"update": "2m"}})
		p := f.plan(shorter)
		// the update reads the grant once by itself
		f.seam.InjectFault(seamtest.Fault{Path: "/access_grants/get", Match: f.after("/access_grants/update"), Skip: 1, Times: 1, Replace: f.answerOf("/access_grants/get", values{"access_grant_id": f.id()})})
		diags := f.ApplyPlan(shorter, p.Plan)
		advanceClock(31 * time.Minute)
		f.requireHonest(diags, door, card)
	})
}

// Is a card forgotten that is withdrawn while its times change, if an answer lacks its credential?
func TestAccessGrant_withdrawnCardWithoutAListOfCredentials(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		_, door, card := f.issuedCard("brivo_account")
		f.seam.SetGrantDelays(seamtest.GrantDelays{Times: time.Hour})
		f.Call("/access_grants/update", map[string]any{"access_grant_id": f.id(), "ends_at": timeIn(10 * time.Hour)})
		f.seam.SetGrantDelete(seamtest.GrantDelete{CredentialsGoneAfter: time.Minute})
		f.seam.InjectFault(seamtest.Fault{Path: "/access_methods/get_related", Status: 200, ContentType: "application/json", Body: `{"batch":{},"ok":true}`})
		f.restart()
		f.requireHonest(f.destroyWithoutRefresh(), door, card)
	})
}

// Is an instant key awaited that one answer lacks?
func TestAccessGrant_instantKeyThatAnAnswerLacks(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.requireNoError(f.apply(f.with(values{"mode": "mobile_key"})))
		f.seam.SetGrantDelete(seamtest.GrantDelete{CredentialsGoneAfter: time.Minute})
		f.seam.InjectFault(seamtest.Fault{Path: "/access_methods/get_related", Times: 1, Replace: f.editAnswer(func(answer map[string]any) {
			batch, _ := answer["batch"].(map[string]any)
			batch["instant_keys"], batch["client_sessions"] = []any{}, []any{}
		})})
		f.restart()
		f.requireNoError(f.destroyWithoutRefresh())
		requireEqual(t, "left", len(f.seam.Objects("instant_key"))+len(f.seam.Objects("client_session")), 0)
	})
}

// Is a card of an online system forgotten after a destroy that was killed?
func TestAccessGrant_cardWhoseDestroyWasKilled(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		_, door, card := f.issuedCard("brivo_account")
		f.seam.SetGrantDelete(seamtest.GrantDelete{CredentialsGoneAfter: time.Hour})
		f.Call("/access_grants/delete", map[string]any{"access_grant_id": f.id()})
		f.restart()
		f.requireStateUnchanged(func() { f.requireWarning(f.refresh(), "Removal not proven", "Seam still has acs credential") })
		advanceClock(time.Hour)
		f.restart()
		f.requireWarning(f.refresh(), "Removed outside Terraform")
		f.requireNoState()
		f.requireHonest(nil, door, card)
	})
}
