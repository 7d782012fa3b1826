package seam

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// AcsUser is a person in an access system.
type AcsUser struct {
	ID                 string           `json:"acs_user_id"`
	SystemID           string           `json:"acs_system_id"`
	ConnectedAccountID string           `json:"connected_account_id"`
	UserIdentityID     string           `json:"user_identity_id"`
	FullName           string           `json:"full_name"`
	EmailAddress       string           `json:"email_address"`
	PhoneNumber        string           `json:"phone_number"`
	DisplayName        string           `json:"display_name"`
	IsSuspended        bool             `json:"is_suspended"`
	AccessSchedule     *AccessSchedule  `json:"access_schedule"`
	CreatedAt          Timestamp        `json:"created_at"`
	PendingMutations   []SystemMutation `json:"pending_mutations"`
	Errors             []Issue          `json:"errors"`
	Warnings           []Issue          `json:"warnings"`
}

// ObjectID is the user's id.
func (u AcsUser) ObjectID() string { return u.ID }

func (u AcsUser) issues() [][]Issue { return [][]Issue{u.Errors, u.Warnings} }

// SystemMutation is a change that an access system has not confirmed yet.
type SystemMutation struct {
	Mutation
	From    SystemState `json:"from"`
	To      SystemState `json:"to"`
	GroupID string      `json:"acs_access_group_id"` // of a change of a membership that waits for a schedule
	UserID  string      `json:"acs_user_id"`
	Variant string      `json:"variant"` // adding or removing
}

// SystemState is what a mutation changes.
type SystemState struct {
	AccessSchedule
	IsSuspended bool   `json:"is_suspended"`
	GroupID     string `json:"acs_access_group_id"`
	UserID      string `json:"acs_user_id"`
}

// PlainMutations are mutations without what they change.
func PlainMutations(pending []SystemMutation) []Mutation {
	plain := make([]Mutation, len(pending))
	for i, m := range pending {
		plain[i] = m.Mutation
	}
	return plain
}

// Pending returns the mutation with this code, or nil.
func (u *AcsUser) Pending(code string) *SystemMutation {
	if i := slices.IndexFunc(u.PendingMutations, func(m SystemMutation) bool { return m.Code == code }); i >= 0 {
		return &u.PendingMutations[i]
	}
	return nil
}

// Suspended reports whether the access system refuses the user. While it has not confirmed a change,
// that is the state before.
func (u *AcsUser) Suspended() bool {
	if pending := u.Pending("updating_suspension_state"); pending != nil {
		return pending.From.IsSuspended
	}
	return u.IsSuspended
}

// Schedule is when the access system lets the user in; nil for always. While it has not confirmed a
// change, that is the schedule before.
func (u *AcsUser) Schedule() *AccessSchedule {
	pending := u.Pending("updating_access_schedule")
	switch {
	case pending == nil:
		return u.AccessSchedule
	case pending.From.StartsAt.IsZero() && pending.From.EndsAt.IsZero():
		return nil
	}
	return &pending.From.AccessSchedule
}

// BeingRemoved reports whether Seam is deleting the user.
func (u *AcsUser) BeingRemoved() bool {
	return u.Pending("deleting") != nil || hasIssue(u.Warnings, "being_deleted", time.Time{})
}

// DeletedExternally reports whether the user was deleted in the access system, outside Seam.
func (u *AcsUser) DeletedExternally() bool {
	return hasIssue(u.Errors, "deleted_externally", time.Time{})
}

// FailedToDelete reports whether the access system has refused to delete the user since then.
func (u *AcsUser) FailedToDelete(since time.Time) bool {
	return hasIssue(u.Errors, "failed_to_delete_on_acs_system", since)
}

// hasIssue reports whether there is an issue with this code that is not older than since.
func hasIssue(issues []Issue, code string, since time.Time) bool {
	return slices.ContainsFunc(issues, func(i Issue) bool {
		return i.Code() == code && (i.CreatedAt.IsZero() || !i.CreatedAt.Before(since.Truncate(time.Second)))
	})
}

// AcsUserInput is what a user is created with. An update takes neither the system nor the person.
type AcsUserInput struct {
	SystemID       string                     `json:"acs_system_id,omitempty"`
	UserIdentityID string                     `json:"user_identity_id,omitempty"`
	FullName       Param[string]              `json:"full_name,omitzero"`
	EmailAddress   Param[string]              `json:"email_address,omitzero"`
	PhoneNumber    Param[string]              `json:"phone_number,omitzero"`
	AccessSchedule Param[AccessScheduleInput] `json:"access_schedule,omitzero"`
}

// AccessScheduleInput is an access schedule in a write. Seam takes no end only in a create.
type AccessScheduleInput struct {
	StartsAt string `json:"starts_at"`
	EndsAt   string `json:"ends_at,omitempty"`
}

// AcsUsers are the users of the workspace's access systems.
var AcsUsers = Endpoint[AcsUser, AcsUserInput]{Path: "/acs/users", One: "acs_user", Many: "acs_users", Scope: "acs_system_id", Bulk: true}

// UpdateAcsUser changes a user, and waits until the access system has confirmed what decides whether
// the user gets in: the access schedule, nil for always. That is sent, too, if Seam has another one: a
// change that an earlier run has sent may come into effect later.
func (c *Client) UpdateAcsUser(ctx context.Context, ref Ref, in AcsUserInput, schedule *AccessScheduleInput) (AcsUser, error) {
	now, err := AcsUsers.Get(ctx, c, ref)
	if err != nil {
		return now, err
	}
	if in.AccessSchedule.IsZero() && !schedule.shownIn(now) {
		in.AccessSchedule = Param[AccessScheduleInput]{given: true, value: schedule}
	}
	if in == (AcsUserInput{}) {
		return now, nil
	}
	return c.changeAcsUser(ctx, ref, "updating_access_schedule", schedule.shownIn, func() error {
		_, err := AcsUsers.Update(ctx, c, ref, in)
		return err
	})
}

// shownIn reports whether a user has the access schedule: an answer from before the update shows no
// pending change either.
func (sent *AccessScheduleInput) shownIn(u AcsUser) bool {
	shown := u.AccessSchedule
	if sent == nil || shown == nil {
		return sent == nil && shown == nil
	}
	same := func(a Timestamp, text string) bool {
		b, _ := ParseTime(text)
		return a.Truncate(time.Second).Equal(b.Truncate(time.Second))
	}
	return same(shown.StartsAt, sent.StartsAt) && same(shown.EndsAt, sent.EndsAt)
}

// SuspendAcsUser suspends a user, or ends that, and waits until the access system has confirmed it.
func (c *Client) SuspendAcsUser(ctx context.Context, ref Ref, suspended bool) (AcsUser, error) {
	verb := map[bool]string{true: "/suspend", false: "/unsuspend"}[suspended]
	return c.changeAcsUser(ctx, ref, "updating_suspension_state", func(u AcsUser) bool { return u.IsSuspended == suspended }, func() error {
		if err := c.checkWorkspace(ctx, ref.WorkspaceID); err != nil {
			return err
		}
		return AcsUsers.write(ctx, c, verb, map[string]string{"acs_user_id": ref.ID})
	})
}

// changeAcsUser sends a change and waits until it is shown and not pending any more, twice: one answer may
// lack what is pending.
func (c *Client) changeAcsUser(ctx context.Context, ref Ref, mutation string, shown func(AcsUser) bool, send func() error) (user AcsUser, err error) {
	since := c.Now()
	if err := send(); err != nil {
		return user, err
	}
	err = pollTwice(ctx, func(ctx context.Context) (bool, error) {
		now, err := AcsUsers.Get(ctx, c, ref)
		if err == nil {
			user = now
		}
		if err == nil && hasIssue(user.Errors, "failed_to_update_on_acs_system", since) {
			err = NewAdvice("The access system refused the change: failed_to_update_on_acs_system.", "Correct the cause, which the Seam console shows, then apply again.")
		}
		return err == nil && user.Pending(mutation) == nil && shown(user), err
	})
	if err != nil && user.ID != "" {
		err = WrapAdvice(err, fmt.Sprintf("The access system has not confirmed the change of acs user %s, so the user may still have the old access: %v", ref.ID, err), Advice(err, "Apply again. If the access system needs more time, raise timeouts.update."))
	}
	return user, err
}

// LinkAcsUser links a user to a person, or with linked = false ends that link.
func (c *Client) LinkAcsUser(ctx context.Context, identityID, userID string, linked bool) error {
	verb := map[bool]string{true: "/add_acs_user", false: "/remove_acs_user"}[linked]
	return UserIdentities.write(ctx, c, verb, map[string]string{"user_identity_id": identityID, "acs_user_id": userID})
}
