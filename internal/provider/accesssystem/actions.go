package accesssystem

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// encoderTimeout is how long a person has to hold a card to an encoder.
const encoderTimeout = 5 * time.Minute

var actions = []core.ActionSpec{
	{
		Name:        "encode_acs_credential",
		Description: "Writes a card with an encoder, and finishes when the encoder confirms it. Somebody has to hold the card to the encoder: a progress message says when. The request is sent only once, even if the response is lost.",
		IDAttribute: "acs_encoder_id", IDDescription: "Encoder that writes the card.", Timeout: encoderTimeout,
		Others: []core.ActionArgument{
			{
				Name: "acs_credential_id", Description: "Credential whose card is written. Exactly one of `acs_credential_id` and `access_method_id` is required.", Optional: true,
				Validators: []validator.String{stringvalidator.ExactlyOneOf(path.MatchRoot("access_method_id"))},
			},
			{Name: "access_method_id", Description: "Access method of an access grant whose card is written.", Optional: true},
		},
		Invoke: func(c *seam.Client, ctx context.Context, id string, o seam.ActionOptions) error {
			return c.EncodeCredential(ctx, id, o.Others["acs_credential_id"], o.Others["access_method_id"], o)
		},
	},
	{
		Name:        "scan_acs_credential",
		Description: "Reads the card that somebody holds to an encoder, for example one that was found, and shows which credential it belongs to. The number of the card is not shown.",
		IDAttribute: "acs_encoder_id", IDDescription: "Encoder that reads the card.", Timeout: encoderTimeout, Invoke: (*seam.Client).ScanCredential,
	},
	{
		Name:        "assign_card",
		Description: "Assigns a card, by its number, to an access method of an access grant, and finishes when the access system confirms it. The request is sent only once, even if the response is lost.",
		IDAttribute: "access_method_id", IDDescription: "Access method with the mode `card`.", Timeout: 2 * time.Minute,
		Others: []core.ActionArgument{{Name: "card_number", Description: "Number of the card. Whoever knows it may be able to copy the card, so use a sensitive variable."}},
		Invoke: func(c *seam.Client, ctx context.Context, id string, o seam.ActionOptions) error {
			return c.AssignCard(ctx, id, o.Others["card_number"], o)
		},
	},
	{
		Name:        "unlock_acs_entrance",
		Description: "Unlocks a door of an access system with a credential, and finishes when the access system confirms it. The request is sent only once, even if the response is lost.",
		IDAttribute: "acs_entrance_id", IDDescription: "Entrance to unlock.", Timeout: 2 * time.Minute,
		Others: []core.ActionArgument{{Name: "acs_credential_id", Description: "Credential that opens the entrance, with the access method `cloud_key`."}},
		Invoke: func(c *seam.Client, ctx context.Context, id string, o seam.ActionOptions) error {
			return c.UnlockEntrance(ctx, id, o.Others["acs_credential_id"], o)
		},
	},
	{
		Name:        "deactivate_phone",
		Description: "Deactivates a phone that was lost, and finishes only when Seam answers that neither the phone nor a credential on it exists any more. A warning tells if a door may read the rights from the phone: such a door may accept it until the rights end.",
		IDAttribute: "device_id", IDDescription: "Device ID of the phone.", Timeout: core.DeleteTimeout, Invoke: deactivatePhone,
	},
}

// deactivatePhone warns of keys that doors may accept without asking the access system.
func deactivatePhone(c *seam.Client, ctx context.Context, id string, o seam.ActionOptions) error {
	ctx, cancel := seam.WithTimeout(ctx, o.Timeout)
	defer cancel()
	keys, err := c.DeactivatePhone(ctx, id, o)
	if err != nil {
		return err
	}
	var offline []string
	for _, key := range keys {
		if readsRights, err := c.SystemReadsCards(ctx, key.SystemID); readsRights || err != nil {
			offline = append(offline, key.ID)
		}
	}
	if len(offline) > 0 {
		o.Warn("Revocation not provable", fmt.Sprintf("Phone %s is deactivated, and Seam answers that its credentials are deleted. A door may read the rights of acs credential %s from the phone, and accept it until these rights end. Have the doors updated with the access system's own tools.", id, seam.JoinLimited(offline)))
	}
	o.Progress(fmt.Sprintf("Phone %s is deactivated, and Seam has none of the credentials that it held.", id))
	return nil
}
