package provider

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

const canary, otherCanary = "73915824", "62804735"

// writtenText is everything that a run leaves behind, other than the state itself.
func (h *harness) writtenText() string {
	h.t.Helper()
	all := []string{diagnosticText(h.Diags, 1), diagnosticText(h.Diags, 2), privateStateText(h.t, h.Private)}
	file, _ := h.ProviderConfig["removal_receipts"].(string)
	receipts, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		h.t.Fatal(err)
	}
	return strings.Join(append(all, string(receipts), h.Logged()), "\n")
}

// requireNoSecrets fails the test if anything that was written holds a secret.
func (h *harness) requireNoSecrets() {
	h.t.Helper()
	requireAbsent(h.t, h.writtenText(), canary, otherCanary, h.seam.Workspace().APIKey)
}

func TestAccessCode_nothingWrittenHoldsASecret(t *testing.T) {
	leak := seamtest.Issue{Code: "failed_to_remove_from_device", Message: "PIN " + canary + " stays"}
	forEachPair(t, map[string]func(*harness, values){
		"everything goes well": func(h *harness, config values) { h.requireNoError(h.apply(config)); h.requireNoError(h.destroy()) },
		"PIN is taken": func(h *harness, config values) {
			h.createOutside(values{"device_id": h.lock.ID, "code": canary})
			h.requireError(h.apply(config))
		},
		"lost create": func(h *harness, config values) {
			h.seam.InjectFault(seamtest.Fault{Path: createPath, Drop: seamtest.DropBefore})
			h.requireError(h.apply(config))
		},
		"refused create": func(h *harness, config values) {
			h.seam.InjectFault(seamtest.Fault{Path: createPath, Type: "invalid_input", Message: "bad PIN " + canary})
			h.requireError(h.apply(config))
		},
		"never set": func(h *harness, config values) {
			h.lock.OnCreate(seamtest.CreateBehavior{NeverSet: true, Errors: []seamtest.Issue{leak}})
			h.requireNoError(h.apply(config.with(values{"wait_for_set": true})))
		},
		"failed attempt": func(h *harness, config values) {
			h.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Outcome: seamtest.Fails, ErrorType: "pin_" + canary, ErrorMessage: "PIN " + canary, Errors: []seamtest.Issue{leak}, Stays: true})
			h.requireNoError(h.apply(config))
			h.requireError(h.destroy())
		},
		"attempt of a strange state": func(h *harness, config values) {
			h.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Outcome: seamtest.EndsWithStatus(canary), Stays: true})
			h.requireNoError(h.apply(config))
			h.requireError(h.destroy())
		},
		"slow removal": func(h *harness, config values) {
			h.lock.OnDelete(seamtest.DeleteBehavior{Outcome: seamtest.StaysPending, Errors: []seamtest.Issue{leak}, Warnings: []seamtest.Issue{leak}})
			h.requireNoError(h.apply(config))
			h.requireError(h.destroy())
			h.requireNoError(h.refresh())
		},
		"ghost": func(h *harness, config values) {
			h.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Leftover: &seamtest.UnmanagedAccessCode{Name: canary, CannotBeDeleted: true}})
			h.requireNoError(h.apply(config))
			h.requireError(h.destroy())
			h.requireWarning(h.refreshInNextRun(), "not proven")
			h.requireError(h.destroyWithoutRefresh())
		},
		"rotation": func(h *harness, config values) {
			h.requireNoError(h.apply(config))
			h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, KeepsOldPIN: &seamtest.UnmanagedAccessCode{}, Errors: []seamtest.Issue{leak}})
			h.requireError(h.apply(rotatedConfig(config)))
			h.requireNoError(h.refreshInNextRun())
			h.requireError(h.apply(rotatedConfig(config)))
			h.requireError(h.destroy())
		},
		"failed rotation": func(h *harness, config values) {
			h.requireNoError(h.apply(config))
			h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, Outcome: seamtest.Fails, ErrorType: "t", ErrorMessage: canary + otherCanary})
			h.requireError(h.apply(rotatedConfig(config)))
		},
		"rotation to a taken PIN": func(h *harness, config values) {
			h.createOutside(values{"device_id": h.lock.ID, "code": otherCanary})
			h.requireNoError(h.apply(config))
			h.requireError(h.apply(rotatedConfig(config)))
		},
		"Removed outside": func(h *harness, config values) {
			h.requireNoError(h.apply(config))
			h.seam.RemoveAccessCode(h.id())
			h.requireWarning(h.refresh(), "Removed outside")
		},
		"missing lock": func(h *harness, config values) {
			h.requireNoError(h.apply(config))
			h.lock.Disappear()
			h.requireError(h.refresh())
			h.requireError(h.destroyWithoutRefresh())
		},
		"twin": func(h *harness, config values) {
			h.requireNoError(h.apply(config))
			twin := h.createOutside(values{"device_id": h.lock.ID, "code": "1111"})
			h.seam.ChangeAccessCode(twin, func(c *seamtest.AccessCode) { c.PIN = canary })
			h.requireNoError(h.destroy())
		},
		"event that never comes": func(h *harness, config values) {
			h.seam.MuteEvents("access_code.removed_from_device")
			h.requireNoError(h.apply(config.with(values{"removal": "verified_by_event"})))
			h.requireError(h.destroy())
		},
	}, secretForms, func(h *harness, story func(*harness, values), config values) {
		h.recordReceipts()
		h.seam.EchoSecrets(true)
		story(h, guestConfig(h).with(config))
		h.requireNoSecrets()
	})
}

var secretForms = map[string]values{
	"plain":      {"code": canary},
	"write-only": {"code": nil, "code_wo": canary, "code_wo_version": 1},
}

// rotatedConfig is config with the other canary.
func rotatedConfig(config values) values {
	if config["code_wo"] != nil {
		return config.with(values{"code_wo": otherCanary, "code_wo_version": 2})
	}
	return config.with(values{"code": otherCanary})
}

func TestAccessCode_writeOnlyPINIsWrittenNowhere(t *testing.T) {
	withHarness(t, func(h *harness) {
		config := guestConfig(h).with(secretForms["write-only"])
		look := func() {
			t.Helper()
			kept := fmt.Sprintf("%s\n%s\n%s", h.Encode(h.State).MsgPack, privateStateText(t, h.Private), h.writtenText())
			requireAbsent(t, kept, canary, otherCanary)
		}
		planned := func(config values) {
			t.Helper()
			p := h.plan(config)
			requireAbsent(t, fmt.Sprintf("%s%s", h.Encode(p.Planned).MsgPack, privateStateText(t, p.Private)), canary, otherCanary)
		}
		planned(config)
		h.requireNoError(h.apply(config))
		h.requireOpens(canary, true)
		look()
		h.requireNoError(h.refresh())
		look()
		planned(rotatedConfig(config))
		h.lock.OnUpdate(seamtest.UpdateBehavior{Takes: time.Second, KeepsOldPIN: &seamtest.UnmanagedAccessCode{}})
		left := h.requireLeftover(h.apply(rotatedConfig(config)))
		look()
		h.requireNoError(h.refresh())
		look()
		planned(rotatedConfig(config))
		h.seam.RemoveUnmanagedAccessCode(left)
		h.requireNoError(h.apply(rotatedConfig(config)))
		look()
		h.requireOpens(otherCanary, true)
		h.lock.OnDelete(seamtest.DeleteBehavior{Takes: time.Second, Leftover: &seamtest.UnmanagedAccessCode{CannotBeDeleted: true}})
		h.requireError(h.destroy())
		look()
		h.requireAttributes(values{"code": nil, "code_wo": nil})
	})
}

func TestAccessCode_changesBetweenPlainAndWriteOnlyPIN(t *testing.T) {
	withHarness(t, func(h *harness) {
		plain, hidden := guestConfig(h).with(secretForms["plain"]), guestConfig(h).with(secretForms["write-only"])
		h.requireNoError(h.apply(plain))
		h.requireNoDiagnostics(h.apply(hidden))
		h.requireOpens(canary, true)
		h.requireAttributes(values{"code": nil})
		h.requireNoDiagnostics(h.apply(plain))
		h.requireOpens(canary, true)
		h.requireAttributes(values{"code": canary})
		h.requireSettled(plain)
		h.requireNoDiagnostics(h.apply(hidden))
		h.requireNoError(h.apply(plain.with(values{"code": nil})))
		h.requireAttributes(values{"code": canary}) // without code_wo it is the PIN on the lock
	})
}
