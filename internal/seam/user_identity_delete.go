package seam

import (
	"context"
	"errors"
	"fmt"
)

// DeleteUserIdentity deletes a person, and returns when Seam answers that neither the person nor
// the credentials, instant keys and client sessions that were issued to the person exist any more.
func (c *Client) DeleteUserIdentity(ctx context.Context, ref Ref) error {
	if err := c.checkWorkspace(ctx, ref.WorkspaceID); err != nil {
		return err
	}
	filter := map[string]any{"user_identity_id": ref.ID}
	credentials, err := collect(Credentials.List(ctx, c, filter))
	if err != nil {
		return fmt.Errorf("listing what was issued to the user identity: %w", err)
	}
	keys, err := collect(InstantKeys.List(ctx, c, filter))
	if err != nil {
		return fmt.Errorf("listing what was issued to the user identity: %w", err)
	}
	sessions, err := collect(ClientSessions.List(ctx, c, filter))
	if err != nil {
		return fmt.Errorf("listing what was issued to the user identity: %w", err)
	}
	if err := UserIdentities.Delete(ctx, c, ref); err != nil {
		return err
	}
	return errors.Join(awaitGone(ctx, c, Credentials, credentials), awaitGone(ctx, c, InstantKeys, keys), awaitGone(ctx, c, ClientSessions, sessions))
}

// awaitGone waits until Seam answers that there are no such objects.
func awaitGone[T Object, In any](ctx context.Context, c *Client, e Endpoint[T, In], objects []T) error {
	for _, id := range IDsOf(objects) {
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
