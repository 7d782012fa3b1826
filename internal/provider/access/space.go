package access

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// space is the model of seam_space.
type space struct {
	core.Managed
	Name            types.String `tfsdk:"name"`
	SpaceKey        types.String `tfsdk:"space_key"`
	CustomerKey     types.String `tfsdk:"customer_key"`
	CustomerData    types.Map    `tfsdk:"customer_data"`
	DeviceIDs       types.Set    `tfsdk:"device_ids"`
	EntranceIDs     types.Set    `tfsdk:"acs_entrance_ids"`
	AccountIDs      types.Set    `tfsdk:"connected_account_ids"`
	ForceDestroy    types.Bool   `tfsdk:"force_destroy"`
	Removal         types.String `tfsdk:"removal"`
	UnprovenDoorIDs types.Set    `tfsdk:"unproven_door_ids"`
	CreatedAt       types.String `tfsdk:"created_at"`
}

var spaces = core.DeclareModel[space](core.Noun[space, seam.Space, seam.SpaceInput]{
	Name:   "space",
	Plural: "spaces",
	Doc:    "A group of doors, such as a room or a floor. An access grant on a space opens all its doors.",
	ResourceDoc: "**What is in a space is access**: taking a door out takes it from everyone with a grant on the space. The plan warns of that. " +
		"Apply then waits until those grants have settled, and finishes only when there is proof that their PINs are off that lock, unless a grant reaches the lock in another way. " +
		"A space that access grants use is not deleted, unless `force_destroy` is set.\n\n" +
		"Either list the doors here, or add them with `seam_space_device`. Never do both for one space: each would undo the other.",
	ListDoc:      "Finds the spaces of the workspace.",
	API:          spaceAPI{seam.Spaces},
	Attributes:   spaceAttributes(),
	ResourceOnly: []string{"connected_account_ids", "force_destroy", "removal", "unproven_door_ids"},
	Filters:      map[string]string{"search": "Search text.", "customer_key": "Spaces of this customer."},
	FromAPI:      func(m *space, s seam.Space) { m.fromAPI(s); m.setDoors(s.Doors) },
	Label:        func(s seam.Space) string { return s.Name },
})

// customerData are the entries that customer_data can have. Seam may keep others.
var customerData = []string{"address", "default_checkin_time", "default_checkout_time", "time_zone"}

func spaceAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"name":         core.RequiredString("Name of the space."),
		"space_key":    core.Replacing(core.OptionalString("Your own key for the space, unique within the workspace. It lets the provider recover a create whose response was lost.")),
		"customer_key": core.Replacing(core.OptionalString("Key of the customer to whom the space belongs.")),
		"customer_data": schema.MapAttribute{
			MarkdownDescription: "Data for the customer's own tools: `address`, `default_checkin_time` and `default_checkout_time` (such as `15:00`), and `time_zone` (such as `Europe/Paris`).",
			Optional:            true, ElementType: types.StringType,
			Validators: []validator.Map{
				mapvalidator.SizeAtLeast(1), mapvalidator.NoNullValues(), mapvalidator.KeysAre(stringvalidator.OneOf(customerData...)),
				mapvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1)),
			},
		},
		"device_ids":            members("IDs of the devices in the space."),
		"acs_entrance_ids":      members("IDs of the entrances in the space."),
		"connected_account_ids": members("IDs of the connected accounts of the space. An import does not read them."),
		"force_destroy": schema.BoolAttribute{
			MarkdownDescription: "Whether destroy also deletes a space that access grants use. It first removes all doors from the space, with the same proof as an update. Destroy uses the value in the state, so apply a change before destroy.",
			Optional:            true,
		},
		"removal": spaceRemoval(),
		"unproven_door_ids": schema.SetAttribute{
			MarkdownDescription: "IDs of doors that left the space without a proof that the grants on it do not open them any more. The next apply repeats the proof.",
			Computed:            true, ElementType: types.StringType, PlanModifiers: []planmodifier.Set{setplanmodifier.UseStateForUnknown()},
		},
		"created_at": core.ComputedStable("When the space was created, in RFC 3339 format."),
	}
}

func spaceRemoval() schema.StringAttribute {
	a := core.RemovalAttribute("space", "no grant on the space opens its doors any more")
	a.MarkdownDescription += " The same holds for doors that an update removes; `abandoned` removes those as `requested` does."
	return a
}

func members(description string) schema.SetAttribute {
	return schema.SetAttribute{
		MarkdownDescription: description + " Without this argument, Terraform leaves them as they are; `[]` removes all of them.", Optional: true, ElementType: types.StringType,
		Validators: []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1))},
	}
}

// fromAPI sets what the object shows. Its doors are not among that.
func (m *space) fromAPI(s seam.Space) {
	m.Name, m.SpaceKey, m.CustomerKey = types.StringValue(s.Name), core.StringOrNull(s.Key), core.StringOrNull(s.CustomerKey)
	m.CreatedAt = core.PreserveSpelling(s.CreatedAt, m.CreatedAt)
	entries := map[string]attr.Value{}
	for _, name := range customerData {
		if value := s.CustomerData[name]; value != "" {
			entries[name] = types.StringValue(value)
		}
	}
	m.CustomerData = types.MapNull(types.StringType)
	if len(entries) > 0 {
		m.CustomerData = types.MapValueMust(types.StringType, entries)
	}
}

func (m *space) setDoors(doors seam.Doors) {
	m.DeviceIDs, m.EntranceIDs = core.SetOrEmpty(doors.DeviceIDs), core.SetOrEmpty(doors.EntranceIDs)
}

// spaceAPI also reads the doors of a space that is shown.
type spaceAPI struct {
	seam.Endpoint[seam.Space, seam.SpaceInput]
}

func (a spaceAPI) Get(ctx context.Context, client *seam.Client, ref seam.Ref) (seam.Space, error) {
	s, err := a.Endpoint.Get(ctx, client, ref)
	return withDoors(ctx, client, s, err)
}

func (a spaceAPI) GetBy(ctx context.Context, client *seam.Client, attribute, value string) (seam.Space, error) {
	s, err := a.Endpoint.GetBy(ctx, client, attribute, value)
	return withDoors(ctx, client, s, err)
}

func (a spaceAPI) List(ctx context.Context, client *seam.Client, filter map[string]any) iter.Seq2[seam.Space, error] {
	return func(yield func(seam.Space, error) bool) {
		for s, err := range a.Endpoint.List(ctx, client, filter) {
			if s, err = withDoors(ctx, client, s, err); !yield(s, err) || err != nil {
				return
			}
		}
	}
}

func withDoors(ctx context.Context, client *seam.Client, s seam.Space, err error) (seam.Space, error) {
	if err == nil {
		s.Doors, err = client.DoorsOfSpace(ctx, s.ID, seam.Doors{})
	}
	return s, err
}
