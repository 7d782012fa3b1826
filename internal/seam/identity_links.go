package seam

import (
	"context"
	"fmt"
	"slices"
)

// IdentityLink is the link of a user of an access system to a person.
type IdentityLink struct{ UserIdentityID, UserID string }

// ObjectID is the id of the user identity and that of the user, separated by a slash.
func (l IdentityLink) ObjectID() string { return l.String() }

func (l IdentityLink) String() string { return l.UserIdentityID + "/" + l.UserID }

// CreateLink links a user to a person, and returns when Seam shows it. A user who is linked to the person
// already stays so.
func (c *Client) CreateLink(ctx context.Context, l IdentityLink) error {
	if err := c.LinkAcsUser(ctx, l.UserIdentityID, l.UserID, true); err != nil {
		return err
	}
	err := PollNow(ctx, func(ctx context.Context) (bool, error) { return c.readLink(ctx, l) })
	if err != nil {
		err = WrapAdvice(err, fmt.Sprintf("Seam does not show yet that acs user %s is linked to user identity %s: %v", l.UserID, l.UserIdentityID, err), Advice(err, "Apply again."))
	}
	return err
}

// DeleteLink ends a link, and returns when Seam does not show it any more. It is no error if there is no
// such user or person.
func (c *Client) DeleteLink(ctx context.Context, l IdentityLink) error {
	err := c.LinkAcsUser(ctx, l.UserIdentityID, l.UserID, false)
	if err != nil && !isGone(err, "acs_user") && !isGone(err, "user_identity") {
		return err
	}
	err = pollTwice(ctx, func(ctx context.Context) (bool, error) {
		linked, err := c.readLink(ctx, l)
		return err == nil && !linked, err
	})
	if err != nil {
		err = WrapAdvice(err, fmt.Sprintf("Seam still shows that acs user %s is linked to user identity %s: %v", l.UserID, l.UserIdentityID, err), Advice(err, "Run destroy again."))
	}
	return err
}

// HasLink reports whether a user is linked to a person. The list of all users, which many links share,
// answers if it says so.
func (c *Client) HasLink(ctx context.Context, l IdentityLink) (bool, error) {
	if c.bulkReads {
		if users, err := AcsUsers.All(ctx, c); err == nil && users[l.UserID].UserIdentityID == l.UserIdentityID {
			return true, nil
		}
	}
	return c.readLink(ctx, l)
}

// readLink asks for the user and for the users of the person. Both have to deny the link.
func (c *Client) readLink(ctx context.Context, l IdentityLink) (bool, error) {
	user, gone, _, err := AcsUsers.LookUp(ctx, c, l.UserID)
	if err != nil || gone || user.UserIdentityID == l.UserIdentityID {
		return err == nil && !gone, err
	}
	users, err := listUsers(ctx, c, UserIdentities, "/list_acs_users", l.UserIdentityID)
	if isGone(err, "user_identity") {
		return false, nil
	}
	return slices.ContainsFunc(users, func(u AcsUser) bool { return u.ID == l.UserID }), err
}
