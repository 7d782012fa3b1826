package seam

import (
	"context"
	"fmt"
)

// InstantKey is a link that puts a key on a phone.
type InstantKey struct {
	ID              string    `json:"instant_key_id"`
	URL             string    `json:"instant_key_url"`
	ClientSessionID string    `json:"client_session_id"`
	UserIdentityID  string    `json:"user_identity_id"`
	ExpiresAt       Timestamp `json:"expires_at"`
	CreatedAt       Timestamp `json:"created_at"`
}

// ObjectID is the instant key's id.
func (k InstantKey) ObjectID() string { return k.ID }

func (k InstantKey) secrets() []string { return []string{k.URL} }

// InstantKeys are the instant keys of the workspace.
var InstantKeys = Endpoint[InstantKey, struct{}]{Path: "/instant_keys", One: "instant_key", Many: "instant_keys"}

// InstantKeyInput holds the parameters of a new instant key. Zero values are omitted.
type InstantKeyInput struct {
	UserIdentityID         string `json:"user_identity_id"`
	MaxUseCount            int64  `json:"max_use_count,omitempty"`
	CustomizationProfileID string `json:"customization_profile_id,omitempty"`
}

// CreateInstantKey creates an instant key. The request is not retried: if its response is lost,
// the key expires by itself and nobody has its link.
func (c *Client) CreateInstantKey(ctx context.Context, in InstantKeyInput) (InstantKey, error) {
	if err := c.checkWorkspace(ctx, ""); err != nil {
		return InstantKey{}, err
	}
	e := InstantKeys
	e.Path = "/user_identities"
	made, a, err := e.call(ctx, c.postOnce, c, "/generate_instant_key", in)
	if err == nil && (made.URL == "" || !isID(made.ID)) {
		err = e.unexpected("/generate_instant_key", a, "the response contains no instant key with a link")
	}
	if mayHaveExecuted(err) {
		err = WrapAdvice(err, fmt.Sprintf("It is not known whether an instant key was created: %v.", err),
			"Run again to create another one. If the first was created, nobody has its link and it expires by itself; to remove it earlier, delete it in the Seam console.")
	}
	return made, err
}

// DeleteInstantKey returns when Seam answers that there is no such key any more.
func (c *Client) DeleteInstantKey(ctx context.Context, id string) error {
	err := InstantKeys.Delete(ctx, c, Ref{ID: id})
	if err == nil {
		return nil
	}
	return WrapAdvice(err, fmt.Sprintf("It is not proven that instant key %s is deleted, so its link may still work until it expires: %v", SanitizeID(id), err),
		"Delete it in the Seam console, or wait until it expires.")
}
