package main

import (
	"context"
	"fmt"
	"time"
)

const hclGrants = `
resource "seam_user_identity" "person" {
  count             = %d
  user_identity_key = "person-${count.index}"
  full_name         = "Person ${count.index}"
}

resource "seam_access_grant" "grant" {
  count            = %d
  user_identity_id = seam_user_identity.person[count.index].id
  device_ids       = [local.locks[count.index %% length(local.locks)]]
  requested_access_methods = [{
    mode = "code"
    code = tostring(%d + count.index)
  }]
}
`

// userIdentity is what the state keeps of Seam's answer.
type userIdentity struct {
	ID          string    `json:"user_identity_id"`
	WorkspaceID string    `json:"workspace_id"`
	Key         string    `json:"user_identity_key"`
	FullName    string    `json:"full_name"`
	DisplayName string    `json:"display_name"`
	CreatedAt   time.Time `json:"created_at"`
}

// accessGrant is what the state keeps of Seam's answer.
type accessGrant struct {
	ID             string    `json:"access_grant_id"`
	WorkspaceID    string    `json:"workspace_id"`
	UserIdentityID string    `json:"user_identity_id"`
	MethodIDs      []string  `json:"access_method_ids"`
	StartsAt       string    `json:"starts_at"`
	CreatedAt      time.Time `json:"created_at"`
}

// seedGrants creates people and a grant for each of them, and writes their state.
func (e *environment) seedGrants(ctx context.Context, n int) error {
	people, grants := make([]userIdentity, n), make([]accessGrant, n)
	for i := range n {
		var err error
		if people[i], err = e.createPerson(ctx, i); err != nil {
			return err
		}
		if grants[i], err = e.createGrant(ctx, people[i].ID, pinOf(i), []string{e.lockOf(i)}); err != nil {
			return err
		}
	}
	codes, err := e.codesByPIN(ctx)
	if err != nil {
		return err
	}
	personInstances, grantInstances := make([]stateInstance, n), make([]stateInstance, n)
	for i := range n {
		personInstances[i], grantInstances[i] = newPersonInstance(i, people[i]), newGrantInstance(i, grants[i], codes[pinOf(i)])
	}
	return e.writeState(newStateResource("seam_user_identity", "person", personInstances), newStateResource("seam_access_grant", "grant", grantInstances))
}

func (e *environment) createPerson(ctx context.Context, i int) (userIdentity, error) {
	var made struct {
		UserIdentity userIdentity `json:"user_identity"`
	}
	err := e.call(ctx, "/user_identities/create", map[string]any{"user_identity_key": fmt.Sprint("person-", i), "full_name": fmt.Sprint("Person ", i)}, &made)
	return made.UserIdentity, err
}

func newPersonInstance(i int, u userIdentity) stateInstance {
	return stateInstance{IndexKey: i, Attributes: map[string]any{
		"id": u.ID, "workspace_id": u.WorkspaceID, "user_identity_key": u.Key, "full_name": u.FullName, "display_name": u.DisplayName,
		"created_at": u.CreatedAt.Format(time.RFC3339Nano), "email_address": nil, "phone_number": nil, "force_destroy": nil, "timeouts": nil,
	}}
}

// createGrant creates a grant with a PIN on locks.
func (e *environment) createGrant(ctx context.Context, person, pin string, locks []string) (accessGrant, error) {
	var made struct {
		AccessGrant accessGrant `json:"access_grant"`
	}
	err := e.call(ctx, "/access_grants/create", map[string]any{
		"user_identity_id": person, "device_ids": locks, "requested_access_methods": []any{map[string]any{"mode": "code", "code": pin}},
	}, &made)
	return made.AccessGrant, err
}

// codesByPIN lists the codes of all locks. A list for each grant would take the fake much longer.
func (e *environment) codesByPIN(ctx context.Context) (map[string]accessCode, error) {
	codes := map[string]accessCode{}
	for _, lock := range e.locks {
		var listed struct {
			AccessCodes []accessCode `json:"access_codes"`
		}
		if err := e.call(ctx, "/access_codes/list", map[string]any{"device_id": lock.ID}, &listed); err != nil {
			return nil, err
		}
		for _, code := range listed.AccessCodes {
			codes[code.Code] = code
		}
	}
	return codes, nil
}

// newGrantInstance has what the provider would have stored. If it has not, a plan shows it.
func newGrantInstance(i int, g accessGrant, code accessCode) stateInstance {
	attributes := map[string]any{
		"id": g.ID, "workspace_id": g.WorkspaceID, "user_identity_id": g.UserIdentityID, "device_ids": []string{code.DeviceID},
		"requested_access_methods": []any{map[string]any{"mode": "code", "code": pinOf(i), "instant_key_max_use_count": nil}},
		"access_codes":             []any{map[string]any{"access_code_id": code.ID, "device_id": code.DeviceID}},
		"access_method_ids":        g.MethodIDs, "starts_at": g.StartsAt, "created_at": g.CreatedAt.Format(time.RFC3339Nano),
	}
	first := map[string]any{"value": 0, "type": "number"}
	return stateInstance{
		IndexKey: i, Attributes: attributes, Dependencies: []string{"seam_user_identity.person"},
		SensitiveAttributes: [][]pathStep{{{"get_attr", "requested_access_methods"}, {"index", first}, {"get_attr", "code"}}},
	}
}
