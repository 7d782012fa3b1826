package removal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

const kindAcsUser = "acs user"

// AcsUser is a user of an access system as the state has it.
type AcsUser struct {
	ID, SystemID string
	CreatedAt    time.Time
}

// acsUser is a user of an access system as a removal target. The user counts as gone when all
// credentials of the user are gone too.
type acsUser struct{ *systemAccess }

// RemoveAcsUser removes a user. It returns nil only if the removal of the user and of all credentials
// is proven to the extent that its mode requires.
func RemoveAcsUser(ctx context.Context, client *seam.Client, user AcsUser, o Options) error {
	target := newAcsUser(newState(client, o), user)
	return newRemoval(target.state, target).run(ctx)
}

// ReadAcsUser is [ReadAccessCode] for a user.
func ReadAcsUser(ctx context.Context, client *seam.Client, user AcsUser, o Options) (seam.AcsUser, error) {
	target := newAcsUser(newState(client, o), user)
	return readOrVerdict(ctx, target.state, target, seam.AcsUsers, time.Time{})
}

func isNotFound(err error) bool {
	_, gone := errors.AsType[*seam.NotFoundError](err)
	return gone
}

func newAcsUser(s *state, user AcsUser) *acsUser {
	t := newSystemAccess(s, kindAcsUser, user.ID, user.SystemID, user.CreatedAt)
	t.filter = map[string]any{"acs_user_id": user.ID}
	t.owns = func(c seam.Credential) bool { return c.UserID == user.ID }
	return &acsUser{t}
}

// Look reads the credentials before the request, also if Seam answers that there is no such user: that
// may be out of date.
func (t *acsUser) Look(ctx context.Context, _ time.Duration) (Lookup, error) {
	user, gone, a, err := seam.AcsUsers.LookUp(ctx, t.Client, t.id)
	if err != nil {
		return Lookup{}, err
	}
	if t.requested[t.id] {
		if gone {
			return t.lookAfter(ctx, a, proofOf("/acs/users/get "+t.id, a, "no such acs user"))
		}
		return Lookup{At: a.At, Removing: user.BeingRemoved(), Undeletable: t.refusal(user)}, t.askAgain(ctx, a.At, user.BeingRemoved(), t.Delete)
	}
	if _, err := t.readCredentials(ctx); err != nil && (!gone || !seam.IsNotFound(err, "acs_user_not_found")) {
		return Lookup{}, err
	}
	t.Checkpoint.CredentialsRead = t.Checkpoint.CredentialsRead || !gone
	return Lookup{At: a.At, Removing: user.BeingRemoved()}, nil
}

// refusal is the error that the access system does not delete the user.
func (t *acsUser) refusal(user seam.AcsUser) error {
	if !user.FailedToDelete(t.Checkpoint.DeleteRequests[t.id].At) {
		return nil
	}
	return seam.WrapAdvice(ErrRefused, fmt.Sprintf("The access system refuses to delete acs user %s: failed_to_delete_on_acs_system.", t.id),
		"Delete the user in the access system, or correct what it complains about. Then run destroy again.")
}

// Delete reads the credentials once more right before the request: the list before may have been out of
// date, and there may be new ones.
func (t *acsUser) Delete(ctx context.Context) (attemptID string, err error) {
	_, err = t.readCredentials(ctx)
	if err != nil && !seam.IsNotFound(err, "acs_user_not_found") {
		return "", err
	}
	t.Save(t.Checkpoint)
	err = seam.AcsUsers.RequestDeletion(ctx, t.Client, t.id)
	if isNotFound(err) {
		err = t.deleteCredentials(ctx)
	}
	return "", err
}

// Check looks for credentials that no run has read while the user was there in the list of the access
// system: Seam may list none for a user who is gone.
func (t *acsUser) Check(ctx context.Context) (Evidence, error) {
	if !t.Checkpoint.CredentialsRead {
		t.filter = map[string]any{"acs_system_id": t.systemID}
	}
	return t.check(ctx, t, func(ctx context.Context) (bool, Proof, error) {
		_, gone, a, err := seam.AcsUsers.LookUp(ctx, t.Client, t.id)
		return gone, proofOf("/acs/users/get "+t.id, a, "no such acs user"), err
	})
}

func (t *acsUser) FindEvent(ctx context.Context) (*Proof, string, error) {
	return t.findEvent(ctx, "acs_user")
}

func (t *acsUser) Diagnose(ctx context.Context) []string {
	user, gone, _, err := seam.AcsUsers.LookUp(ctx, t.Client, t.id)
	if err != nil || gone {
		return t.describeLeft(ctx)
	}
	return append([]string{"Seam still has the user."}, t.DescribeAll(append(user.Errors, user.Warnings...))...)
}
