package seam

import (
	"context"
	"encoding/json"
	"fmt"
)

// EncodeCredential writes a card: that of a credential, or else that of an access method.
func (c *Client) EncodeCredential(ctx context.Context, encoderID, credentialID, accessMethodID string, o ActionOptions) error {
	ctx, cancel := WithTimeout(ctx, o.Timeout)
	defer cancel()
	sent, card, check := map[string]string{"acs_encoder_id": encoderID}, "acs credential "+credentialID, "data.seam_acs_credential"
	if credentialID != "" {
		sent["acs_credential_id"] = credentialID
	} else {
		sent["access_method_id"] = accessMethodID
		card, check = "access method "+accessMethodID, "data.seam_access_methods"
	}
	_, err := c.run(ctx, order{
		path: "/acs/encoders/encode_credential", in: sent, to: "encoder " + encoderID, verb: "encode", outcome: "the card is written",
		check: "the card and " + check, prompt: fmt.Sprintf("Hold the card to encoder %s until it is written.", encoderID),
	}, o)
	if err == nil {
		o.reportProgress("The card of %s is written.", card)
	}
	return err
}

// ScanCredential reads the card that is held to an encoder, and says which credential it belongs to. The
// number of the card is a secret.
func (c *Client) ScanCredential(ctx context.Context, encoderID string, o ActionOptions) error {
	ctx, cancel := WithTimeout(ctx, o.Timeout)
	defer cancel()
	ended, err := c.run(ctx, order{
		path: "/acs/encoders/scan_credential", in: map[string]string{"acs_encoder_id": encoderID}, to: "encoder " + encoderID, verb: "scan", outcome: "a card is read",
		check: "the encoder", prompt: fmt.Sprintf("Hold the card to encoder %s until it is read.", encoderID),
	}, o)
	if err != nil {
		return err
	}
	var read struct {
		OnCard struct {
			CardNumber string `json:"card_number"`
		} `json:"acs_credential_on_encoder"`
		Credential *Credential `json:"acs_credential_on_seam"`
		Warnings   []struct {
			Code string `json:"warning_code"`
		} `json:"warnings"`
	}
	if err := json.Unmarshal(orNull(ended.Result), &read); err != nil {
		return NewAdvice(fmt.Sprintf("The card was read, but the result of action attempt %s cannot be read.", SanitizeID(ended.ID)), "Run the action again. If the error persists, contact Seam support with the id of the action attempt.")
	}
	c.AddSecret(read.OnCard.CardNumber)
	if read.Credential == nil {
		o.reportProgress("The card belongs to no acs credential of this workspace.")
	} else {
		c.addSecrets(*read.Credential)
		o.reportProgress("%s", read.Credential.describeScanned())
	}
	for _, warning := range read.Warnings {
		if warning.Code == "acs_credential_on_encoder_out_of_sync" {
			o.Warn("Card is out of date", "The card holds other rights than its acs credential. Encode it again, or delete the credential.")
		}
	}
	return nil
}

func (c *Credential) describeScanned() string {
	text := fmt.Sprintf("The card belongs to acs credential %s", SanitizeID(c.ID))
	if c.UserID != "" {
		text += ", of acs user " + SanitizeID(c.UserID)
	}
	return text + "."
}

// AssignCard gives a card that has a number already to an access method.
func (c *Client) AssignCard(ctx context.Context, accessMethodID, cardNumber string, o ActionOptions) error {
	ctx, cancel := WithTimeout(ctx, o.Timeout)
	defer cancel()
	c.AddSecret(cardNumber)
	_, err := c.run(ctx, order{
		path: "/access_methods/assign_card", in: map[string]string{"access_method_id": accessMethodID, "card_number": cardNumber},
		to: "the access system", verb: "assign", outcome: "the card is assigned", check: "data.seam_access_methods",
	}, o)
	if err == nil {
		o.reportProgress("The card is assigned to access method %s.", accessMethodID)
	}
	return err
}

// UnlockEntrance unlocks an entrance with a credential.
func (c *Client) UnlockEntrance(ctx context.Context, entranceID, credentialID string, o ActionOptions) error {
	ctx, cancel := WithTimeout(ctx, o.Timeout)
	defer cancel()
	_, err := c.run(ctx, order{
		path: "/acs/entrances/unlock", in: map[string]string{"acs_entrance_id": entranceID, "acs_credential_id": credentialID},
		to: "entrance " + entranceID, verb: "unlock", outcome: "the door is unlocked", check: "the door",
	}, o)
	if err == nil {
		o.reportProgress("Entrance %s is unlocked.", entranceID)
	}
	return err
}
