package provider

import (
	"fmt"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// systemActions are the actions on access systems, with a configuration that works.
var systemActions = map[string]func(*officeFixture) values{
	"seam_encode_acs_credential": func(f *officeFixture) values {
		return values{"acs_encoder_id": f.encoder, "acs_credential_id": f.card}
	},
	"seam_scan_acs_credential": func(f *officeFixture) values { return values{"acs_encoder_id": f.encoder} },
	"seam_assign_card": func(f *officeFixture) values {
		return values{"access_method_id": f.seam.AddObject("access_method", map[string]any{"mode": "card"}).ID, "card_number": "00447700"}
	},
	"seam_unlock_acs_entrance": func(f *officeFixture) values {
		return values{"acs_entrance_id": f.door, "acs_credential_id": f.credential("cloud_key", "")}
	},
	"seam_deactivate_phone": func(f *officeFixture) values {
		return values{"device_id": f.seam.AddPhone(f.credential("mobile_key", "")).ID}
	},
}

// stuckActions are where an action can wait, and what it says if it has to stop there.
var stuckActions = map[string]struct {
	kind  string
	stuck string // the path that does not answer; empty if the attempt or the deletion does not end
	says  []string
}{
	"encode, asking":     {"seam_encode_acs_credential", "/acs/encoders/encode_credential", []string{"not known whether encoder", "Check the card"}},
	"encode, waiting":    {"seam_encode_acs_credential", "", []string{"has not confirmed yet that the card is written", "Check data.seam_action_attempt"}},
	"scan, asking":       {"seam_scan_acs_credential", "/acs/encoders/scan_credential", []string{"not known whether encoder", "Check the encoder"}},
	"scan, waiting":      {"seam_scan_acs_credential", "", []string{"has not confirmed yet that a card is read"}},
	"card, asking":       {"seam_assign_card", "/access_methods/assign_card", []string{"not known whether the access system", "Check data.seam_access_methods"}},
	"card, waiting":      {"seam_assign_card", "", []string{"has not confirmed yet that the card is assigned"}},
	"entrance, asking":   {"seam_unlock_acs_entrance", "/acs/entrances/unlock", []string{"not known whether entrance", "Check the door"}},
	"entrance, waiting":  {"seam_unlock_acs_entrance", "", []string{"has not confirmed yet that the door is unlocked"}},
	"phone, looking":     {"seam_deactivate_phone", "/phones/get", nil},
	"phone, its keys":    {"seam_deactivate_phone", "/acs/credentials/list", []string{"listing the credentials on the phone"}},
	"phone, asking":      {"seam_deactivate_phone", "/phones/deactivate", []string{"may still open doors"}},
	"phone, proving":     {"seam_deactivate_phone", "", []string{"not proven that phone", "may still open doors"}},
	"phone, key proving": {"seam_deactivate_phone", "/acs/credentials/get", []string{"which it held, is still there"}},
}

// withStuckAction runs a test in which an action waits.
func withStuckAction(t *testing.T, name string, test func(f *officeFixture, config values)) {
	c := stuckActions[name]
	t.Run(name, func(t *testing.T) {
		withOffice(t, "visionline_system", func(f *officeFixture) {
			f.configure(values{"max_retries": 100, "request_timeout": "10m"})
			f.restart()
			config := systemActions[c.kind](f)
			if c.stuck != "" {
				f.seam.InjectFault(slowFault(c.stuck))
			}
			f.seam.OnAccessSystemAction(seamtest.LockActionBehavior{Outcome: seamtest.StaysPending})
			if name == "phone, proving" {
				f.seam.KeepOnDelete(fmt.Sprint(config["device_id"]))
			}
			test(f, config)
		})
	})
}

// Does each action on an access system end as soon as Terraform is interrupted, wherever it waits, and say
// what may have happened?
func TestAcsAction_interruptEndsItAtOnce(t *testing.T) {
	for name, c := range stuckActions {
		withStuckAction(t, name, func(f *officeFixture, config values) {
			time.AfterFunc(5*time.Second, f.Interrupt)
			f.requireDuration(5*time.Second, func() { f.requireInvokeError(c.kind, config, append(c.says, "Unable to", "\n\n")...) })
		})
	}
}

// Is a person who waits at the encoder or the door told every ten seconds that it goes on, until the timeout?
func TestAcsAction_saysThatItStillWaits(t *testing.T) {
	for name, c := range stuckActions {
		withStuckAction(t, name, func(f *officeFixture, config values) {
			f.requireDuration(95*time.Second, func() {
				said, diags := f.InvokeAction(c.kind, config.with(values{"timeouts": values{"invoke": "95s"}}))
				f.requireError(diags, append(c.says, "took longer than 1m35s")...)
				for at := 10 * time.Second; at < 95*time.Second; at += 10 * time.Second {
					f.RequireText(fmt.Sprint(said), fmt.Sprintf("Still waiting after %v.", at))
				}
			})
		})
	}
}
