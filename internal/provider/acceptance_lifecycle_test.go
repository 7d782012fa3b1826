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
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// After each step plugin-testing also expects an empty plan, with and without a refresh.

func TestAccDoesACodeOpenTheDoorFromApplyToDestroy(t *testing.T) {
	h := newHouse(t)
	stay := func(days time.Duration) string {
		return fmt.Sprintf("  starts_at = %q\n  ends_at = %q\n", h.at(-time.Hour), h.at(days*24*time.Hour))
	}
	long, short := stay(4), stay(2)
	h.live(
		resource.TestStep{
			Config:        guest(h.front, `name = "Guest"`+"\n"+`code = "4821"`),
			PostApplyFunc: func() { h.opens(h.front, "4821") },
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(theGuest, tfjsonpath.New("id"), knownvalue.NotNull()),
				statecheck.ExpectKnownValue(theGuest, tfjsonpath.New("workspace_id"), knownvalue.StringExact(h.seam.Workspace().ID)),
				statecheck.ExpectKnownValue(theGuest, tfjsonpath.New("type"), knownvalue.StringExact("ongoing")),
				statecheck.ExpectSensitiveValue(theGuest, tfjsonpath.New("code")),
			},
		},
		resource.TestStep{
			Config:           guest(h.front, `name = "Ms. Guest"`+"\n"+`code = "4821"`),
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
			PostApplyFunc:    func() { h.named("Ms. Guest") },
		},
		resource.TestStep{
			Config:           guest(h.front, `name = "Ms. Guest"`+"\n"+`code = "9310"`),
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
			PostApplyFunc:    func() { h.opens(h.front, "9310"); h.shut(h.front, "4821") },
		},
		resource.TestStep{
			Config:           guest(h.front, `name = "Ms. Guest"`+"\n"+`code = "9310"`+"\n"+long),
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
		},
		resource.TestStep{
			Config:           guest(h.front, `name = "Ms. Guest"`+"\n"+`code = "9310"`+"\n"+short),
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
			PostApplyFunc:    func() { h.opens(h.front, "9310") },
		},
		resource.TestStep{
			Config:           guest(h.back, `name = "Ms. Guest"`+"\n"+`code = "9310"`+"\n"+short),
			ConfigPlanChecks: planned(plancheck.ResourceActionDestroyBeforeCreate),
			PostApplyFunc:    func() { h.opens(h.back, "9310"); h.shut(h.front, "9310") },
		},
	)
}

func TestAccDoesSeamChooseAPINThatStays(t *testing.T) {
	h := newHouse(t)
	var chosen string
	h.live(
		resource.TestStep{
			Config: guest(h.front, `preferred_code_length = 5`),
			PostApplyFunc: func() {
				chosen = h.seam.AccessCodes()[0].PIN
				h.opens(h.front, chosen)
			},
		},
		resource.TestStep{
			Config: guest(h.front, `preferred_code_length = 5`+"\n"+`name = "Guest"`),
			PostApplyFunc: func() {
				if pin := h.named("Guest").PIN; pin != chosen {
					t.Errorf("a new name changed the PIN from %s to %s", chosen, pin)
				}
			},
		},
	)
}

func TestAccCanAnExistingCodeBeImported(t *testing.T) {
	h := newHouse(t)
	h.live(
		resource.TestStep{Config: guest(h.front, `name = "Guest"`)},
		resource.TestStep{ResourceName: theGuest, ImportState: true, ImportStateVerify: true},
		resource.TestStep{ResourceName: theGuest, ImportState: true, ImportStateKind: resource.ImportBlockWithID},
	)
}

func TestAccCanAnExistingCodeBeImportedByIdentity(t *testing.T) {
	h := newHouse(t)
	h.test(resource.TestCase{
		// Older CLIs know no identities.
		TerraformVersionChecks: []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		Steps: []resource.TestStep{
			{
				Config:            guest(h.front, `name = "Guest"`),
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectIdentityValueMatchesState(theGuest, tfjsonpath.New("id"))},
			},
			{ResourceName: theGuest, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		},
	})
}

func TestAccAreArgumentsThatSeamNeverReturnsOnlyRecordedAfterAnImport(t *testing.T) {
	h := newHouse(t)
	id := h.made(h.front, "Guest", "4821")
	h.live(resource.TestStep{
		Config: fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", theGuest, id) + guest(h.front, `
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
		ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
		PostApplyFunc: func() {
			h.asked("/access_codes/update", 0)
			h.asked("/access_codes/create", 1)
			if got := h.named("Guest"); got.ID != id || got.PIN != "4821" {
				t.Errorf("the import made another code of it: %+v", got)
			}
		},
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(theGuest, tfjsonpath.New("common_code_key"), knownvalue.StringExact("family")),
			statecheck.ExpectKnownValue(theGuest, tfjsonpath.New("id"), knownvalue.StringExact(id)),
		},
	})
}

func TestAccIsAWriteOnlyPINSentAgainOnlyWithANewVersion(t *testing.T) {
	h := newHouse(t)
	unseen := []statecheck.StateCheck{
		statecheck.ExpectKnownValue(theGuest, tfjsonpath.New("code"), knownvalue.Null()),
		statecheck.ExpectKnownValue(theGuest, tfjsonpath.New("code_wo"), knownvalue.Null()),
	}
	h.live(
		resource.TestStep{
			Config:            guest(h.front, `code_wo = "4821"`+"\n"+`code_wo_version = 1`),
			ConfigStateChecks: unseen,
			PostApplyFunc:     func() { h.opens(h.front, "4821") },
		},
		resource.TestStep{
			Config:           guest(h.front, `code_wo = "9310"`+"\n"+`code_wo_version = 1`),
			ConfigPlanChecks: planned(plancheck.ResourceActionNoop),
			PostApplyFunc:    func() { h.opens(h.front, "4821") },
		},
		resource.TestStep{
			Config:            guest(h.front, `code_wo = "9310"`+"\n"+`code_wo_version = 2`),
			ConfigPlanChecks:  planned(plancheck.ResourceActionUpdate),
			ConfigStateChecks: unseen,
			PostApplyFunc:     func() { h.opens(h.front, "9310"); h.shut(h.front, "4821") },
		},
	)
}

func TestAccIsTheOldCodeRemovedWhenANewOneIsCreatedFirst(t *testing.T) {
	h := newHouse(t)
	h.front.OnDelete(seamtest.DeleteBehavior{Outcome: seamtest.Fails, ErrorType: "device_offline", ErrorMessage: "The lock does not answer"})
	first := `
		code = "4821"
		lifecycle {
			create_before_destroy = true
		}`
	h.live(
		resource.TestStep{Config: guest(h.front, first)},
		resource.TestStep{ // the old code becomes a deposed object
			Config:      guest(h.back, first),
			ExpectError: saying("Unable to delete access code", "device_offline", "run destroy again"),
		},
		resource.TestStep{
			PreConfig: func() { h.opens(h.front, "4821"); h.opens(h.back, "4821") },
			Config:    guest(h.back, first),
			PostApplyFunc: func() {
				h.opens(h.back, "4821")
				h.shut(h.front, "4821")
				h.asked("/access_codes/delete", 2)
			},
		},
	)
}

func TestAccIsItSaidWhyANewCodeCannotComeFirstOnTheSameLock(t *testing.T) {
	h := newHouse(t)
	config := func(rounding string) string {
		return guest(h.front, fmt.Sprintf(`
			code              = "4821"
			max_time_rounding = %q
			lifecycle {
				create_before_destroy = true
			}`, rounding))
	}
	h.live(
		resource.TestStep{Config: config("1hour")},
		resource.TestStep{
			Config:      config("1day"),
			ExpectError: saying("Unable to create access code", "already has an access code with this PIN", "With create_before_destroy the old code still has the PIN"),
		},
		resource.TestStep{Config: config("1hour"), PostApplyFunc: func() { h.opens(h.front, "4821") }},
	)
}

func TestAccMayTheAPIKeyComeFromAnotherResource(t *testing.T) {
	h := newHouse(t)
	h.live(resource.TestStep{
		Config: fmt.Sprintf(`
resource "terraform_data" "key" {
  input = %q
}

provider "seam" {
  endpoint = %q
  api_key  = terraform_data.key.output
}
`, h.seam.Workspace().APIKey, h.url) + guest(h.front, `code = "4821"`),
		PostApplyFunc: func() { h.opens(h.front, "4821") },
	})
}
