package seam

import (
	"context"
	"fmt"
	"time"
)

// Credential is what an access system knows a card, PIN or phone key by.
type Credential struct {
	ID               string    `json:"acs_credential_id"`
	SystemID         string    `json:"acs_system_id"`
	UserID           string    `json:"acs_user_id"`
	ParentID         string    `json:"parent_acs_credential_id"`
	DisplayName      string    `json:"display_name"`
	AccessMethod     string    `json:"access_method"` // code, card, mobile_key or cloud_key
	Code             string    `json:"code"`
	CardNumber       string    `json:"card_number"`
	IsMultiPhoneSync bool      `json:"is_multi_phone_sync_credential"`
	IsIssued         *bool     `json:"is_issued"` // nil: not known
	IssuedAt         Timestamp `json:"issued_at"`
	StartsAt         Timestamp `json:"starts_at"`
	EndsAt           Timestamp `json:"ends_at"`
	CreatedAt        Timestamp `json:"created_at"`
	IsSynced         *bool     `json:"is_latest_desired_state_synced_with_provider"` // nil: not known
	SyncedAt         Timestamp `json:"latest_desired_state_synced_with_provider_at"`
	Warnings         []Issue   `json:"warnings"`
}

// ObjectID is the credential's id.
func (c Credential) ObjectID() string { return c.ID }

func (c Credential) secrets() []string { return []string{c.Code, c.CardNumber} }

func (c Credential) issues() [][]Issue { return [][]Issue{c.Warnings} }

// Has reports whether the credential has the warning with this code.
func (c *Credential) Has(warning string) bool { return hasIssue(c.Warnings, warning, time.Time{}) }

// BeingRemoved reports whether Seam is deleting the credential.
func (c *Credential) BeingRemoved() bool { return c.Has("being_deleted") }

// NeedsToBeReissued reports whether the card or phone holds other rights or times than the credential.
func (c *Credential) NeedsToBeReissued() bool { return c.Has("needs_to_be_reissued") }

// Settling reports whether the access system still has an earlier state of the credential.
func (c *Credential) Settling() bool { return c.IsSynced != nil && !*c.IsSynced }

// IsOnCard reports whether a card or a phone may hold what the credential opens.
func (c *Credential) IsOnCard() bool {
	blank := c.IssuedAt.IsZero() && (c.IsIssued != nil && !*c.IsIssued || c.IsIssued == nil && c.Has("waiting_to_be_issued"))
	return (c.AccessMethod == "card" || c.AccessMethod == "mobile_key") && !blank
}

// CardEnd is the end of what a card or phone holds; zero for none that is known.
func (c *Credential) CardEnd() time.Time {
	if c.NeedsToBeReissued() {
		return time.Time{}
	}
	return c.EndsAt.Time
}

// LaterEnd is the later one of two ends; zero for no end.
func LaterEnd(a, b time.Time) time.Time {
	switch {
	case a.IsZero() || b.IsZero():
		return time.Time{}
	case a.After(b):
		return a
	}
	return b
}

// CredentialInput is what a credential is created with. An update takes the PIN and the end.
type CredentialInput struct {
	UserID             string         `json:"acs_user_id,omitempty"`
	AccessMethod       string         `json:"access_method,omitempty"`
	StartsAt           string         `json:"starts_at,omitempty"`
	AllowedEntranceIDs []string       `json:"allowed_acs_entrance_ids,omitempty"`
	IsMultiPhoneSync   bool           `json:"is_multi_phone_sync_credential,omitempty"`
	Vostio             map[string]any `json:"assa_abloy_vostio_metadata,omitempty"`
	SaltoSpace         map[string]any `json:"salto_space_metadata,omitempty"`
	Visionline         map[string]any `json:"visionline_metadata,omitempty"`
	Code               Param[string]  `json:"code,omitzero"`
	EndsAt             Param[string]  `json:"ends_at,omitzero"`
}

// Credentials are the credentials of the workspace's access systems.
var Credentials = Endpoint[Credential, CredentialInput]{Path: "/acs/credentials", One: "acs_credential", Many: "acs_credentials", Scope: "acs_user_id", Bulk: true}

// CreateCredential creates a credential.
func (c *Client) CreateCredential(ctx context.Context, in CredentialInput) (Credential, error) {
	in.addSecret(c)
	return Credentials.Create(ctx, c, in)
}

func (in *CredentialInput) addSecret(c *Client) {
	if in.Code.value != nil {
		c.AddSecret(*in.Code.value)
	}
}

// codeTimeout limits the wait for a PIN that the access system chooses.
const codeTimeout = time.Minute

// AwaitCredentialCode waits until the access system has chosen a PIN. It returns the credential without
// one if that takes too long.
func (c *Client) AwaitCredentialCode(ctx context.Context, made Credential) Credential {
	ctx, cancel := context.WithTimeout(ctx, codeTimeout)
	defer cancel()
	_ = Poll(ctx, func(ctx context.Context) (bool, error) {
		now, err := Credentials.GetBy(ctx, c, "acs_credential_id", made.ID)
		if err == nil {
			made = now
		}
		return made.Code != "", err
	})
	return made
}

// settledAfter returns a function that reports whether a credential has what is sent, and the access system
// too. If that is a change, the answer that the state is synchronized may be about the one before, unless the
// time of the last synchronization has moved, or nothing else is said for a while.
func (in *CredentialInput) settledAfter(before Credential) func(Credential) bool {
	changed, asked := !in.hasAllOf(before), time.Now()
	return func(now Credential) bool {
		stale := changed && !now.SyncedAt.IsZero() && now.SyncedAt.Equal(before.SyncedAt.Time) && time.Since(asked) < maxSyncLag
		return in.hasAllOf(now) && !now.Settling() && !stale
	}
}

// maxSyncLag is how long Seam may say that an earlier state is synchronized.
const maxSyncLag = 30 * time.Second

func (in *CredentialInput) hasAllOf(c Credential) bool { return in.hasCodeOf(c) && in.hasEndOf(c) }

func (in *CredentialInput) hasCodeOf(c Credential) bool {
	return in.Code.value == nil || c.Code == *in.Code.value
}

func (in *CredentialInput) hasEndOf(c Credential) bool {
	if in.EndsAt.value == nil {
		return true
	}
	ends, _ := ParseTime(*in.EndsAt.value)
	return ends.Equal(c.EndsAt.Time)
}

// UpdateCredential changes a credential, and waits until the access system has the new state. What is
// wanted is sent, too, if Seam has something else: a change that an earlier run has sent may come into
// effect later.
func (c *Client) UpdateCredential(ctx context.Context, ref Ref, in, wanted CredentialInput) (credential Credential, err error) {
	in.addSecret(c)
	if credential, err = Credentials.Get(ctx, c, ref); err != nil {
		return credential, err
	}
	if in.Code.IsZero() && !wanted.hasCodeOf(credential) {
		in.Code = wanted.Code
	}
	if in.EndsAt.IsZero() && !wanted.hasEndOf(credential) {
		in.EndsAt = wanted.EndsAt
	}
	settled := in.settledAfter(credential)
	credential, err = Credentials.Update(ctx, c, ref, in)
	if err != nil || wanted.hasAllOf(credential) && settled(credential) {
		return credential, err
	}
	err = Poll(ctx, func(ctx context.Context) (bool, error) {
		now, err := Credentials.Get(ctx, c, ref)
		if err == nil {
			credential = now
		}
		return wanted.hasAllOf(credential) && settled(credential), err
	})
	if err != nil {
		err = WrapAdvice(err, fmt.Sprintf("The access system has not confirmed the change of acs credential %s, so the old PIN or end may still hold: %v", ref.ID, err), Advice(err, "Apply again. If the access system needs more time, raise timeouts.update."))
	}
	return credential, err
}
