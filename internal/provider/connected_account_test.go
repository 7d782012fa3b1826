package provider

import (
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestConnectedAccount_conforms(t *testing.T) {
	c := acctest.NounCase("connected_account", "connected_accounts")
	c.Replaces, c.NotTold, c.Create = "connected_account_id", []string{"on_destroy"}, "/connected_accounts/get"
	c.Configs = func(h *acctest.Harness) (before, after, other arguments) {
		before = arguments{"connected_account_id": h.Seam.AddObject("connected_account", nil).ID, "on_destroy": "delete"}
		return before, before.With(arguments{"display_name": "Canal Street"}), before.With(arguments{"connected_account_id": h.Seam.AddObject("connected_account", nil).ID})
	}
	c.OtherPaths = []string{"/connected_accounts/update", "/connected_accounts/delete", "/devices/list", "/acs/systems/list"}
	c.Except = map[string]string{"lost create": existsBefore}
	conform(t, c)
}

// accountFixture is a connected account with the lock of the harness.
type accountFixture struct {
	*harness
	account seamtest.Object
}

func withAccount(t *testing.T, test func(*accountFixture)) {
	t.Helper()
	withHarnessFor(t, "seam_connected_account", func(h *harness) {
		account := h.seam.AddObject("connected_account", map[string]any{"user_identifier": map[string]any{"email": "ana@example.com"}, "custom_metadata": map[string]any{"theirs": true}})
		h.lock.SetConnectedAccount(account.ID)
		test(&accountFixture{h, account})
	})
}

func (f *accountFixture) config(more values) values {
	return values{"connected_account_id": f.account.ID}.with(more)
}

func (f *accountFixture) field(name string) any {
	return f.seam.Object("connected_account", f.account.ID).Fields[name]
}

func TestConnectedAccount_adoptsWithoutAChange(t *testing.T) {
	withAccount(t, func(f *accountFixture) {
		for _, config := range []values{f.config(nil), {"email": "ana@example.com"}} {
			f.requireNoDiagnostics(f.apply(config))
			f.requireSettled(config)
			f.requireAttributes(values{"id": f.account.ID, "connected_account_id": f.account.ID, "display_name": "Yale Access", "automatically_manage_new_devices": true})
			f.requireNoDiagnostics(f.destroy())
			f.requireNoState()
		}
		for _, path := range []string{"/connected_accounts/update", "/connected_accounts/delete"} {
			f.requireRequests(path, 0)
		}
	})
}

func TestConnectedAccount_adoptionOfNoneOrAnotherFails(t *testing.T) {
	withAccount(t, func(f *accountFixture) {
		f.requireError(f.apply(values{"email": "nobody@example.com"}), "Unable to create connected account", "There is no connected account with email nobody@example.com", "Check the email")
		f.requireError(f.apply(values{"connected_account_id": missingID}), "There is no connected account", missingID)
		f.requireError(f.plan(f.config(values{"email": "ana@example.com"})).Diags, "email")
		f.requireNoState()
		f.requireNoDiagnostics(f.apply(f.config(nil)))
		f.requireError(f.apply(values{"email": "ben@example.com"}), "another email address")
		f.requireNoDiagnostics(f.apply(values{"email": "ana@example.com"}))
		requireEqual(t, "replaces", f.plan(values{"email": "ben@example.com"}).Replaces, []string{"email"})
	})
}

func TestConnectedAccount_changesWhatIsConfigured(t *testing.T) {
	withAccount(t, func(f *accountFixture) {
		config := f.config(values{"display_name": "Canal Street", "automatically_manage_new_devices": false, "accepted_capabilities": []string{"lock", "camera"}, "customer_key": "acme", "custom_metadata": map[string]string{"floor": "2", "vip": "true"}})
		f.requireNoDiagnostics(f.apply(config))
		f.requireSettled(config)
		requireEqual(t, "metadata", f.field("custom_metadata"), map[string]any{"theirs": true, "floor": "2", "vip": "true"})
		less := config.with(values{"custom_metadata": map[string]string{"floor": "3"}})
		f.requireNoDiagnostics(f.apply(less))
		requireEqual(t, "metadata", f.field("custom_metadata"), map[string]any{"theirs": true, "floor": "3"})
		f.requireError(f.apply(config.with(values{"customer_key": "other"})), "Invalid customer_key", "once", "acme")
		f.requireNoDiagnostics(f.apply(f.config(nil)))
		requireEqual(t, "kept", []any{f.field("display_name"), f.field("automatically_manage_new_devices"), f.field("custom_metadata")}, []any{"Canal Street", false, map[string]any{"theirs": true}})
	})
}

// An account that cannot be changed must not be tainted: to replace it could mean to delete it.
func TestConnectedAccount_failedAdoptionIsInNoState(t *testing.T) {
	withAccount(t, func(f *accountFixture) {
		f.seam.ChangeObject("connected_account", f.account.ID, map[string]any{"customer_key": "theirs"})
		f.requireError(f.apply(f.config(values{"customer_key": "acme", "on_destroy": "delete"})), "has the customer key theirs")
		f.requireNoState()
		f.seam.InjectFault(seamtest.Fault{Path: "/connected_accounts/update", Status: 400, Type: "invalid_input", Message: "no"})
		f.requireError(f.apply(f.config(values{"display_name": "Ours", "on_destroy": "delete"})), "Unable to create connected account")
		f.requireNoState()
	})
}

// addCredentialOfAccount adds an access system of the account, with a credential.
func addCredentialOfAccount(f *accountFixture) {
	office := f.seam.AddObject("acs_system", map[string]any{"external_type": "brivo_account", "connected_account_id": f.account.ID, "connected_account_ids": []string{f.account.ID}})
	user := f.seam.AddObject("acs_user", map[string]any{"acs_system_id": office.ID, "full_name": "Ana"})
	f.seam.AddObject("acs_credential", map[string]any{"acs_system_id": office.ID, "connected_account_id": f.account.ID, "acs_user_id": user.ID, "access_method": "code"})
}

// Is an account deleted while something that it manages opens a door?
func TestConnectedAccount_isNotDeletedWhileItsPINsAreManaged(t *testing.T) {
	for name, open := range map[string]func(*accountFixture){
		"a PIN": func(f *accountFixture) {
			f.createOutside(values{"device_id": f.lock.ID, "name": "Guest", "code": canary})
			f.requireOpens(canary, true)
		},
		"backup codes": func(f *accountFixture) {
			pool := f.newObject("seam_device")
			pool.requireNoDiagnostics(pool.apply(f.deviceConfig(values{"backup_access_code_pool_enabled": true})))
		},
		"a credential": addCredentialOfAccount,
		"a credential that one list lacks": func(f *accountFixture) {
			addCredentialOfAccount(f)
			f.seam.InjectFault(emptyList("/acs/credentials/list", "acs_credentials"))
		},
		"an access system that one list lacks": func(f *accountFixture) {
			addCredentialOfAccount(f)
			f.seam.InjectFault(emptyList("/acs/systems/list", "acs_systems"))
		},
		"a device that one list lacks": func(f *accountFixture) {
			f.createOutside(values{"device_id": f.lock.ID, "name": "Guest", "code": canary})
			f.seam.InjectFault(emptyList("/devices/list", "devices"))
		},
		"a PIN that one list lacks": func(f *accountFixture) {
			f.createOutside(values{"device_id": f.lock.ID, "name": "Guest", "code": canary})
			f.seam.InjectFault(emptyList(listPath, "access_codes"))
		},
		"a list that fails": func(f *accountFixture) { f.seam.InjectFault(status500Fault("/access_codes/list")) },
	} {
		t.Run(name, func(t *testing.T) {
			withAccount(t, func(f *accountFixture) {
				f.requireNoDiagnostics(f.apply(f.config(values{"on_destroy": "delete"})))
				open(f)
				f.requireStateUnchanged(func() {
					f.requireError(f.destroy(), "Unable to delete connected account", "its connected account is deleted")
				})
				f.requireRequests("/connected_accounts/delete", 0)
			})
		})
	}
}

func TestConnectedAccount_isDeletedOnceItsPINsAreGone(t *testing.T) {
	withAccount(t, func(f *accountFixture) {
		f.requireNoDiagnostics(f.apply(f.config(values{"on_destroy": "delete"})))
		guest := f.newObject("seam_access_code")
		guest.requireNoDiagnostics(guest.apply(values{"device_id": f.lock.ID, "code": canary}))
		f.requireError(f.destroy(), "managed access codes", "Destroy those codes first")
		guest.requireNoDiagnostics(guest.destroy())
		f.requireNoDiagnostics(f.destroy())
		f.requireNoState()
		f.requireOpens(canary, false)
		requireEqual(t, "accounts", len(f.seam.Objects("connected_account")), 0)
	})
}

func TestConnectedAccount_dataSources(t *testing.T) {
	withAccount(t, func(f *accountFixture) {
		f.seam.ChangeObject("connected_account", f.account.ID, map[string]any{"customer_key": "acme", "errors": []any{map[string]any{
			"error_code": "account_disconnected", "message": "Disconnected", "created_at": timeFromNow(0), "is_connected_account_error": true, "is_bridge_error": false,
		}}})
		f.seam.AddObject("connected_account", map[string]any{"account_type": "salto_ks"})
		for _, by := range []values{{"id": f.account.ID}, {"email": "ana@example.com"}} {
			got := f.mustReadDataSource("seam_connected_account", by)
			requireEqual(t, "found", []any{got["id"], got["email"], got["custom_metadata"]}, []any{f.account.ID, "ana@example.com", map[string]any{"theirs": "true"}})
			requireEqual(t, "errors", attributeValues(got["errors"], "error_code"), []string{"account_disconnected"})
		}
		f.requireReadError("seam_connected_account", values{"email": "nobody@example.com"}, "There is no connected account with email", "Check the email")
		f.requireReadError("seam_connected_account", values{}, "email")
		for want, filter := range map[string]values{"2": nil, "1": {"customer_key": "acme"}, "1 ": {"account_type": "salto_ks"}, "0": {"customer_key": "other"}} {
			list, _ := f.mustReadDataSource("seam_connected_accounts", filter)["connected_accounts"].([]any)
			requireEqual(t, "found", len(list), int(want[0]-'0'))
		}
	})
}
