package removal

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// IssuedCredential is a credential of an access system that a removal ends. It is read before the
// request, because Seam may list nothing for a user who is gone.
type IssuedCredential struct {
	ID           string    `json:"acs_credential_id"`
	AccessMethod string    `json:"access_method"`
	EndsAt       time.Time `json:"ends_at,omitzero"`  // what is on the card or phone; zero for no end that is known
	OnCard       bool      `json:"on_card,omitempty"` // it was issued, and doors may read its rights from the card or phone
}

// GradedCredential is a credential in a receipt.
type GradedCredential struct {
	ID           string `json:"acs_credential_id"`
	AccessMethod string `json:"access_method"`
	Grade        Grade  `json:"grade"`
}

func (c IssuedCredential) grade() Grade {
	if c.OnCard {
		return GradeExpired
	}
	return GradeSeam
}

// systemAccess is what the removals of a user of an access system and of a credential share: the
// credentials that end with it.
type systemAccess struct {
	*state
	id, kind  string
	systemID  string
	createdAt time.Time
	filter    map[string]any             // of the list of the credentials
	owns      func(seam.Credential) bool // servers may ignore the filter
	gone      map[string]bool            // on Seam's typed 404
	proofs    []Proof
	again     bool // the delete request was repeated
}

func newSystemAccess(s *state, kind, id, systemID string, createdAt time.Time) *systemAccess {
	return &systemAccess{state: s, id: id, kind: kind, systemID: systemID, createdAt: createdAt, gone: map[string]bool{}}
}

func (t *systemAccess) Subject() Subject {
	return Subject{ID: t.id, Kind: t.kind, Access: "access"}
}

func (t *systemAccess) Begin() (end func(error)) { return func(error) {} }

func (t *systemAccess) Irrevocable() bool { return false }

func (t *systemAccess) CheckEnded(context.Context) error { return nil }

func (t *systemAccess) AcquireWrite(context.Context) (func(), error) { return func() {}, nil }

func (t *systemAccess) Before(context.Context) []string { return []string{} }

func (t *systemAccess) Dependents(context.Context) ([]Target, error) { return nil, nil }

// readCredentials reads the credentials, and returns the IDs of those that the list shows. Those of an
// earlier read stay: one list may be out of date.
func (t *systemAccess) readCredentials(ctx context.Context) (listed []string, err error) {
	var others []seam.Credential
	for credential, err := range seam.Credentials.List(ctx, t.Client, t.filter) {
		if err != nil {
			return nil, err
		}
		others = append(others, credential)
	}
	for i := 0; i < len(others); {
		if !t.owns(others[i]) {
			i++
			continue
		}
		if err := t.note(ctx, others[i]); err != nil {
			return nil, err
		}
		listed = append(listed, seam.SanitizeID(others[i].ID))
		others, i = slices.Delete(others, i, i+1), 0 // one that came before may have been made from it
	}
	return listed, nil
}

// note adds a credential, or what is new about it.
func (t *systemAccess) note(ctx context.Context, credential seam.Credential) error {
	onCard := credential.IsOnCard()
	if onCard {
		offline, err := t.SystemReadsCards(ctx, t.systemID)
		if err != nil {
			return err
		}
		onCard = offline
	}
	id := seam.SanitizeID(credential.ID)
	i := slices.IndexFunc(t.Checkpoint.Credentials, func(have IssuedCredential) bool { return have.ID == id })
	if i < 0 {
		t.Checkpoint.Credentials = append(t.Checkpoint.Credentials, IssuedCredential{id, t.Redact(credential.AccessMethod), credential.CardEnd(), onCard})
		return nil
	}
	have := &t.Checkpoint.Credentials[i]
	have.OnCard, have.EndsAt = have.OnCard || onCard, seam.LaterEnd(have.EndsAt, credential.CardEnd())
	return nil
}

// lookAfter waits for the credentials of what is gone itself.
func (t *systemAccess) lookAfter(ctx context.Context, a seam.ResponseMeta, proof Proof) (Lookup, error) {
	left, removing, err := t.lookAtCredentials(ctx)
	if err != nil || len(left) > 0 {
		return Lookup{At: a.At, Removing: removing}, err
	}
	return Lookup{At: a.At, Gone: true, Proof: &proof}, nil
}

// askAgain repeats a delete request that had no effect for a while: its answer may have been out of date.
func (t *systemAccess) askAgain(ctx context.Context, at time.Time, removing bool, send func(context.Context) (string, error)) error {
	request, asked := t.Checkpoint.DeleteRequests[t.id]
	if !asked || t.again || removing || at.Sub(request.At) < askAgainAfter {
		return nil
	}
	t.again = true
	_, err := send(ctx)
	return err
}

// lookAtCredentials returns the credentials that Seam still has, and whether it is deleting all of them.
func (t *systemAccess) lookAtCredentials(ctx context.Context) (left []string, removing bool, err error) {
	removing = true
	for _, credential := range t.Checkpoint.Credentials {
		if t.gone[credential.ID] {
			continue
		}
		now, gone, a, err := seam.Credentials.LookUp(ctx, t.Client, credential.ID)
		switch {
		case err != nil:
			return nil, false, err
		case !gone:
			left, removing = append(left, credential.ID), removing && now.BeingRemoved()
		default:
			t.gone[credential.ID] = true
			t.proofs = append(t.proofs, proofOf("/acs/credentials/get "+credential.ID, a, "no such acs credential"))
		}
	}
	return left, removing, nil
}

// deleteCredentials requests the deletion of the credentials that are left of what is gone itself.
func (t *systemAccess) deleteCredentials(ctx context.Context) error {
	for _, credential := range t.Checkpoint.Credentials {
		now, gone, _, err := seam.Credentials.LookUp(ctx, t.Client, credential.ID)
		if err != nil {
			return err
		}
		if gone || !t.owns(now) {
			continue
		}
		if err := seam.Credentials.RequestDeletion(ctx, t.Client, credential.ID); err != nil && !isNotFound(err) {
			return err
		}
	}
	return nil
}

// check asks again about everything: one answer may have been out of date. Look asks about the object
// itself, unless that is one of the credentials.
func (t *systemAccess) check(ctx context.Context, self Target, look func(context.Context) (gone bool, proof Proof, err error)) (Evidence, error) {
	t.gone, t.proofs = map[string]bool{}, nil
	listed, err := t.readCredentials(ctx)
	if err != nil && !seam.IsNotFound(err, "acs_user_not_found") {
		return Evidence{}, err
	}
	if look != nil {
		gone, proof, err := look(ctx)
		if err != nil {
			return Evidence{}, err
		}
		if !gone {
			return Evidence{}, t.residual(self, fmt.Sprintf("%s is still there", self.Subject()), "Run destroy again: it requests the deletion again.")
		}
		t.proofs = append(t.proofs, proof)
	}
	left, _, err := t.lookAtCredentials(ctx)
	if err != nil {
		return Evidence{}, err
	}
	if left = append(left, slices.DeleteFunc(listed, func(id string) bool { return slices.Contains(left, id) })...); len(left) > 0 {
		return Evidence{}, t.residual(self, "Seam still has acs credential "+seam.JoinLimited(left), leftCredentialAdvice)
	}
	found := Evidence{Proofs: t.proofs, Grade: t.grade()}
	for _, c := range t.Checkpoint.Credentials {
		found.Credentials = append(found.Credentials, GradedCredential{c.ID, c.AccessMethod, c.grade()})
	}
	return found, t.checkProvable(ctx)
}

const leftCredentialAdvice = "Run destroy again: it deletes the credential itself. If that fails as well, delete it in the Seam console or in the access system, then run destroy again."

func (t *systemAccess) residual(self Target, what, next string) error {
	return &ResidualError{AdviceError: seam.WrapAdvice(nil, capitalize(what)+".", next), Listed: []Target{self}}
}

// grade is the weakest one among the credentials.
func (t *systemAccess) grade() Grade {
	if slices.ContainsFunc(t.Checkpoint.Credentials, func(c IssuedCredential) bool { return c.OnCard }) {
		return GradeExpired
	}
	return GradeSeam
}

// checkProvable fails if something may be on a card or a phone that a door reads the rights from,
// unless the end has passed.
func (t *systemAccess) checkProvable(ctx context.Context) error {
	var unprovable []string
	for _, c := range t.Checkpoint.Credentials {
		if c.OnCard && (c.EndsAt.IsZero() || !t.IsPast(ctx, c.EndsAt)) {
			unprovable = append(unprovable, fmt.Sprintf("acs credential %s (%s, issued)", c.ID, c.AccessMethod))
		}
	}
	if !t.Checkpoint.CredentialsRead {
		offline, err := t.SystemReadsCards(ctx, t.systemID)
		if err != nil {
			return err
		}
		if offline {
			unprovable = append(unprovable, "what may have been issued, which was not read while it was there")
		}
	}
	if len(unprovable) == 0 {
		return nil
	}
	return seam.NewAdvice(
		fmt.Sprintf("Seam answers that everything is deleted, but the revocation of %s is not provable: a door of this access system may read the rights from the card or phone, and accept them until they end.", strings.Join(unprovable, ", ")),
		"Collect the card, or have the doors updated with the access system's own tools. To remove the "+t.kind+" from the state without this proof, set removal = \"requested\", apply, and destroy.")
}

// findEvent looks for the event that reports the deletion.
func (t *systemAccess) findEvent(ctx context.Context, noun string) (*Proof, string, error) {
	awaited := noun + ".deleted"
	a, kinds, err := t.ListEventTypes(ctx, noun, t.id, t.createdAt)
	if err != nil || !slices.Contains(kinds, awaited) {
		return nil, awaited, err
	}
	found := proofOf("/events/list", a, awaited)
	return &found, awaited, nil
}

// Caveats says what a proof of the grade [GradeSeam] does not cover.
func (t *systemAccess) Caveats(context.Context) []Caveat {
	card := func(c IssuedCredential) bool { return c.AccessMethod == "card" || c.AccessMethod == "mobile_key" }
	if t.grade() != GradeSeam || !slices.ContainsFunc(t.Checkpoint.Credentials, card) {
		return nil
	}
	return []Caveat{{"Removal verified at Seam", fmt.Sprintf("Seam answers that %s %s and its credentials are deleted. Whether the doors of the access system already refuse its cards and phone keys cannot be read through Seam.\n\nIf that matters, try the card or phone at the door, or look in the access system itself.", t.kind, t.id)}}
}

// describeLeft says which credentials Seam still has. It is best effort.
func (t *systemAccess) describeLeft(ctx context.Context) []string {
	if left, _, err := t.lookAtCredentials(ctx); err == nil && len(left) > 0 {
		return []string{"Seam still has acs credential " + seam.JoinLimited(left) + ". " + leftCredentialAdvice}
	}
	return nil
}
