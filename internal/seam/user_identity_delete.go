package seam

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// IssuedTo are the IDs of what was issued to a person.
type IssuedTo struct {
	CredentialIDs    []string `json:"acs_credentials,omitempty"`
	InstantKeyIDs    []string `json:"instant_keys,omitempty"`
	ClientSessionIDs []string `json:"client_sessions,omitempty"`
}

// DeleteUserIdentity deletes a person, and returns when Seam answers that neither the person nor
// the credentials, instant keys and client sessions that were issued to the person exist any more.
// Seam lists nothing for a person who is gone, so their IDs are saved before the request, with those
// of an earlier run.
func (c *Client) DeleteUserIdentity(ctx context.Context, ref Ref, issued IssuedTo, save func(IssuedTo)) error {
	if err := c.checkWorkspace(ctx, ref.WorkspaceID); err != nil {
		return err
	}
	err := errors.Join(addIssued(ctx, c, Credentials, ref.ID, &issued.CredentialIDs), addIssued(ctx, c, InstantKeys, ref.ID, &issued.InstantKeyIDs), addIssued(ctx, c, ClientSessions, ref.ID, &issued.ClientSessionIDs))
	if err != nil {
		return fmt.Errorf("listing what was issued to the user identity: %w", err)
	}
	save(issued)
	if err := UserIdentities.Delete(ctx, c, ref); err != nil {
		return err
	}
	return errors.Join(awaitGone(ctx, c, Credentials, issued.CredentialIDs), awaitGone(ctx, c, InstantKeys, issued.InstantKeyIDs), awaitGone(ctx, c, ClientSessions, issued.ClientSessionIDs))
}

// addIssued adds the objects that were issued to a person.
func addIssued[T Object, In any](ctx context.Context, c *Client, e Endpoint[T, In], person string, ids *[]string) error {
	listed, err := collect(e.List(ctx, c, map[string]any{"user_identity_id": person}))
	if IsNotFound(err, "user_identity_not_found") {
		return nil
	}
	for _, id := range IDsOf(listed) {
		if !slices.Contains(*ids, id) {
			*ids = append(*ids, id)
		}
	}
	return err
}

// awaitGone waits until Seam answers that there are no such objects.
func awaitGone[T Object, In any](ctx context.Context, c *Client, e Endpoint[T, In], ids []string) error {
	for _, id := range ids {
		err := PollNow(ctx, func(ctx context.Context) (bool, error) {
			_, gone, _, err := e.LookUp(ctx, c, id)
			return gone, err
		})
		if err != nil {
			return WrapAdvice(err, fmt.Sprintf("The user identity is deleted, but %s %s, which was issued to it, is still there: %v", label(e.One), id, err), "Run destroy again to wait longer, or delete it in the Seam console.")
		}
	}
	return nil
}
