package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// officeFixture is an access system with an encoder, a door, and a user with a card.
type officeFixture struct {
	*harness
	system, encoder, door, user, card string
}

func withOffice(t *testing.T, externalType string, test func(*officeFixture)) {
	t.Helper()
	withHarness(t, func(h *harness) {
		f := &officeFixture{harness: h}
		f.system = h.seam.AddAccessSystem(externalType).ID
		f.encoder, f.door = h.seam.AddEncoder(f.system).ID, h.seam.AddEntrance(f.system, nil).ID
		f.user = h.seam.AddObject("acs_user", map[string]any{"acs_system_id": f.system, "full_name": "Ana"}).ID
		f.card = f.credential("card", "0044770012")
		test(f)
	})
}

func (f *officeFixture) credential(method, cardNumber string) string {
	f.t.Helper()
	return f.seam.AddObject("acs_credential", map[string]any{
		"acs_system_id": f.system, "connected_account_id": f.seam.Object("acs_system", f.system).Text("connected_account_id"), "acs_user_id": f.user,
		"access_method": method, "card_number": cardNumber, "is_issued": method != "card",
	}).ID
}

func (f *officeFixture) requireIssued(credential string) {
	f.t.Helper()
	requireEqual(f.t, "issued", f.seam.Object("acs_credential", credential).Fields["is_issued"], any(true))
}

// Is the person at the encoder told what to do, and that it still waits?
func TestAcsEncoder_writesCards(t *testing.T) {
	withOffice(t, "visionline_system", func(f *officeFixture) {
		f.seam.OnAccessSystemAction(seamtest.LockActionBehavior{Takes: 25 * time.Second})
		said := f.mustInvoke("seam_encode_acs_credential", values{"acs_encoder_id": f.encoder, "acs_credential_id": f.card})
		f.RequireText(said, "the encode request", "Hold the card to encoder "+f.encoder, "Still waiting after 10s", "The card of acs credential "+f.card+" is written")
		f.requireIssued(f.card)
	})
}

func TestAcsEncoder_writesCardsOfGrants(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		config, door := f.cardConfig("brivo_account")
		f.requireNoError(f.apply(config))
		encoder := f.seam.AddEncoder(f.seam.Objects("acs_system")[0].ID).ID
		said := f.mustInvoke("seam_encode_acs_credential", values{"acs_encoder_id": encoder, "access_method_id": f.method()})
		f.RequireText(said, "The card of access method "+f.method()+" is written")
		requireEqual(t, "opens", f.seam.EntranceOpens(door, f.method()), true)
	})
}

func TestAcsEncoder_needsOneCard(t *testing.T) {
	withOffice(t, "visionline_system", func(f *officeFixture) {
		for _, config := range []values{{}, {"acs_credential_id": f.card, "access_method_id": missingID}} {
			diags := f.ValidateActionConfig("seam_encode_acs_credential", config.with(values{"acs_encoder_id": f.encoder}))
			f.requireError(diags, "acs_credential_id", "access_method_id")
		}
	})
}

func TestAcsEncoder_failuresAreExplained(t *testing.T) {
	withOffice(t, "visionline_system", func(f *officeFixture) {
		card := values{"acs_encoder_id": f.encoder, "acs_credential_id": f.card}
		f.seam.OnAccessSystemAction(seamtest.LockActionBehavior{Outcome: seamtest.Fails, ErrorType: "no_credential_on_encoder", ErrorMessage: "No card"})
		f.requireInvokeError("seam_encode_acs_credential", card, "Unable to encode acs credential", "no_credential_on_encoder", "No card", "run the action again")
		f.seam.OnAccessSystemAction(seamtest.LockActionBehavior{Outcome: seamtest.StaysPending})
		f.requireDuration(45*time.Second, func() {
			f.requireInvokeError("seam_encode_acs_credential", card.with(values{"timeouts": values{"invoke": "45s"}}), "took longer than 45s", "has not confirmed yet that the card is written", "raise timeouts.invoke")
		})
		f.seam.InjectFault(seamtest.Fault{Path: "/acs/encoders/encode_credential", Drop: seamtest.DropAfter, Times: 1})
		f.requireInvokeError("seam_encode_acs_credential", card, "not known whether encoder "+f.encoder, "Check the card and data.seam_acs_credential")
		f.requireRequests("/acs/encoders/encode_credential", 3)
		f.requireInvokeError("seam_scan_acs_credential", values{"acs_encoder_id": missingID}, "Unable to scan acs credential", "acs_encoder_not_found")
	})
}

// Does a scan name the credential of a card, and not the number of the card?
func TestAcsEncoder_scansCards(t *testing.T) {
	withOffice(t, "visionline_system", func(f *officeFixture) {
		f.seam.HoldCard(f.encoder, f.card)
		said := f.mustInvoke("seam_scan_acs_credential", values{"acs_encoder_id": f.encoder})
		f.RequireText(said, "Hold the card to encoder", "belongs to acs credential "+f.card, "of acs user "+f.user)
		requireAbsent(t, said, "0044770012")
		f.seam.HoldCard(f.encoder, "")
		f.RequireText(f.mustInvoke("seam_scan_acs_credential", values{"acs_encoder_id": f.encoder}), "belongs to no acs credential")
	})
}

func TestAccessMethod_assignsCards(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		config, door := f.cardConfig("brivo_account")
		f.requireNoError(f.apply(config))
		assign := values{"access_method_id": f.method(), "card_number": "0044770012"}
		said := f.mustInvoke("seam_assign_card", assign)
		f.RequireText(said, "The card is assigned to access method "+f.method())
		requireAbsent(t, said, "0044770012")
		requireEqual(t, "opens", f.seam.EntranceOpens(door, f.method()), true)
		f.seam.OnAccessSystemAction(seamtest.LockActionBehavior{Outcome: seamtest.Fails, ErrorType: "credential_not_found", ErrorMessage: "No card 0044770012"})
		_, diags := f.InvokeAction("seam_assign_card", assign)
		f.requireError(diags, "Unable to assign card", "The access system did not assign", "credential_not_found")
		requireAbsent(t, errorText(diags), "0044770012")
	})
}

func TestAcsEntrance_unlocksOnce(t *testing.T) {
	withOffice(t, "brivo_account", func(f *officeFixture) {
		key := f.credential("cloud_key", "")
		unlock := values{"acs_entrance_id": f.door, "acs_credential_id": key}
		f.RequireText(f.mustInvoke("seam_unlock_acs_entrance", unlock), "the unlock request", "Entrance "+f.door+" is unlocked")
		requireEqual(t, "unlocked", f.seam.WasUnlocked(f.door, key), true)
		f.seam.InjectFault(seamtest.Fault{Path: "/acs/entrances/unlock", Drop: seamtest.DropAfter, Times: 1})
		f.requireInvokeError("seam_unlock_acs_entrance", unlock, "not known whether entrance "+f.door, "Check the door")
		f.requireRequests("/acs/entrances/unlock", 2)
	})
}

// Does the deactivation of a lost phone wait until its keys are gone?
func TestPhone_deactivationWaitsForItsKeys(t *testing.T) {
	withOffice(t, "brivo_account", func(f *officeFixture) {
		key, other := f.credential("mobile_key", ""), f.credential("mobile_key", "")
		phone := f.seam.AddPhone(key).ID
		f.seam.SetDeleteLag("phone", seamtest.DeleteLag{Get: 20 * time.Second, List: 20 * time.Second})
		f.seam.SetDeleteLag("acs_credential", seamtest.DeleteLag{Get: time.Minute, List: time.Minute})
		f.requireWithin(time.Minute, 2*time.Minute, func() {
			said := f.mustInvoke("seam_deactivate_phone", values{"device_id": phone})
			f.RequireText(said, "Deactivating phone "+phone+", which holds acs credential "+key, "there is no phone "+phone, "Still waiting", "has none of the credentials")
		})
		requireEqual(t, "left", f.seam.Object("acs_credential", other).ID, other)
		f.requireInvokeError("seam_deactivate_phone", values{"device_id": phone}, "Unable to deactivate phone", "There is no phone", phone)
	})
}

// Is a key that stays, or that a door may accept without asking, called revoked?
func TestPhone_keysThatStay(t *testing.T) {
	withOffice(t, "visionline_system", func(f *officeFixture) {
		key := f.credential("mobile_key", "")
		kept := f.seam.AddPhone(key).ID
		f.seam.KeepOnDelete(key)
		f.requireInvokeError("seam_deactivate_phone", values{"device_id": kept, "timeouts": values{"invoke": "1m"}}, "is deactivated, but acs credential "+key, "is still there", "Seam console")
		f.seam.KeepOnDelete()
		_, diags := f.InvokeAction("seam_deactivate_phone", values{"device_id": f.seam.AddPhone(key).ID})
		f.requireNoError(diags)
		f.requireWarning(diags, "Revocation not provable", key)
	})
}

// Is a key forgotten that one list lacks?
func TestPhone_keyThatAListLacks(t *testing.T) {
	for name, fault := range map[string]seamtest.Fault{"credentials": emptyList("/acs/credentials/list", "acs_credentials"), "phones": emptyList("/phones/list", "phones")} {
		t.Run(name, func(t *testing.T) {
			withOffice(t, "brivo_account", func(f *officeFixture) {
				key := f.credential("mobile_key", "")
				phone := f.seam.AddPhone(key).ID
				f.seam.SetDeleteLag("acs_credential", seamtest.DeleteLag{Get: time.Minute, List: time.Minute})
				f.seam.InjectFault(fault)
				f.RequireText(f.mustInvoke("seam_deactivate_phone", values{"device_id": phone}), "which holds acs credential "+key)
				requireEqual(t, "left", len(f.seam.Objects("acs_credential")), 1) // the fixture's card
			})
		})
	}
}

func TestPhone_thatStays(t *testing.T) {
	withOffice(t, "brivo_account", func(f *officeFixture) {
		phone := f.seam.AddPhone().ID
		f.seam.KeepOnDelete(phone)
		f.requireInvokeError("seam_deactivate_phone", values{"device_id": phone, "timeouts": values{"invoke": "1m"}}, "not proven that phone "+phone+" is deactivated", "may still open doors")
	})
}
