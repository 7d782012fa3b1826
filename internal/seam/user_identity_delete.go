package seam

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// IssuedTo are the IDs of what was issued to a person.
type IssuedTo struct {
	UserIDs          []string `json:"acs_users,omitempty"`
	CredentialIDs    []string `json:"acs_credentials,omitempty"`
	InstantKeyIDs    []string `json:"instant_keys,omitempty"`
	ClientSessionIDs []string `json:"client_sessions,omitempty"`
}

// DeleteUserIdentity deletes a person, and returns when Seam answers that neither the person nor the
// person's users of access systems, nor the credentials, instant keys and client sessions that were
// issued to the person, exist any more.
// Seam lists nothing for a person who is gone, so their IDs are saved before the request, with those
// of an earlier run.
func (c *Client) DeleteUserIdentity(ctx context.Context, ref Ref, issued IssuedTo, save func(IssuedTo)) error {
	if err := c.checkWorkspace(ctx, ref.WorkspaceID); err != nil {
		return err
	}
	err := errors.Join(c.addUsers(ctx, ref.ID, &issued), addIssued(ctx, c, Credentials, ref.ID, &issued.CredentialIDs), addIssued(ctx, c, InstantKeys, ref.ID, &issued.InstantKeyIDs), addIssued(ctx, c, ClientSessions, ref.ID, &issued.ClientSessionIDs))
	if err != nil {
		return fmt.Errorf("listing what was issued to the user identity: %w", err)
	}
	save(issued)
	if err := UserIdentities.Delete(ctx, c, ref); err != nil {
		return err
	}
	return errors.Join(awaitGone(ctx, c, AcsUsers, issued.UserIDs), awaitGone(ctx, c, Credentials, issued.CredentialIDs), awaitGone(ctx, c, InstantKeys, issued.InstantKeyIDs), awaitGone(ctx, c, ClientSessions, issued.ClientSessionIDs))
}

// addUsers adds the person's users of access systems, which the person and a list of users name, and
// their credentials: those may be older than the link to the person.
func (c *Client) addUsers(ctx context.Context, person string, issued *IssuedTo) error {
	identity, gone, _, err := UserIdentities.LookUp(ctx, c, person)
	if err != nil || gone {
		return err
	}
	listed, err := collect(AcsUsers.List(ctx, c, map[string]any{"user_identity_id": person}))
	if err != nil {
		return err
	}
	listed = slices.DeleteFunc(listed, func(u AcsUser) bool { return u.UserIdentityID != person })
	addNew(&issued.UserIDs, slices.Concat(identity.AcsUserIDs, IDsOf(listed)))
	for _, user := range issued.UserIDs {
		credentials, err := collect(Credentials.List(ctx, c, map[string]any{"acs_user_id": user}))
		if err != nil && !IsNotFound(err, "acs_user_not_found") {
			return err
		}
		credentials = slices.DeleteFunc(credentials, func(one Credential) bool { return one.UserID != user })
		addNew(&issued.CredentialIDs, IDsOf(credentials))
	}
	return nil
}

func addNew(ids *[]string, more []string) {
	for _, id := range more {
		if !slices.Contains(*ids, id) {
			*ids = append(*ids, id)
		}
	}
}

// addIssued adds the objects that were issued to a person.
func addIssued[T Object, In any](ctx context.Context, c *Client, e Endpoint[T, In], person string, ids *[]string) error {
	listed, err := collect(e.List(ctx, c, map[string]any{"user_identity_id": person}))
	if IsNotFound(err, "user_identity_not_found") {
		return nil
	}
	addNew(ids, IDsOf(listed))
	return err
}

// awaitGone waits until Seam answers that there are no such objects.
func awaitGone[T Object, In any](ctx context.Context, c *Client, e Endpoint[T, In], ids []string) error {
	for _, id := range ids {
		err := pollTwice(ctx, func(ctx context.Context) (bool, error) {
			_, gone, _, err := e.LookUp(ctx, c, id)
			return gone, err
		})
		if err != nil {
			return WrapAdvice(err, fmt.Sprintf("The user identity is deleted, but %s %s, which was issued to it, is still there: %v", label(e.One), id, err), "Run destroy again to wait longer, or delete it in the Seam console.")
		}
	}
	return nil
}
