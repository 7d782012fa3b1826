package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// cardConfig is a grant with a card for an entrance of a system of this type.
func (f *grantFixture) cardConfig(externalType string) (config values, entrance string) {
	f.t.Helper()
	door := f.seam.AddEntrance(f.seam.AddAccessSystem(externalType).ID, nil)
	return values{
		"user_identity_id": f.person, "acs_entrance_ids": []any{door.ID},
		"requested_access_methods": []any{values{"mode": "card"}},
	}, door.ID
}

func (f *grantFixture) method() string {
	f.t.Helper()
	return f.seam.Objects("access_method")[0].ID
}

// issuedCard is a grant with a card that was issued.
func (f *grantFixture) issuedCard(externalType string) (config values, entrance, card string) {
	f.t.Helper()
	config, entrance = f.cardConfig(externalType)
	f.requireNoError(f.apply(config))
	card = f.method()
	f.seam.IssueCard(card)
	return config, entrance, card
}

func TestAccessGrant_cardOfAnOnlineSystem(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		receipts := f.recordReceipts()
		config, door := f.cardConfig("brivo_account")
		if p := f.plan(config); len(p.Diags) > 0 {
			t.Errorf("the plan says %v", p.Diags)
		}
		f.requireNoDiagnostics(f.apply(config))
		card := f.method()
		f.seam.IssueCard(card)
		f.requireSettled(config)
		f.seam.SetGrantDelete(seamtest.GrantDelete{CredentialsGoneAfter: time.Minute})
		f.restart()
		diags := f.destroy()
		f.requireNoError(diags)
		f.requireWarning(diags, "Removal verified at Seam")
		f.requireNoState()
		if f.seam.EntranceOpens(door, card) {
			t.Error("the card still opens the door")
		}
		if got := receipts(); len(got) != 1 || got[0].Grade != "seam" || got[0].Outcome != "verified" || got[0].AccessGrantID == "" || got[0].PINCompared {
			t.Errorf("receipts %+v", got)
		}
	})
}

// Does the plan warn that moves an existing grant to an offline door?
func TestAccessGrant_replacementOnAnOfflineDoor(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		config, _ := f.cardConfig("salto_space_system")
		f.requireNoError(f.apply(config.with(values{"acs_entrance_ids": nil, "device_ids": []any{f.lock.ID}})))
		f.requireWarning(f.plan(config).Diags, "Revocation will not be provable")
	})
}

// Does a plan say which device does not exist, also for a grant that exists?
func TestAccessGrant_planOnADeviceThatDoesNotExist(t *testing.T) {
	const missing, malformed = "00000000-9a1d-4a56-83c2-82dbdb23d6e7", "front-door"
	withGrants(t, func(f *grantFixture) {
		for range 2 {
			f.requireWarning(f.plan(f.config().with(values{"device_ids": []any{f.lock.ID, missing}})).Diags, "Device missing", missing)
			f.requireError(f.plan(f.config().with(values{"device_ids": []any{f.lock.ID, malformed}})).Diags, "Invalid device_ids", malformed)
			f.requireNoError(f.apply(f.config()))
		}
	})
}

// Is a card that may open an offline door for years called revoked?
func TestAccessGrant_issuedCardOfAnOfflineSystem(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		receipts := f.recordReceipts()
		config, door := f.cardConfig("salto_space_system")
		if p := f.plan(config); !strings.Contains(diagnosticText(p.Diags, 2), "Revocation will not be provable") {
			t.Errorf("the plan does not warn: %v", p.Diags)
		}
		f.requireNoError(f.apply(config))
		card := f.method()
		f.seam.IssueCard(card)
		f.restart()
		f.requireStateUnchanged(func() {
			f.requireError(f.destroy(), "Unable to delete access grant", "not confirmed", "not provable", card, "removal = \"requested\"")
		})
		if !f.seam.EntranceOpens(door, card) {
			t.Fatal("the card was to open the door")
		}
		f.restart()
		f.requireWarning(f.refresh(), "Removal not proven")
		f.requireCleanPlan(config)
		given := config.with(values{"removal": "requested"})
		creates := f.seam.Count("/access_grants/create")
		f.requireNoError(f.apply(given))
		f.restart()
		f.requireNoError(f.destroy())
		f.requireNoState()
		f.requireRequests("/access_grants/create", creates)
		if got := receipts(); len(got) != 1 || got[0].Outcome != "requested" {
			t.Errorf("receipts %+v", got)
		}
	})
}

func TestAccessGrant_cardThatEndedNeedsNoProof(t *testing.T) {
	for name, shorten := range map[string]bool{"by its own end": false, "by an end that was moved": true} {
		t.Run(name, func(t *testing.T) {
			withGrants(t, func(f *grantFixture) {
				config, door := f.cardConfig("visionline_system")
				in := func(d time.Duration) values {
					return values{"ends_at": time.Now().Add(d).UTC().Truncate(time.Second).Format(time.RFC3339)}
				}
				config = config.with(in(2 * time.Hour))
				f.requireNoError(f.apply(config))
				card := f.method()
				f.seam.IssueCard(card)
				if shorten {
					f.restart()
					f.requireError(f.apply(config.with(in(time.Hour))), "not proven", "encoded again")
					f.requireWarning(f.refresh(), "Change not proven")
				}
				advanceClock(90 * time.Minute)
				f.restart()
				diags := f.destroyWithoutRefresh()
				if shorten {
					f.requireError(diags, "not provable")
					if !f.seam.EntranceOpens(door, card) {
						t.Fatal("the card was to open the door until its first end")
					}
					advanceClock(time.Hour)
					f.restart()
					f.requireNoError(f.destroyWithoutRefresh())
				} else {
					f.requireError(diags, "not provable")
					advanceClock(time.Hour)
					f.restart()
					f.requireNoError(f.destroyWithoutRefresh())
				}
				if f.seam.EntranceOpens(door, card) {
					t.Error("the card still opens the door")
				}
			})
		})
	}
}

func TestAccessGrant_cardNeverIssuedNeedsNoProof(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		config, _ := f.cardConfig("visionline_system")
		f.requireNoError(f.apply(config))
		f.restart()
		f.requireNoError(f.destroy())
		f.requireNoState()
	})
}

// Does an answer without the lists of what is related pass for proof that nothing was issued?
func TestAccessGrant_issuedCardWithoutRelatedLists(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		config, _ := f.cardConfig("salto_space_system")
		f.requireNoError(f.apply(config))
		f.seam.IssueCard(f.method())
		f.seam.InjectFault(seamtest.Fault{Path: "/access_methods/get_related", Status: 200, ContentType: "application/json", Body: `{"batch":{},"ok":true}`})
		f.restart()
		f.requireStateUnchanged(func() { f.requireError(f.destroy(), "not provable") })
	})
}

func TestAccessGrant_sharedMethodIsToldAndLeft(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.requireNoDiagnostics(f.apply(f.config()))
		other := f.seam.AddObject("access_grant", map[string]any{"user_identity_id": f.person, "requested_access_methods": []any{}})
		f.seam.ShareAccessMethod(f.method(), other.ID)
		f.restart()
		diags := f.destroy()
		f.requireNoError(diags)
		f.requireWarning(diags, "Access method is shared", other.ID, "still works")
		f.requireBoth("4821", true)
	})
}

// Do two grants that are removed at the same time leave the access method that they share to each other?
func TestAccessGrant_sharedWithAGrantThatIsBeingDeleted(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.requireNoDiagnostics(f.apply(f.config()))
		other := f.seam.AddObject("access_grant", map[string]any{"user_identity_id": f.person, "requested_access_methods": []any{}})
		f.seam.ShareAccessMethod(f.method(), other.ID)
		f.seam.DescribeObjects("access_grant", func(_ string, fields map[string]any) {
			if fields["access_grant_id"] == other.ID {
				fields["warnings"] = []any{map[string]any{"warning_code": "being_deleted", "message": "Being deleted", "created_at": "2000-01-01T00:00:00.000Z"}}
			}
		})
		time.AfterFunc(time.Minute, func() { f.seam.RemoveObject("access_grant", other.ID) })
		f.restart()
		f.requireNoDiagnostics(f.destroy())
		f.requireBoth("4821", false)
	})
}

// Does the state forget an issued card because somebody deleted its grant?
func TestAccessGrant_cardWhoseGrantWasRemovedOutside(t *testing.T) {
	for system, provable := range map[string]bool{"brivo_account": true, "salto_space_system": false} {
		t.Run(system, func(t *testing.T) {
			withGrants(t, func(f *grantFixture) {
				config, door := f.cardConfig(system)
				f.requireNoError(f.apply(config))
				card := f.method()
				f.seam.IssueCard(card)
				f.seam.RemoveObject("access_grant", f.id())
				if f.seam.EntranceOpens(door, card) == provable {
					t.Fatalf("the card opens the door: %v", provable)
				}
				f.restart()
				if provable {
					f.requireWarning(f.refresh(), "Removed outside Terraform")
					f.requireNoState()
					return
				}
				f.requireWarning(f.refresh(), "Removal not proven", "mode card", door, "removal = \"requested\"")
				f.requireStateUnchanged(func() { f.requireError(f.destroyWithoutRefresh(), "not provable", door) })
				f.requireNoError(f.apply(config.with(values{"removal": "requested"})))
				f.restart()
				f.requireNoError(f.destroy())
				f.requireRequests("/access_grants/create", 1)
			})
		})
	}
}
