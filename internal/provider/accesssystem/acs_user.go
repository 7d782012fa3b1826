package accesssystem

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// acsUser is the model of seam_acs_user.
type acsUser struct {
	core.Managed
	SystemID          types.String `tfsdk:"acs_system_id"`
	UserIdentityID    types.String `tfsdk:"user_identity_id"`
	FullName          types.String `tfsdk:"full_name"`
	EmailAddress      types.String `tfsdk:"email_address"`
	PhoneNumber       types.String `tfsdk:"phone_number"`
	AccessSchedule    types.Object `tfsdk:"access_schedule"`
	IsSuspended       types.Bool   `tfsdk:"is_suspended"`
	DeletedExternally types.Bool   `tfsdk:"deleted_externally"`
	Removal           types.String `tfsdk:"removal"`
	CreatedAt         types.String `tfsdk:"created_at"`
}

var acsUsers = core.DeclareModel[acsUser](core.Noun[acsUser, seam.AcsUser, seam.AcsUserInput]{
	Name: "acs_user", Plural: "acs_users",
	Doc: "A person in an access system, such as an employee in the access control system of an office.",
	ResourceDoc: "Destroy finishes only when Seam answers that neither the user nor any of the user's credentials exists any more. It fails if a card or phone key was issued that a door may accept without asking the access system: such a revocation is not provable.\n\n" +
		"Do not set `create_before_destroy`: an access system may take two users with the same email address for one. A user who was deleted in the access system itself is replaced.",
	ListDoc:      "Finds the users of access systems.",
	API:          seam.AcsUsers,
	Attributes:   acsUserAttributes(),
	ResourceOnly: []string{"removal"},
	Filters:      map[string]string{"acs_system_id": "Access system that they belong to.", "user_identity_id": "User identity that they are linked to.", "search": "Search text."},
	FromAPI:      func(m *acsUser, u seam.AcsUser) { m.fromAPI(u) },
	Label:        func(u seam.AcsUser) string { return u.DisplayName },
})

func acsUserAttributes() map[string]schema.Attribute {
	cannotBeCleared := " Seam cannot clear it."
	return map[string]schema.Attribute{
		"acs_system_id": core.RequiredReplace("Access system that the user belongs to."),
		"user_identity_id": schema.StringAttribute{
			MarkdownDescription: "User identity that the user is linked to. Without this argument, Terraform leaves the link as it is.", Optional: true, Computed: true,
			Validators: core.NonEmpty, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"full_name":     core.RequiredString("Full name."),
		"email_address": core.OptionalString("Email address." + cannotBeCleared),
		"phone_number":  phoneNumber("Phone number with country code, such as `+15551234567`." + cannotBeCleared),
		"access_schedule": schema.SingleNestedAttribute{
			MarkdownDescription: "When the access system lets the user in; always by default. An update that changes it waits until the access system has confirmed it.", Optional: true,
			Attributes: map[string]schema.Attribute{
				"starts_at": schema.StringAttribute{MarkdownDescription: "Start, in RFC 3339 format.", Required: true, Validators: []validator.String{core.RFC3339}, PlanModifiers: []planmodifier.String{core.RFC3339}},
				"ends_at":   schema.StringAttribute{MarkdownDescription: "End, in RFC 3339 format; none by default. Seam cannot clear it, or change a schedule without an end: remove `access_schedule` for that.", Optional: true, Validators: []validator.String{core.RFC3339}, PlanModifiers: []planmodifier.String{core.RFC3339}},
			},
		},
		"is_suspended": schema.BoolAttribute{
			MarkdownDescription: "Whether the access system refuses the user. A change waits until the access system has confirmed it. Without this argument, Terraform leaves it as it is.", Optional: true, Computed: true,
			PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
		},
		"deleted_externally": schema.BoolAttribute{
			MarkdownDescription: "Whether the user was deleted in the access system, outside Seam. The next apply replaces the user.", Computed: true,
			PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
		},
		"removal":    core.RemovalAttribute("user", "the user and all credentials of the user are deleted"),
		"created_at": core.ComputedStable("When the user was created, in RFC 3339 format."),
	}
}

func phoneNumber(description string) schema.StringAttribute {
	a := core.OptionalString(description)
	a.Validators = []validator.String{stringvalidator.RegexMatches(e164, "must have the format +15551234567")}
	return a
}

// fromAPI sets what the object shows.
func (m *acsUser) fromAPI(u seam.AcsUser) {
	m.SystemID, m.UserIdentityID = core.StringOrNull(u.SystemID), core.StringOrNull(u.UserIdentityID)
	m.FullName, m.EmailAddress, m.PhoneNumber = core.StringOrNull(u.FullName), core.StringOrNull(u.EmailAddress), core.StringOrNull(u.PhoneNumber)
	m.AccessSchedule = scheduleValue(u.Schedule(), m.AccessSchedule)
	m.IsSuspended, m.DeletedExternally = types.BoolValue(u.Suspended()), types.BoolValue(u.DeletedExternally())
	m.CreatedAt = core.PreserveSpelling(u.CreatedAt, m.CreatedAt)
}

var scheduleType = map[string]attr.Type{"starts_at": types.StringType, "ends_at": types.StringType}

// scheduleValue keeps the spelling of times that are the same as before.
func scheduleValue(schedule *seam.AccessSchedule, before types.Object) types.Object {
	if schedule == nil {
		return types.ObjectNull(scheduleType)
	}
	starts, ends := scheduleTimes(before)
	return types.ObjectValueMust(scheduleType, map[string]attr.Value{
		"starts_at": core.PreserveSpelling(schedule.StartsAt, starts), "ends_at": core.PreserveSpelling(schedule.EndsAt, ends),
	})
}

func scheduleTimes(of types.Object) (starts, ends types.String) {
	var times struct {
		StartsAt types.String `tfsdk:"starts_at"`
		EndsAt   types.String `tfsdk:"ends_at"`
	}
	of.As(context.Background(), &times, basetypes.ObjectAsOptions{UnhandledNullAsEmpty: true, UnhandledUnknownAsEmpty: true})
	return times.StartsAt, times.EndsAt
}

func (m *acsUser) target() removal.AcsUser {
	created, _ := time.Parse(time.RFC3339, m.CreatedAt.ValueString())
	return removal.AcsUser{ID: m.ID.ValueString(), SystemID: m.SystemID.ValueString(), CreatedAt: created}
}
