package seam

import (
	"context"
	"fmt"
	"iter"
	"slices"
)

// IdentityLink is the link of a user of an access system to a person.
type IdentityLink struct{ UserIdentityID, UserID string }

// ObjectID is the id of the user identity and that of the user, separated by a slash.
func (l IdentityLink) ObjectID() string { return l.String() }

func (l IdentityLink) String() string { return l.UserIdentityID + "/" + l.UserID }

// IdentityLinks are the links of the workspace.
var IdentityLinks = Links[IdentityLink]{
	Label: "link", IDs: "user_identity_id/acs_user_id", Missing: "the acs user is not linked to the user identity",
	Of: func(person, user string) IdentityLink { return IdentityLink{person, user} }, All: listIdentityLinks,
}

func listIdentityLinks(ctx context.Context, c *Client, filter map[string]any) iter.Seq2[IdentityLink, error] {
	return func(yield func(IdentityLink, error) bool) {
		for user, err := range AcsUsers.List(ctx, c, filter) {
			l := IdentityLink{user.UserIdentityID, user.ID}
			if err == nil && (l.UserIdentityID == "" || filter["user_identity_id"] != nil && filter["user_identity_id"] != l.UserIdentityID) {
				continue
			}
			if !yield(l, err) {
				return
			}
		}
	}
}

// create links a user to a person, and returns when Seam shows it. A user who is linked to the person
// already stays so.
func (l IdentityLink) create(ctx context.Context, c *Client) error {
	if err := c.LinkAcsUser(ctx, l.UserIdentityID, l.UserID, true); err != nil {
		return err
	}
	err := PollNow(ctx, func(ctx context.Context) (bool, error) { return l.read(ctx, c) })
	if err != nil {
		err = WrapAdvice(err, fmt.Sprintf("Seam does not show yet that acs user %s is linked to user identity %s: %v", l.UserID, l.UserIdentityID, err), Advice(err, "Apply again."))
	}
	return err
}

// delete ends a link, and returns when Seam does not show it any more. It is no error if there is no
// such user or person.
func (l IdentityLink) delete(ctx context.Context, c *Client) error {
	err := c.LinkAcsUser(ctx, l.UserIdentityID, l.UserID, false)
	if err != nil && !isGone(err, "acs_user") && !isGone(err, "user_identity") {
		return err
	}
	err = pollTwice(ctx, func(ctx context.Context) (bool, error) {
		linked, err := l.read(ctx, c)
		return err == nil && !linked, err
	})
	if err != nil {
		err = WrapAdvice(err, fmt.Sprintf("Seam still shows that acs user %s is linked to user identity %s: %v", l.UserID, l.UserIdentityID, err), Advice(err, "Run destroy again."))
	}
	return err
}

// exists reports whether a user is linked to a person. The list of all users, which many links share,
// answers if it says so.
func (l IdentityLink) exists(ctx context.Context, c *Client) (bool, error) {
	if c.bulkReads {
		if users, err := AcsUsers.All(ctx, c); err == nil && users[l.UserID].UserIdentityID == l.UserIdentityID {
			return true, nil
		}
	}
	return l.read(ctx, c)
}

// read asks for the user and for the users of the person. Both have to deny the link.
func (l IdentityLink) read(ctx context.Context, c *Client) (bool, error) {
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
