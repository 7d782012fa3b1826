package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// grantOutside makes a grant past Terraform and returns its id.
func (f *grantFixture) grantOutside(more values) string {
	f.t.Helper()
	config := f.config()
	delete(config, "name")
	made, _ := f.Call("/access_grants/create", config.with(more))["access_grant"].(map[string]any)
	return fmt.Sprint(made["access_grant_id"])
}

func (f *grantFixture) methods(config values) []any {
	f.t.Helper()
	all, _ := f.mustReadDataSource("seam_access_methods", config)["access_methods"].([]any)
	return all
}

// Which ways in does the person have, and what is still to be done?
func TestAccessMethods_showWhatAPersonNeeds(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.seam.PageSize(1)
		gate := f.seam.AddEntrance(f.seam.AddAccessSystem("brivo_account").ID, nil).ID
		id := f.grantOutside(values{"access_grant_key": "stay-1", "acs_entrance_ids": []any{gate}, "requested_access_methods": []any{
			values{"mode": "code", "code": "4821"}, values{"mode": "card"}, values{"mode": "mobile_key"},
		}})
		f.grantOutside(nil) // of somebody else
		link := f.seam.Objects("instant_key")[0].Text("instant_key_url")
		for _, by := range []values{{"access_grant_id": id}, {"access_grant_key": "stay-1"}} {
			got := f.mustReadDataSource("seam_access_methods", by)
			requireEqual(t, "id of the grant", got["access_grant_id"], id)
			all, _ := got["access_methods"].([]any)
			shown := map[any]map[string]any{}
			for _, item := range all {
				method, _ := item.(map[string]any)
				shown[method["mode"]] = method
			}
			requireEqual(t, "methods", len(all), 3)
			requireEqual(t, "PIN", []any{shown["code"]["code"], shown["code"]["is_issued"], shown["code"]["issued_at"]}, []any{"4821", true, "2000-01-01T00:00:00Z"})
			requireEqual(t, "card", []any{shown["card"]["is_issued"], shown["card"]["issued_at"], shown["card"]["is_encoding_required"], shown["card"]["is_ready_for_encoding"]}, []any{false, nil, true, true})
			requireEqual(t, "link", []any{shown["mobile_key"]["instant_key_url"], shown["card"]["instant_key_url"]}, []any{link, nil})
		}
	})
}

func TestAccessMethods_showProblemsWithRemedies(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		id := f.grantOutside(nil)
		issue := func(kind, code string) map[string]any {
			return map[string]any{kind + "_code": code, "message": "Not with " + canary, "created_at": "2000-01-01T00:00:00Z"}
		}
		f.seam.ChangeObject("access_method", f.seam.Objects("access_method")[0].ID, map[string]any{
			"errors": []any{issue("error", "failed_to_issue")}, "warnings": []any{issue("warning", "delay_in_issuing")},
			"pending_mutations": []any{map[string]any{"mutation_code": "updating_access_times", "message": "New times", "created_at": "2000-01-01T00:00:00Z",
				"from": map[string]any{"starts_at": nil, "ends_at": nil}, "to": map[string]any{"starts_at": nil, "ends_at": nil}}},
		})
		method, _ := f.methods(values{"access_grant_id": id})[0].(map[string]any)
		requireEqual(t, "errors", method["errors"], "[map[created_at:2000-01-01T00:00:00Z error_code:failed_to_issue message:Not with **** remedy:check the lock's connection; hand out a backup code if it is urgent.]]")
		requireEqual(t, "warnings", attributeValues(method["warnings"], "warning_code"), "[delay_in_issuing]")
		requireEqual(t, "pending", attributeValues(method["pending_mutations"], "mutation_code"), "[updating_access_times]")
		f.requireNoSecrets()
	})
}

func TestAccessMethods_pinIsNullUntilAssigned(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.lock.OnCreate(seamtest.CreateBehavior{AssignAfter: time.Hour})
		id := f.grantOutside(values{"device_ids": []any{f.lock.ID}, "requested_access_methods": []any{values{"mode": "code"}}})
		code := func() string { return attributeValues(f.methods(values{"access_grant_id": id}), "code")[0] }
		requireEqual(t, "before", code(), "<nil>")
		advanceClock(2 * time.Hour)
		if pin := code(); !f.lock.Opens(pin) {
			t.Errorf("%s does not open the door", pin)
		}
	})
}

// A grant that is missing must not look like one without access methods.
func TestAccessMethods_needAGrant(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.requireReadError("seam_access_methods", values{"access_grant_id": missingID}, "Unable to read access methods", "no access grant "+missingID, "Check the id")
		f.requireReadError("seam_access_methods", values{"access_grant_key": "stay-9"}, "no access grant with access_grant_key stay-9", "Check the access_grant_key")
		for _, wrong := range []values{{}, {"access_grant_id": missingID, "access_grant_key": "stay-1"}, {"access_grant_id": ""}, {"access_grant_key": ""}} {
			if _, diags := f.ReadDataSource("seam_access_methods", wrong); !hasError(diags) {
				t.Errorf("%v is accepted", wrong)
			}
		}
		id := f.grantOutside(nil)
		f.seam.InjectFault(seamtest.Fault{Path: "/access_methods/list", Status: 500})
		f.requireReadError("seam_access_methods", values{"access_grant_id": id}, "Unable to read access methods", "HTTP 500", "Run again later")
	})
}

func TestAccessMethods_secretsAreInSensitiveAttributesOnly(t *testing.T) {
	withGrants(t, func(f *grantFixture) {
		f.seam.EchoSecrets(true)
		id := f.grantOutside(values{"requested_access_methods": []any{values{"mode": "code", "code": "73915824"}, values{"mode": "mobile_key"}}})
		for _, method := range f.seam.Objects("access_method") {
			f.seam.ChangeObject("access_method", method.ID, map[string]any{
				"errors": []any{map[string]any{"error_code": "failed_to_issue", "message": "No", "created_at": "2000-01-01T00:00:00Z"}},
			})
		}
		link := f.seam.Objects("instant_key")[0].Text("instant_key_url")
		got := f.mustReadDataSource("seam_access_methods", values{"access_grant_id": id})
		if text := f.PrintedText(got); !strings.Contains(text, canary) || !strings.Contains(text, link) {
			t.Error("the secrets are not shown where they are hidden")
		}
		for where, text := range printableText("seam_access_methods", f.Schemas().DataSourceSchemas["seam_access_methods"].Block.Attributes, got) {
			if strings.Contains(text, canary) || strings.Contains(text, link) {
				t.Errorf("%s shows %q", where, text)
			}
		}
		f.seam.InjectFault(seamtest.Fault{Path: "/access_methods/list", Status: 400, Type: "invalid_input", Message: "Not " + link})
		_, diags := f.ReadDataSource("seam_access_methods", values{"access_grant_id": id})
		f.requireError(diags, "Not ****")
		f.Diags = append(f.Diags, diags...)
		f.requireNoSecrets()
		if strings.Contains(f.writtenText(), link) {
			t.Error("the link is written somewhere")
		}
	})
}
