package provider

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// rewriteResponse lets a test change the JSON of each answer to a path, errors aside.
func (h *harness) rewriteResponse(path string, change func(answer map[string]any)) *seamtest.InjectedFault {
	return h.seam.InjectFault(seamtest.Fault{Path: path, Replace: func(status int, body []byte) (int, []byte) {
		var answer map[string]any
		if status != 200 || json.Unmarshal(body, &answer) != nil {
			return status, body
		}
		change(answer)
		body, err := json.Marshal(answer)
		h.must(err)
		return status, body
	}})
}

func replaceField(field string, value any) func(map[string]any) {
	return func(answer map[string]any) {
		if code, ok := answer["access_code"].(map[string]any); ok {
			code[field] = value
		}
	}
}

var unexpectedValues = map[string]any{
	"name": 5, "pending_mutations": "x", "is_backup": "yes", "errors": map[string]any{}, "warnings": 7, "type": []any{}, "status": 1.5,
	"is_managed": "yes", "created_at": true, "device_id": 1, "common_code_key": map[string]any{}, "workspace_id": []any{1}, "pulled_backup_access_code_id": 4,
}

func TestAccessCode_createResponseWithAnUnexpectedFieldIsNotLost(t *testing.T) {
	for field, value := range unexpectedValues {
		for _, path := range []string{"/access_codes/create", "/access_codes/get"} {
			subtest(t, field+" on "+path, func(h *harness) {
				lagging := h.rewriteResponse("/access_codes/list", func(answer map[string]any) { answer["access_codes"] = []any{} })
				fault := h.rewriteResponse("/access_codes/create", replaceField(field, value))
				reads := h.rewriteResponse(path, replaceField(field, value))
				h.requireNoError(h.apply(guestConfig(h)))
				h.requireSingleCode()
				h.requireOpens("4821", true)
				h.requireRequests("/access_codes/create", 1)
				for _, f := range []*seamtest.InjectedFault{lagging, fault, reads} {
					f.Remove()
				}
				h.restart()
				h.requireSettled(guestConfig(h))
				h.mustDestroy("4821")
			})
		}
	}
}

// What verdicts rest on must not read as if all were well.
func TestAccessCode_malformedDecisiveFieldIsAnError(t *testing.T) {
	fields := named("code", "status", "is_managed", "pending_mutations", "errors", "pulled_backup_access_code_id", "device_id")
	forEach(t, fields, func(h *harness, field string) {
		h.requireNoError(h.apply(guestConfig(h).with(values{"timeouts": values{"delete": "1m"}})))
		fault := h.rewriteResponse("/access_codes/get", replaceField(field, 4821.5))
		h.disableBulkRead()
		h.requireStateUnchanged(func() { h.requireError(h.refresh(), "invalid values for access code "+h.id(), field) })
		h.requireStateUnchanged(func() { h.requireError(h.destroyWithoutRefresh(), "invalid values for access code "+h.id(), field) })
		h.requireOpens("4821", true)
		fault.Remove()
		h.mustDestroy("4821")
	})
}

func TestAccessCode_otherMalformedFieldsBlockNoRemoval(t *testing.T) {
	forEach(t, named("name", "type", "is_backup", "warnings", "common_code_key", "is_one_time_use"), func(h *harness, field string) {
		h.requireNoError(h.apply(guestConfig(h)))
		h.rewriteResponse("/access_codes/get", replaceField(field, 4821.5))
		h.mustDestroyInNextRun("4821")
	})
}

// addUnmanagedEntry adds an entry to the list of a lock's unmanaged codes.
func (h *harness) addUnmanagedEntry(entry any) *seamtest.InjectedFault {
	return h.rewriteResponse(strayPath, func(answer map[string]any) {
		listed, _ := answer["access_codes"].([]any)
		answer["access_codes"] = append(listed, entry)
	})
}

func TestAccessCode_malformedListEntriesDuringRemoval(t *testing.T) {
	const id = "0f2c8a14-52f0-4c58-9d2b-6f3c1f1e2a77"
	old := time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC).Format(time.RFC3339)
	type testCase struct {
		entry  any
		blocks string // what is said about it; empty if it does not block
	}
	forEach(t, map[string]testCase{
		"no object":                            {7, "no valid id"},
		"null":                                 {nil, "no valid id"},
		"an id of another type":                {map[string]any{"access_code_id": 7, "code": "9999", "created_at": old}, "no valid id"},
		"an id that looks like a PIN":          {map[string]any{"access_code_id": "4821", "created_at": old}, "no valid id"},
		"a PIN of another type, listed before": {map[string]any{"access_code_id": id, "code": 4821}, ""},
		"a PIN of another type, from before":   {map[string]any{"access_code_id": id, "code": 4821, "created_at": old}, ""},
		"a name of another type":               {map[string]any{"access_code_id": id, "code": "9999", "name": 5}, ""},
		"our PIN beside a malformed field":     {map[string]any{"access_code_id": id, "code": "4821", "name": 5, "is_managed": "no"}, id},
		"our PIN on a lock that is not named":  {map[string]any{"access_code_id": id, "code": "4821", "device_id": 5}, id},
	}, func(h *harness, test testCase) {
		h.requireNoError(h.apply(guestConfig(h).with(values{"timeouts": values{"delete": "2m"}})))
		fault := h.addUnmanagedEntry(test.entry)
		if test.blocks != "" {
			h.requireStateUnchanged(func() { h.requireError(h.destroy(), test.blocks, "not confirmed") })
			fault.Remove()
		}
		h.mustDestroy()
	})
}
