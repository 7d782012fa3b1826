package provider

import (
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// What a destroy that failed has seen must count in the next run.

// lostDelete is a delete that Seam carries out, and whose answer never arrives.
func lostDelete(path string) seamtest.Fault {
	return seamtest.Fault{Path: path, Status: 500, Processed: true}
}

// Is what only the second list showed still known after a run that ended at the request?
func TestAcsUser_lostDeleteForgetsNoCredential(t *testing.T) {
	withAcsUser(t, "brivo_account", func(f *systemFixture) {
		f.seam.SetDeleteLagOf("acs_credential", f.pin, seamtest.DeleteLag{Get: time.Hour})
		f.seam.InjectFault(emptyList("/acs/credentials/list", "acs_credentials"))
		f.requireNextRunWaits("/acs/users/delete", f.pin)
	})
}

func TestAcsCredential_lostDeleteForgetsNoChild(t *testing.T) {
	withAcsCredential(t, "brivo_account", nil, func(f *systemFixture) {
		child := f.childOf(f.pin)
		f.seam.SetDeleteLagOf("acs_credential", child, seamtest.DeleteLag{Get: time.Hour})
		f.seam.InjectFault(emptyList("/acs/credentials/list", "acs_credentials"))
		f.requireNextRunWaits("/acs/credentials/delete", child)
	})
}

// requireNextRunWaits fails the test unless the run after a lost delete knows of a credential that only a
// get shows, until that is gone.
func (f *systemFixture) requireNextRunWaits(path, credential string) {
	f.t.Helper()
	lost := f.seam.InjectFault(lostDelete(path))
	f.requireError(f.destroyWithoutRefresh(), "Unable to delete")
	lost.Remove()
	f.requireDoor(credential, true)
	f.restart()
	f.requireStateUnchanged(func() { f.requireWarning(f.refresh(), "Removal not proven", credential) })
	f.requireError(f.destroyWithoutRefresh(), credential)
	advanceClock(time.Hour)
	f.restart()
	f.requireNoError(f.destroyWithoutRefresh())
	f.requireNoState()
	f.requireDoor(credential, false)
}

// Is a card forgotten that a later answer shows as not written?
func TestAcsCredential_cardStaysWritten(t *testing.T) {
	withAcsCredential(t, "visionline_system", values{"access_method": "card"}, func(f *systemFixture) {
		f.seam.EncodeCard(f.pin)
		f.seam.KeepOnDelete(f.pin)
		f.requireError(f.destroyWithoutRefresh(), "Seam still has acs credential")
		f.seam.KeepOnDelete()
		f.seam.ChangeObject("acs_credential", f.pin, map[string]any{"is_issued": false, "issued_at": nil})
		f.restart()
		f.requireStateUnchanged(func() { f.requireError(f.destroyWithoutRefresh(), "not provable") })
		f.requireDoor(f.pin, true)
	})
}

// Is a card gone because somebody else deleted its credential?
func TestAcsCredential_deletedOutsideAnOfflineSystem(t *testing.T) {
	withAcsCredential(t, "visionline_system", values{"access_method": "card"}, func(f *systemFixture) {
		f.seam.EncodeCard(f.pin)
		f.seam.RemoveObject("acs_credential", f.pin)
		f.requireStateUnchanged(func() {
			f.requireWarning(f.refresh(), "Removal not proven", f.pin)
			f.requireError(f.destroyWithoutRefresh(), "not provable")
		})
	})
}

// Is a credential deleted that was the leaver's, and belongs to somebody else by now?
func TestAcsUser_credentialOfSomebodyElseStays(t *testing.T) {
	withAcsUser(t, "brivo_account", func(f *systemFixture) {
		f.seam.KeepOnDelete(f.pin)
		f.requireError(f.destroyWithoutRefresh(), "Seam still has acs credential")
		f.seam.KeepOnDelete()
		other := f.seam.AddObject("acs_user", map[string]any{"acs_system_id": f.system, "full_name": "Ben"}).ID
		f.seam.ChangeObject("acs_credential", f.pin, map[string]any{"acs_user_id": other})
		f.restart()
		f.requireStateUnchanged(func() { f.requireError(f.destroyWithoutRefresh(), "Seam still has acs credential "+f.pin) })
		f.requireDoor(f.pin, true)
	})
}

// Does a refusal of an earlier deletion end this one?
func TestAcsUser_olderRefusal(t *testing.T) {
	withAcsUser(t, "brivo_account", func(f *systemFixture) {
		f.seam.ChangeObject("acs_user", f.user, map[string]any{"errors": []any{map[string]any{"error_code": "failed_to_delete_on_acs_system", "message": "No", "created_at": "1999-12-31T00:00:00Z"}}})
		f.seam.SetDeleteLag("acs_user", seamtest.DeleteLag{Get: 20 * time.Second})
		f.requireDestroyed(f.destroyWithoutRefresh)
	})
}

// Is a card gone at the end that the state shows, if it was written with a later one?
func TestAcsCredential_outdatedCardDeletedOutside(t *testing.T) {
	withAcsCredential(t, "visionline_system", values{"access_method": "card", "ends_at": "2000-01-08T00:00:00Z"}, func(f *systemFixture) {
		f.seam.EncodeCard(f.pin)
		f.requireWarningOnly(f.apply(f.config.with(values{"ends_at": "2000-01-02T00:00:00Z"})), "Card has to be written again")
		f.seam.RemoveObject("acs_credential", f.pin)
		advanceClock(48 * time.Hour)
		f.restart()
		f.requireStateUnchanged(func() {
			f.requireWarning(f.refresh(), "Removal not proven", f.pin)
			f.requireError(f.destroyWithoutRefresh(), "not provable")
		})
		f.requireDoor(f.pin, true)
	})
}
