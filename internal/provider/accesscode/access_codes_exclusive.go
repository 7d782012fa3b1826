package accesscode

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
)

// exclusive is the model of seam_device_access_codes_exclusive: the codes that a lock may have. What
// else Seam lists on the lock is a stranger, which apply removes.
type exclusive struct {
	core.Managed
	DeviceID               types.String `tfsdk:"device_id"`
	AccessCodeIDs          types.Set    `tfsdk:"access_code_ids"`
	UnmanagedAccessCodeIDs types.Set    `tfsdk:"unmanaged_access_code_ids"`
	AccessGrantIDs         types.Set    `tfsdk:"access_grant_ids"`
	Strangers              types.Map    `tfsdk:"strangers"`
}

// stranger is a code that is not allowed on the lock.
type stranger struct {
	Name types.String `tfsdk:"name"`
	Kind types.String `tfsdk:"kind"`
}

// Kinds of codes.
const (
	kindManaged   = "access_code"
	kindUnmanaged = "unmanaged_access_code"
)

func newExclusiveResource() resource.Resource {
	return core.NewResource[exclusive]("device_access_codes_exclusive", exclusiveSchema)
}

func exclusiveSchema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "The access codes that a lock may have, **and no others**. Every refresh reads the codes on the lock. Those that are not allowed here are `strangers`: the plan shows them, and apply removes them, each with the same proof and receipt as a destroy. Apply removes only codes that the plan has shown. A code that appears later waits for the next plan.\n\n" +
			"**Creating it removes nothing**, because Terraform does not tell apply which codes the plan of a new resource has listed. That plan warns of the codes that would be strangers; the next plan shows them under `strangers`. Destroy removes nothing either: it only ends the control.\n\n" +
			"A code's backup code is allowed with it, and so are the spare codes in the lock's backup pool. Codes count by their ids, so it does not matter whether their PINs can be read. Allow the codes of this configuration by reference, as in `seam_access_code.guest.id`. Configure at most one of these resources for a lock.",
		Attributes: core.ManagedAttributes(ctx, "lock", map[string]schema.Attribute{
			"device_id":                 core.RequiredReplace("ID of the lock."),
			"access_code_ids":           allowedIDs("IDs of the access codes managed by this workspace that the lock may have. Without this argument and `access_grant_ids`, all managed access codes are allowed; with either of them, only those that they list."),
			"unmanaged_access_code_ids": allowedIDs("IDs of the unmanaged access codes that the lock may have, such as the owner's. By default, none are allowed."),
			"access_grant_ids":          allowedIDs("IDs of the access grants whose access codes the lock may have."),
			"timeouts":                  core.Timeouts(ctx, "How long create may take, such as `90s`; %s by default.", "How long apply may wait for the proof that the strangers are removed; %s by default.", "How long destroy may take; %s by default."),
			"strangers": schema.MapNestedAttribute{
				MarkdownDescription: "Access codes that the last refresh found on the lock and that are not allowed, by id. Apply removes them.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"name": schema.StringAttribute{MarkdownDescription: "Name of the code on the lock; PINs in it are masked.", Computed: true},
					"kind": schema.StringAttribute{MarkdownDescription: "`access_code` if this workspace manages it, else `unmanaged_access_code`.", Computed: true},
				}},
			},
		}),
	}
}

func allowedIDs(description string) schema.SetAttribute {
	return schema.SetAttribute{
		MarkdownDescription: description, Optional: true, ElementType: types.StringType,
		Validators: []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1))},
	}
}

var strangerType = types.ObjectType{AttrTypes: map[string]attr.Type{"name": types.StringType, "kind": types.StringType}}

func strangerMap(ctx context.Context, all map[string]stranger) types.Map {
	if all == nil {
		all = map[string]stranger{}
	}
	value, _ := types.MapValueFrom(ctx, strangerType, all)
	return value
}

// strangers are those of the state.
func (m *exclusive) strangers(ctx context.Context) map[string]stranger {
	all := map[string]stranger{}
	if !m.Strangers.IsNull() && !m.Strangers.IsUnknown() {
		m.Strangers.ElementsAs(ctx, &all, false)
	}
	return all
}
