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
	ID          string    `json:"access_grant_id"`
	WorkspaceID string    `json:"workspace_id"`
	MethodIDs   []string  `json:"access_method_ids"`
	StartsAt    string    `json:"starts_at"`
	CreatedAt   time.Time `json:"created_at"`
}

// seedGrants creates people and a grant for each of them, and writes their state.
func (e *environment) seedGrants(ctx context.Context, n int) error {
	people, grants := make([]stateInstance, n), make([]stateInstance, n)
	for i := range n {
		person, err := e.createPerson(ctx, i)
		if err != nil {
			return err
		}
		people[i] = newPersonInstance(i, person)
		if grants[i], err = e.createGrant(ctx, i, person.ID); err != nil {
			return err
		}
	}
	return e.writeState(newStateResource("seam_user_identity", "person", people), newStateResource("seam_access_grant", "grant", grants))
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

// createGrant creates a grant with a PIN on one lock, and returns its state.
func (e *environment) createGrant(ctx context.Context, i int, person string) (stateInstance, error) {
	var made struct {
		AccessGrant accessGrant `json:"access_grant"`
	}
	err := e.call(ctx, "/access_grants/create", map[string]any{
		"user_identity_id": person, "device_ids": []string{e.lockOf(i)}, "requested_access_methods": []any{map[string]any{"mode": "code", "code": pinOf(i)}},
	}, &made)
	if err != nil {
		return stateInstance{}, err
	}
	var listed struct {
		AccessCodes []accessCode `json:"access_codes"`
	}
	err = e.call(ctx, "/access_codes/list", map[string]any{"access_grant_id": made.AccessGrant.ID}, &listed)
	return newGrantInstance(i, person, made.AccessGrant, listed.AccessCodes), err
}

// newGrantInstance has what the provider would have stored. If it has not, a plan shows it.
func newGrantInstance(i int, person string, g accessGrant, codes []accessCode) stateInstance {
	var locks []string
	var held []map[string]any
	for _, code := range codes {
		locks = append(locks, code.DeviceID)
		held = append(held, map[string]any{"access_code_id": code.ID, "device_id": code.DeviceID})
	}
	attributes := map[string]any{
		"id": g.ID, "workspace_id": g.WorkspaceID, "user_identity_id": person, "device_ids": locks,
		"requested_access_methods": []any{map[string]any{"mode": "code", "code": pinOf(i), "instant_key_max_use_count": nil}},
		"access_method_ids":        g.MethodIDs, "access_codes": held, "starts_at": g.StartsAt, "created_at": g.CreatedAt.Format(time.RFC3339Nano),
	}
	for _, null := range []string{
		"access_grant_key", "acs_entrance_ids", "code_wo", "code_wo_version", "customization_profile_id", "ends_at", "name", "removal",
		"reservation_key", "space_ids", "timeouts",
	} {
		attributes[null] = nil
	}
	first := map[string]any{"value": 0, "type": "number"}
	return stateInstance{
		IndexKey: i, Attributes: attributes, Dependencies: []string{"seam_user_identity.person"},
		SensitiveAttributes: [][]pathStep{{{"get_attr", "requested_access_methods"}, {"index", first}, {"get_attr", "code"}}},
	}
}
