package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// What an update took back without a proof, or a destroy left, has to be proven later.

// Is a card forgotten that was taken back and keeps opening its entrance?
func TestAccessGrant_cardTakenBackWithoutProof(t *testing.T) {
	for _, system := range []string{"brivo_account", "visionline_system"} {
		t.Run(system, func(t *testing.T) {
			withGrants(t, func(f *grantFixture) {
				config, door := f.cardConfig(system)
				card, phone := values{"mode": "card"}, values{"mode": "cloud_key"}
				both := config.with(values{"requested_access_methods": []any{card, phone}, "timeouts": values{"update": "2m", "delete": "2m"}})
				f.requireNoError(f.apply(both))
				method := f.method()
				f.seam.IssueCard(method)
				f.seam.SetGrantDelete(seamtest.GrantDelete{CredentialsGoneAfter: time.Hour})
				one := both.with(values{"requested_access_methods": []any{phone}})
				f.restart()
				f.requireError(f.apply(one), "Unable to update access grant")
				f.restart()
				f.requireWarning(f.refresh(), "Removal not proven")
				if f.plan(one).empty() {
					t.Error("the card is not planned to be removed")
				}
				f.seam.SetGrantDelete(seamtest.GrantDelete{})
				f.restart()
				if diags := f.destroy(); !hasError(diags) && f.seam.EntranceOpens(door, method) {
					t.Error("destroy says done, and the card opens the entrance")
				}
			})
		})
	}
}

// Does an update of the times without proof make a later destroy call an old card revoked?
func TestAccessGrant_cardWithTheOldEndIsRemembered(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		config, door, card := f.issuedCard("visionline_system")
		f.restart()
		end := values{"ends_at": time.Now().Add(time.Hour).UTC().Truncate(time.Second).Format(time.RFC3339)}
		f.requireNoError(f.apply(config.with(end).with(values{"removal": "requested"})))
		f.requireNoError(f.apply(config.with(end)))
		f.restart()
		f.requireError(f.destroy(), "not provable")
		if !f.seam.EntranceOpens(door, card) {
			t.Fatal("the card was to open the entrance")
		}
	})
}

// A run that was killed after the update forgets that the card was issued before it.
func TestAccessGrant_cardIsRememberedAfterAKill(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		config, _ := f.cardConfig("visionline_system")
		f.requireNoError(f.apply(config))
		f.seam.IssueCard(f.method())
		f.restart()
		f.Call("/access_grants/update", map[string]any{"access_grant_id": f.id(), "ends_at": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)})
		f.requireError(f.destroy(), "not provable")
	})
}

// Does an update between two destroys forget what the first one left on a lock?
func TestAccessGrant_updateForgetsNoLeftover(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.requireNoDiagnostics(f.apply(f.config()))
		f.back.OnDelete(seamtest.DeleteBehavior{Leftover: &seamtest.UnmanagedAccessCode{Masked: true}})
		f.seam.SetGrantDelete(seamtest.GrantDelete{FailedDevices: map[string]string{f.lock.ID: "device_offline"}})
		f.restart()
		f.requireError(f.destroy(), "device_offline")
		f.seam.SetGrantDelete(seamtest.GrantDelete{})
		f.restart()
		f.requireError(f.apply(f.config().with(values{"name": "Long stay"})), "may be the removed PIN")
		f.restart()
		f.requireError(f.destroy(), "may be the removed PIN")
	})
}
