package seam

import (
	"context"
	"fmt"
	"slices"
)

// Phone is a person's phone with keys on it.
type Phone struct {
	ID string `json:"device_id"`
}

// ObjectID is the phone's device id.
func (p Phone) ObjectID() string { return p.ID }

// Phones are the phones of the workspace.
var Phones = Endpoint[Phone, struct{}]{Path: "/phones", One: "phone", Many: "phones"}

// DeactivatePhone deactivates a phone, and returns when Seam answers that neither the phone nor the
// credentials on it exist any more. It returns these credentials.
func (c *Client) DeactivatePhone(ctx context.Context, id string, o ActionOptions) ([]Credential, error) {
	if _, err := Phones.GetBy(ctx, c, "device_id", id); err != nil {
		return nil, err
	}
	var keys []Credential
	for range 2 { // one list may be out of date
		if err := c.addKeysOnPhone(ctx, id, &keys); err != nil {
			return nil, fmt.Errorf("listing the credentials on the phone: %w", err)
		}
	}
	held := "no acs credential"
	if len(keys) > 0 {
		held = "acs credential " + JoinLimited(IDsOf(keys))
	}
	o.reportProgress("Deactivating phone %s, which holds %s.", id, held)
	if err := Phones.write(ctx, c, "/deactivate", map[string]string{"device_id": id}); err != nil && !isGone(err, Phones.One) {
		return keys, WrapAdvice(err, fmt.Sprintf("Phone %s may not be deactivated, so its keys may still open doors: %v", id, err), Advice(err, "Run the action again, or deactivate the phone in the Seam console."))
	}
	err := pollTwice(ctx, func(ctx context.Context) (bool, error) {
		_, err := Phones.GetBy(ctx, c, "device_id", id)
		if isGone(err, Phones.One) {
			return true, nil
		}
		return false, err
	})
	if err != nil {
		return keys, WrapAdvice(err, fmt.Sprintf("It is not proven that phone %s is deactivated, so its keys may still open doors: %v", id, err), "Run the action again, or deactivate the phone in the Seam console.")
	}
	o.reportProgress("Seam answers that there is no phone %s any more.", id)
	for _, key := range keys {
		if err := c.awaitKeyGone(ctx, id, key.ID); err != nil {
			return keys, err
		}
	}
	return keys, nil
}

// addKeysOnPhone adds the credentials on a phone. One from which Seam makes a credential for each phone of
// a person is not among them: it outlives the phone.
func (c *Client) addKeysOnPhone(ctx context.Context, id string, keys *[]Credential) error {
	for credential, err := range Credentials.List(ctx, c, map[string]any{}) {
		if err != nil {
			return err
		}
		if credential.AccessMethod != "mobile_key" || credential.IsMultiPhoneSync || slices.Contains(IDsOf(*keys), credential.ID) {
			continue
		}
		phones, err := collect(Phones.List(ctx, c, map[string]any{"acs_credential_id": credential.ID}))
		if err != nil {
			return err
		}
		if slices.ContainsFunc(phones, func(p Phone) bool { return p.ID == id }) {
			*keys = append(*keys, credential)
		}
	}
	return nil
}

func (c *Client) awaitKeyGone(ctx context.Context, phoneID, credentialID string) error {
	err := pollTwice(ctx, func(ctx context.Context) (bool, error) {
		_, gone, _, err := Credentials.LookUp(ctx, c, credentialID)
		return gone, err
	})
	if err != nil {
		return WrapAdvice(err, fmt.Sprintf("Phone %s is deactivated, but acs credential %s, which it held, is still there: %v", phoneID, SanitizeID(credentialID), err), "Destroy the seam_acs_credential or the seam_access_grant that it belongs to, or delete it in the Seam console.")
	}
	return nil
}
