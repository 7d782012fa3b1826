package removal

import (
	"context"
	"slices"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

const kindAcsCredential = "acs credential"

// AcsCredential is a credential of an access system as the state has it.
type AcsCredential struct {
	ID, UserID, SystemID, AccessMethod string
	CreatedAt                          time.Time
	EndsAt                             time.Time // zero for no end
}

// acsCredential is a credential as a removal target. It counts as gone when all credentials that were
// made from it are gone too.
type acsCredential struct {
	*systemAccess
	AcsCredential
}

// RemoveAcsCredential removes a credential. It returns nil only if its removal is proven to the extent
// that its mode requires.
func RemoveAcsCredential(ctx context.Context, client *seam.Client, credential AcsCredential, o Options) error {
	target := newAcsCredential(newState(client, o), credential)
	return newRemoval(target.state, target).run(ctx)
}

// ReadAcsCredential is [ReadAccessCode] for a credential.
func ReadAcsCredential(ctx context.Context, client *seam.Client, credential AcsCredential, o Options) (seam.Credential, error) {
	target := newAcsCredential(newState(client, o), credential)
	return readOrVerdict(ctx, target.state, target, seam.Credentials, time.Time{})
}

func newAcsCredential(s *state, credential AcsCredential) *acsCredential {
	t := newSystemAccess(s, kindAcsCredential, credential.ID, credential.SystemID, credential.CreatedAt)
	t.listFor(credential.UserID)
	t.owns = func(c seam.Credential) bool {
		return c.ID == credential.ID || c.ParentID == credential.ID || t.knows(c.ParentID)
	}
	return &acsCredential{t, credential}
}

// listFor sets whose credentials are read.
func (t *systemAccess) listFor(userID string) {
	t.filter = map[string]any{"acs_user_id": userID}
	if userID == "" { // it was unassigned
		t.filter = map[string]any{"acs_system_id": t.systemID}
	}
}

// knows reports whether a credential was noted.
func (t *systemAccess) knows(id string) bool {
	return slices.ContainsFunc(t.Checkpoint.Credentials, func(c IssuedCredential) bool { return c.ID == id })
}

// Look reads what was made from the credential before the request, also if Seam answers that there is no
// such credential: that may be out of date.
func (t *acsCredential) Look(ctx context.Context, _ time.Duration) (Lookup, error) {
	credential, gone, a, err := seam.Credentials.LookUp(ctx, t.Client, t.id)
	if err != nil {
		return Lookup{}, err
	}
	if t.requested[t.id] {
		if gone {
			return t.lookAfter(ctx, a, proofOf("/acs/credentials/get "+t.id, a, "no such acs credential"))
		}
		return Lookup{At: a.At, Removing: credential.BeingRemoved()}, t.askAgain(ctx, a.At, credential.BeingRemoved(), t.Delete)
	}
	if gone {
		err = t.noteUnseen(ctx)
	} else {
		t.listFor(credential.UserID) // it may have another user than the state shows
		err = t.note(ctx, credential)
	}
	if err == nil {
		_, err = t.readCredentials(ctx)
	}
	if err != nil && (!gone || !seam.IsNotFound(err, "acs_user_not_found")) {
		return Lookup{}, err
	}
	return Lookup{At: a.At, Removing: credential.BeingRemoved()}, nil
}

// noteUnseen notes the credential as the state has it. Whether it was issued is not known then.
func (t *acsCredential) noteUnseen(ctx context.Context) error {
	t.Checkpoint.CredentialsRead = true
	if t.knows(t.id) {
		return nil
	}
	return t.note(ctx, seam.Credential{ID: t.id, AccessMethod: t.AccessMethod, EndsAt: seam.Timestamp{Time: t.EndsAt}})
}

// Delete reads once more what was made from the credential: the list before may have been out of date.
func (t *acsCredential) Delete(ctx context.Context) (attemptID string, err error) {
	_, err = t.readCredentials(ctx)
	if err != nil && !seam.IsNotFound(err, "acs_user_not_found") {
		return "", err
	}
	t.Save(t.Checkpoint)
	err = seam.Credentials.RequestDeletion(ctx, t.Client, t.id)
	if isNotFound(err) {
		err = t.deleteCredentials(ctx)
	}
	return "", err
}

// Check asks again about the credential, as one of those that end with it.
func (t *acsCredential) Check(ctx context.Context) (Evidence, error) {
	if err := t.noteUnseen(ctx); err != nil {
		return Evidence{}, err
	}
	return t.check(ctx, t, nil)
}

func (t *acsCredential) FindEvent(ctx context.Context) (*Proof, string, error) {
	return t.findEvent(ctx, "acs_credential")
}

func (t *acsCredential) Diagnose(ctx context.Context) []string { return t.describeLeft(ctx) }
