package access

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/ephemeral/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// grantCodes is the model of the ephemeral seam_access_grant_codes.
type grantCodes struct {
	AccessGrantID types.String      `tfsdk:"access_grant_id"`
	Codes         map[string]string `tfsdk:"codes"`
	Timeouts      timeouts.Value    `tfsdk:"timeouts"`
}

func newGrantCodesEphemeralResource() ephemeral.EphemeralResource {
	return core.NewWaitingEphemeralResource[grantCodes]("access_grant_codes", schema.Schema{
		MarkdownDescription: "Reads the PINs of an access grant for this run only: they are not stored in the plan or the state. It waits until Seam has assigned a PIN for each lock, and fails if one is missing.",
		Attributes: map[string]schema.Attribute{
			"access_grant_id": schema.StringAttribute{MarkdownDescription: "ID of the access grant.", Required: true, Validators: core.NonEmpty},
			"codes": schema.MapAttribute{
				MarkdownDescription: "PINs by the IDs of their locks, of locks that support PINs; empty if the grant requests no access method with mode `code`. If the grant has several PINs on a lock, it is the newest; if a backup code is in use, it is that one. A PIN that is assigned may not be on the lock yet: see `data.seam_access_codes`.",
				Computed:            true, Sensitive: true, ElementType: types.StringType,
			},
		},
	}, time.Minute)
}

func (g *grantCodes) Open(ctx context.Context, client *seam.Client) (_ string, err error) {
	g.Codes, err = client.GrantPINs(ctx, g.AccessGrantID.ValueString())
	return "", err
}

func (g *grantCodes) Close(context.Context, *seam.Client, string) error { return nil }
