package main

import (
	"context"
	"encoding/json"
)

// One pass over the codes groups them: a reference from each resource to all codes would cost Terraform
// itself most of the time.
const hclExclusive = `
locals {
  codes_on = { for code in seam_access_code.code : code.device_id => code.id... }
}

resource "seam_device_access_codes_exclusive" "lock" {
  count            = length(local.locks)
  device_id        = local.locks[count.index]
  access_code_ids  = local.codes_on[local.locks[count.index]]
  access_grant_ids = [%q]
}
`

// seedExclusive creates codes, and a grant on all locks that no configuration manages, and writes the
// state of the codes and of what allows only them and the grant's code on each lock.
func (e *environment) seedExclusive(ctx context.Context, n int) error {
	codes, err := e.createCodes(ctx, n)
	if err != nil {
		return err
	}
	person, err := e.createPerson(ctx, 0)
	if err != nil {
		return err
	}
	var locks []string
	for _, lock := range e.locks {
		locks = append(locks, lock.ID)
	}
	grant, err := e.createGrant(ctx, person.ID, pinOf(n), locks)
	if err != nil {
		return err
	}
	e.grant = grant.ID
	codesOn := map[string][]string{}
	for _, code := range codes {
		codesOn[code.DeviceID] = append(codesOn[code.DeviceID], code.ID)
	}
	instances := make([]stateInstance, len(locks))
	for i, lock := range locks {
		instances[i] = newExclusiveInstance(i, grant, lock, codesOn[lock])
	}
	return e.writeState(newCodeResource(codes, ""), newStateResource("seam_device_access_codes_exclusive", "lock", instances))
}

// newExclusiveInstance has what the provider would have stored, with the token in its private state,
// because of which the framework handles it. If it has not, a plan shows it.
func newExclusiveInstance(i int, g accessGrant, lock string, codes []string) stateInstance {
	private, _ := json.Marshal(map[string][]byte{"claim": []byte(`"` + lock + `"`)})
	return stateInstance{
		IndexKey: i, Private: private, Dependencies: []string{"seam_access_code.code"},
		Attributes: map[string]any{
			"id": lock, "workspace_id": g.WorkspaceID, "device_id": lock, "access_code_ids": codes, "access_grant_ids": []string{g.ID},
			"strangers": map[string]any{},
		},
	}
}
