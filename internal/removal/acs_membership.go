package removal

import (
	"context"
	"fmt"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

const kindMembership = "acs access group membership"

// acsMembership is a user in an access group as a removal target.
type acsMembership struct {
	*systemAccess
	seam.Membership
}

// RemoveAcsMembership takes a user out of an access group. It returns nil only if that is proven to the
// extent that its mode requires.
func RemoveAcsMembership(ctx context.Context, client *seam.Client, m seam.Membership, o Options) error {
	target := newAcsMembership(newState(client, o), m)
	return newRemoval(target.state, target).run(ctx)
}

// VerifyAcsMembership checks, without a request, that a user who is not in an access group any more is
// really out of it. Its errors are those of [ReadAccessCode].
func VerifyAcsMembership(ctx context.Context, client *seam.Client, m seam.Membership, o Options) error {
	target := newAcsMembership(newState(client, o), m)
	return verdict(ctx, target.state, target, time.Time{})
}

func newAcsMembership(s *state, m seam.Membership) *acsMembership {
	return &acsMembership{newSystemAccess(s, kindMembership, m.String(), "", time.Time{}), m}
}

func (t *acsMembership) Look(ctx context.Context, _ time.Duration) (Lookup, error) {
	now, err := t.ReadMembership(ctx, t.Membership)
	seen := Lookup{At: now.At, Removing: now.Removing}
	if err != nil || !t.requested[t.id] || !now.Gone() {
		if err == nil && t.requested[t.id] {
			err = t.askAgain(ctx, now.At, now.Removing, t.Delete)
		}
		return seen, err
	}
	proof := t.proof(now)
	seen.Gone, seen.Proof = true, &proof
	return seen, nil
}

// proof says what shows that the user is not in the group.
func (t *acsMembership) proof(now seam.MembershipState) Proof {
	switch {
	case now.NoUser:
		return proofOf("/acs/users/get "+t.UserID, now.ResponseMeta, "no such acs user")
	case now.NoGroup:
		return proofOf("/acs/access_groups/get "+t.GroupID, now.ResponseMeta, "no such acs access group")
	}
	return proofOf("/acs/access_groups/list_users "+t.GroupID, now.ResponseMeta, "the user is not in the group, and nothing is pending")
}

func (t *acsMembership) Delete(ctx context.Context) (attemptID string, err error) {
	return "", t.RemoveFromGroup(ctx, t.Membership)
}

// Check asks again: one answer may have been out of date.
func (t *acsMembership) Check(ctx context.Context) (Evidence, error) {
	now, err := t.ReadMembership(ctx, t.Membership)
	if err != nil {
		return Evidence{}, err
	}
	if !now.Gone() {
		return Evidence{}, t.residual(t, fmt.Sprintf("acs user %s is still in acs access group %s", t.UserID, t.GroupID), "Run destroy again: it asks Seam again.")
	}
	return Evidence{Proofs: []Proof{t.proof(now)}, Grade: GradeSeam}, nil
}

// FindEvent never finds an event: Seam has none for memberships.
func (t *acsMembership) FindEvent(context.Context) (*Proof, string, error) {
	return nil, "of the membership, which Seam does not have", nil
}

// Caveats tells of cards that hold the rights of the group until they are written again.
func (t *acsMembership) Caveats(ctx context.Context) []Caveat {
	cards, err := t.OutdatedCards(ctx, t.UserID)
	switch {
	case err != nil && !seam.IsNotFound(err, "acs_user_not_found"):
		return []Caveat{{"Cards not compared", fmt.Sprintf("Acs user %s is out of acs access group %s. Whether a card of the user has to be written again could not be read: %v\n\nUntil it is written again, such a card may open what the group opens. Look at the credentials of the user in the Seam console.", t.UserID, t.GroupID, err)}}
	case len(cards) == 0:
		return nil
	}
	return []Caveat{{"Card has to be written again", fmt.Sprintf("Acs user %s is out of acs access group %s, but acs credential %s has to be written again (needs_to_be_reissued): until then its card or phone may open what the group opens.\n\nWrite the card at an encoder, or collect it.", t.UserID, t.GroupID, seam.JoinLimited(cards))}}
}

func (t *acsMembership) Diagnose(ctx context.Context) []string {
	now, err := t.ReadMembership(ctx, t.Membership)
	switch {
	case err != nil || now.Gone():
		return nil
	case now.Deferred != "":
		return []string{fmt.Sprintf("Seam takes the user out of the group later, by an access schedule (%s).", now.Deferred)}
	case now.Removing:
		return []string{"The access system has not confirmed yet that the user left the group."}
	}
	return []string{"The user is still in the group. If that stays so, take the user out in the access system, then run destroy again."}
}
