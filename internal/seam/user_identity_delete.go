package seam

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// IssuedTo are the IDs of what was issued to a person.
type IssuedTo struct {
	UserIDs          []string `json:"acs_users,omitempty"`
	CredentialIDs    []string `json:"acs_credentials,omitempty"`
	InstantKeyIDs    []string `json:"instant_keys,omitempty"`
	ClientSessionIDs []string `json:"client_sessions,omitempty"`

	// Cards are the ends of those credentials that are on a card or a phone from which a door may read the
	// rights, by their IDs; zero for no end that is known.
	Cards map[string]time.Time `json:"cards,omitempty"`
}

// count is the number of objects.
func (i *IssuedTo) count() int {
	return len(i.UserIDs) + len(i.CredentialIDs) + len(i.InstantKeyIDs) + len(i.ClientSessionIDs)
}

// Empty reports whether nothing was issued.
func (i *IssuedTo) Empty() bool { return i.count() == 0 }

// DeleteUserIdentity deletes a person, and returns when Seam answers that neither the person nor the
// person's users of access systems, nor the credentials, instant keys and client sessions that were
// issued to the person, exist any more. It fails if a card or a phone may still open a door.
// Seam lists nothing for a person who is gone, so their IDs are saved before the request, with those
// of an earlier run. One list may be out of date, and something may be issued in the meantime, so they
// are read twice before the request, and once more when everything is gone.
func (c *Client) DeleteUserIdentity(ctx context.Context, ref Ref, issued IssuedTo, save func(IssuedTo)) error {
	if err := c.checkWorkspace(ctx, ref.WorkspaceID); err != nil {
		return err
	}
	read := func() error {
		err := c.readIssued(ctx, ref.ID, &issued)
		save(issued)
		return err
	}
	for range 2 {
		if err := read(); err != nil {
			return err
		}
	}
	err := UserIdentities.Delete(ctx, c, ref)
	for known := -1; err == nil && known < issued.count(); {
		known = issued.count()
		if err = c.awaitIssuedGone(ctx, issued); err == nil {
			err = read()
		}
	}
	if err != nil {
		return err
	}
	return c.checkCardsEnded(ctx, issued.Cards)
}

// FindIssuedTo reads what was issued to a person, as far as Seam lists it. For a person who is gone it may
// list nothing.
func (c *Client) FindIssuedTo(ctx context.Context, person string) (issued IssuedTo, err error) {
	err = c.readIssued(ctx, person, &issued)
	return issued, err
}

// readIssued adds what was issued to a person.
func (c *Client) readIssued(ctx context.Context, person string, issued *IssuedTo) error {
	err := errors.Join(
		c.addUsers(ctx, person, issued), c.addCredentials(ctx, map[string]any{"user_identity_id": person}, issued, func(Credential) bool { return true }),
		addIssued(ctx, c, InstantKeys, person, &issued.InstantKeyIDs), addIssued(ctx, c, ClientSessions, person, &issued.ClientSessionIDs),
	)
	if err != nil {
		err = fmt.Errorf("listing what was issued to the user identity: %w", err)
	}
	return err
}

// addUsers adds the person's users of access systems, which the person and a list of users name, and
// their credentials: those may be older than the link to the person.
func (c *Client) addUsers(ctx context.Context, person string, issued *IssuedTo) error {
	identity, _, _, err := UserIdentities.LookUp(ctx, c, person)
	if err != nil {
		return err
	}
	listed, err := collect(AcsUsers.List(ctx, c, map[string]any{"user_identity_id": person}))
	if err != nil && !IsNotFound(err, "user_identity_not_found") {
		return err
	}
	listed = slices.DeleteFunc(listed, func(u AcsUser) bool { return u.UserIdentityID != person })
	addNew(&issued.UserIDs, slices.Concat(identity.AcsUserIDs, IDsOf(listed)))
	for _, user := range issued.UserIDs {
		if err := c.addCredentials(ctx, map[string]any{"acs_user_id": user}, issued, func(one Credential) bool { return one.UserID == user }); err != nil {
			return err
		}
	}
	return nil
}

// addCredentials adds the credentials of a list that are the person's.
func (c *Client) addCredentials(ctx context.Context, filter map[string]any, issued *IssuedTo, is func(Credential) bool) error {
	listed, err := collect(Credentials.List(ctx, c, filter))
	if err != nil && !IsNotFound(err, "user_identity_not_found") && !IsNotFound(err, "acs_user_not_found") {
		return err
	}
	for _, one := range listed {
		if !is(one) {
			continue
		}
		addNew(&issued.CredentialIDs, []string{one.ID})
		if err := c.addCard(ctx, one, issued); err != nil {
			return err
		}
	}
	return nil
}

// addCard adds a credential that is on a card or a phone from which a door may read the rights.
func (c *Client) addCard(ctx context.Context, one Credential, issued *IssuedTo) error {
	if !one.IsOnCard() {
		return nil
	}
	offline, err := c.SystemReadsCards(ctx, one.SystemID)
	if err != nil || !offline {
		return err
	}
	ends := one.CardEnd()
	if before, known := issued.Cards[one.ID]; known {
		ends = LaterEnd(before, ends)
	}
	if issued.Cards == nil {
		issued.Cards = map[string]time.Time{}
	}
	issued.Cards[one.ID] = ends
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

// awaitIssuedGone waits until Seam answers that nothing of what was issued is left.
func (c *Client) awaitIssuedGone(ctx context.Context, issued IssuedTo) error {
	return errors.Join(awaitGone(ctx, c, AcsUsers, issued.UserIDs), awaitGone(ctx, c, Credentials, issued.CredentialIDs), awaitGone(ctx, c, InstantKeys, issued.InstantKeyIDs), awaitGone(ctx, c, ClientSessions, issued.ClientSessionIDs))
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

// checkCardsEnded fails if a card or a phone may still open a door.
func (c *Client) checkCardsEnded(ctx context.Context, cards map[string]time.Time) error {
	valid := slices.DeleteFunc(slices.Sorted(maps.Keys(cards)), func(id string) bool { return !cards[id].IsZero() && c.IsPast(ctx, cards[id]) })
	if len(valid) == 0 {
		return nil
	}
	return NewAdvice(
		fmt.Sprintf("Seam answers that the user identity is deleted with everything that was issued to it, but the revocation of acs credential %s (issued) is not provable: a door of this access system may read the rights from the card or phone, and accept them until they end.", strings.Join(valid, ", ")),
		"Collect the card, or have the doors updated with the access system's own tools, then remove the user identity from the state with "+Step{Kind: StepForget}.String()+". Destroy succeeds once the card has ended, if it ends.")
}
