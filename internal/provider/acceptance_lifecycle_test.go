package provider_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// After each step plugin-testing also expects an empty plan, with and without a refresh.

// Does a code open the door from apply to destroy?
func TestAccAccessCode_opensTheDoorFromApplyToDestroy(t *testing.T) {
	h := newHarness(t)
	stay := func(days time.Duration) string {
		return fmt.Sprintf("  starts_at = %q\n  ends_at = %q\n", h.timeFromNow(-time.Hour), h.timeFromNow(days*24*time.Hour))
	}
	long, short := stay(4), stay(2)
	h.runSteps(
		resource.TestStep{
			Config:        guestConfig(h.front, `name = "Guest"`+"\n"+`code = "4821"`),
			PostApplyFunc: func() { h.requireOpens(h.front, "4821") },
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(guestAddress, tfjsonpath.New("id"), knownvalue.NotNull()),
				statecheck.ExpectKnownValue(guestAddress, tfjsonpath.New("workspace_id"), knownvalue.StringExact(h.seam.Workspace().ID)),
				statecheck.ExpectKnownValue(guestAddress, tfjsonpath.New("type"), knownvalue.StringExact("ongoing")),
				statecheck.ExpectSensitiveValue(guestAddress, tfjsonpath.New("code")),
			},
		},
		resource.TestStep{
			Config:           guestConfig(h.front, `name = "Ms. Guest"`+"\n"+`code = "4821"`),
			ConfigPlanChecks: expectAction(plancheck.ResourceActionUpdate),
			PostApplyFunc:    func() { h.codeNamed("Ms. Guest") },
		},
		resource.TestStep{
			Config:           guestConfig(h.front, `name = "Ms. Guest"`+"\n"+`code = "9310"`),
			ConfigPlanChecks: expectAction(plancheck.ResourceActionUpdate),
			PostApplyFunc:    func() { h.requireOpens(h.front, "9310"); h.requireClosed(h.front, "4821") },
		},
		resource.TestStep{
			Config:           guestConfig(h.front, `name = "Ms. Guest"`+"\n"+`code = "9310"`+"\n"+long),
			ConfigPlanChecks: expectAction(plancheck.ResourceActionUpdate),
		},
		resource.TestStep{
			Config:           guestConfig(h.front, `name = "Ms. Guest"`+"\n"+`code = "9310"`+"\n"+short),
			ConfigPlanChecks: expectAction(plancheck.ResourceActionUpdate),
			PostApplyFunc:    func() { h.requireOpens(h.front, "9310") },
		},
		resource.TestStep{
			Config:           guestConfig(h.back, `name = "Ms. Guest"`+"\n"+`code = "9310"`+"\n"+short),
			ConfigPlanChecks: expectAction(plancheck.ResourceActionDestroyBeforeCreate),
			PostApplyFunc:    func() { h.requireOpens(h.back, "9310"); h.requireClosed(h.front, "9310") },
		},
	)
}

// Does Seam choose a PIN that stays?
func TestAccAccessCode_pinChosenBySeamIsStable(t *testing.T) {
	h := newHarness(t)
	var chosen string
	h.runSteps(
		resource.TestStep{
			Config: guestConfig(h.front, `preferred_code_length = 5`),
			PostApplyFunc: func() {
				chosen = h.seam.AccessCodes()[0].PIN
				h.requireOpens(h.front, chosen)
			},
		},
		resource.TestStep{
			Config: guestConfig(h.front, `preferred_code_length = 5`+"\n"+`name = "Guest"`),
			PostApplyFunc: func() {
				if pin := h.codeNamed("Guest").PIN; pin != chosen {
					t.Errorf("a new name changed the PIN from %s to %s", chosen, pin)
				}
			},
		},
	)
}

// Can an existing code be imported?
func TestAccAccessCode_importByID(t *testing.T) {
	h := newHarness(t)
	h.runSteps(
		resource.TestStep{Config: guestConfig(h.front, `name = "Guest"`)},
		resource.TestStep{ResourceName: guestAddress, ImportState: true, ImportStateVerify: true},
		resource.TestStep{ResourceName: guestAddress, ImportState: true, ImportStateKind: resource.ImportBlockWithID},
	)
}

// Can an existing code be imported by identity?
func TestAccAccessCode_importByIdentity(t *testing.T) {
	h := newHarness(t)
	requireFeatures(t, identities)
	h.runSteps(
		resource.TestStep{
			Config:            guestConfig(h.front, `name = "Guest"`),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectIdentityValueMatchesState(guestAddress, tfjsonpath.New("id"))},
		},
		resource.TestStep{ResourceName: guestAddress, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
	)
}

// Are arguments that Seam never returns only recorded after an import?
func TestAccAccessCode_createOnlyArgumentsAreRecordedAfterImport(t *testing.T) {
	h := newHarness(t)
	id := h.createCode(h.front, "Guest", "4821")
	h.runSteps(resource.TestStep{
		Config: fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", guestAddress, id) + guestConfig(h.front, `
			name                     = "Guest"
			common_code_key          = "family"
			preferred_code_length    = 4
			max_time_rounding        = "1day"
			prefer_native_scheduling = true
			wait_for_set             = true
			removal                  = "verified_by_event"
			timeouts = {
				delete = "3m"
			}`),
		ConfigPlanChecks: expectAction(plancheck.ResourceActionUpdate),
		PostApplyFunc: func() {
			h.requireRequests("/access_codes/update", 0)
			h.requireRequests("/access_codes/create", 1)
			if got := h.codeNamed("Guest"); got.ID != id || got.PIN != "4821" {
				t.Errorf("the import made another code of it: %+v", got)
			}
		},
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(guestAddress, tfjsonpath.New("common_code_key"), knownvalue.StringExact("family")),
			statecheck.ExpectKnownValue(guestAddress, tfjsonpath.New("id"), knownvalue.StringExact(id)),
		},
	})
}

// Is a write-only PIN sent again only with a new version?
func TestAccAccessCode_writeOnlyPINIsSentOnANewVersionOnly(t *testing.T) {
	h := newHarness(t)
	unseen := []statecheck.StateCheck{
		statecheck.ExpectKnownValue(guestAddress, tfjsonpath.New("code"), knownvalue.Null()),
		statecheck.ExpectKnownValue(guestAddress, tfjsonpath.New("code_wo"), knownvalue.Null()),
	}
	h.runSteps(
		resource.TestStep{
			Config:            guestConfig(h.front, `code_wo = "4821"`+"\n"+`code_wo_version = 1`),
			ConfigStateChecks: unseen,
			PostApplyFunc:     func() { h.requireOpens(h.front, "4821") },
		},
		resource.TestStep{
			Config:           guestConfig(h.front, `code_wo = "9310"`+"\n"+`code_wo_version = 1`),
			ConfigPlanChecks: expectAction(plancheck.ResourceActionNoop),
			PostApplyFunc:    func() { h.requireOpens(h.front, "4821") },
		},
		resource.TestStep{
			Config:            guestConfig(h.front, `code_wo = "9310"`+"\n"+`code_wo_version = 2`),
			ConfigPlanChecks:  expectAction(plancheck.ResourceActionUpdate),
			ConfigStateChecks: unseen,
			PostApplyFunc:     func() { h.requireOpens(h.front, "9310"); h.requireClosed(h.front, "4821") },
		},
	)
}

// Is the old code removed when a new one is created first?
func TestAccAccessCode_createBeforeDestroyRemovesTheOldCode(t *testing.T) {
	h := newHarness(t)
	h.front.OnDelete(seamtest.DeleteBehavior{Outcome: seamtest.Fails, ErrorType: "device_offline", ErrorMessage: "The lock does not answer"})
	first := `
		code = "4821"
		lifecycle {
			create_before_destroy = true
		}`
	h.runSteps(
		resource.TestStep{Config: guestConfig(h.front, first)},
		resource.TestStep{ // the old code becomes a deposed object
			Config:      guestConfig(h.back, first),
			ExpectError: matchText("Unable to delete access code", "device_offline", "run destroy again"),
		},
		resource.TestStep{
			PreConfig: func() { h.requireOpens(h.front, "4821"); h.requireOpens(h.back, "4821") },
			Config:    guestConfig(h.back, first),
			PostApplyFunc: func() {
				h.requireOpens(h.back, "4821")
				h.requireClosed(h.front, "4821")
				h.requireRequests("/access_codes/delete", 2)
			},
		},
	)
}

// Is it said why a new code cannot come first on the same lock?
func TestAccAccessCode_createBeforeDestroyOnOneLockIsExplained(t *testing.T) {
	h := newHarness(t)
	config := func(rounding string) string {
		return guestConfig(h.front, fmt.Sprintf(`
			code              = "4821"
			max_time_rounding = %q
			lifecycle {
				create_before_destroy = true
			}`, rounding))
	}
	h.runSteps(
		resource.TestStep{Config: config("1hour")},
		resource.TestStep{
			Config:      config("1day"),
			ExpectError: matchText("Unable to create access code", "already has an access code with this PIN", "With create_before_destroy the old code still has the PIN"),
		},
		resource.TestStep{Config: config("1hour"), PostApplyFunc: func() { h.requireOpens(h.front, "4821") }},
	)
}

// May the API key come from another resource?
func TestAccProvider_apiKeyMayComeFromAResource(t *testing.T) {
	h := newHarness(t)
	h.runSteps(resource.TestStep{
		Config: fmt.Sprintf(`
resource "terraform_data" "key" {
  input = %q
}

provider "seam" {
  endpoint = %q
  api_key  = terraform_data.key.output
}
`, h.seam.Workspace().APIKey, h.url) + guestConfig(h.front, `code = "4821"`),
		PostApplyFunc: func() { h.requireOpens(h.front, "4821") },
	})
}

func stayConfig(lock *seamtest.Lock, key, pin string) string {
	return fmt.Sprintf("resource \"seam_access_code\" \"stay\" {\n  for_each  = { %s = %q }\n  device_id = %q\n  name      = each.key\n  code      = each.value\n}\n", key, pin, lock.ID)
}

// Does the guest's PIN work after a for_each key is renamed?
func TestAccAccessCode_renamedKeyKeepsThePIN(t *testing.T) {
	h := newHarness(t)
	h.front.OnDelete(seamtest.DeleteBehavior{Takes: 3 * time.Second})
	c := h.applied(stayConfig(h.front, "ana", "4821"))
	c.configure(stayConfig(h.front, "bob", "4821"))
	c.run("apply").requireExitCode(0).requireOutput("1 added, 0 changed, 1 destroyed").requireNoOutput("PIN already on the lock", "another access code")
	h.requireOpens(h.front, "4821")
	c.requireState(`seam_access_code.stay["bob"]`)
	c.run("plan", "-detailed-exitcode").requireExitCode(0)
	c.mustDestroy()
}
