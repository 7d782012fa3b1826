package accesssystem

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/provider/core"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// validPIN does not repeat the PIN in its message, unlike the framework's validator.
var validPIN = core.CheckString("Digits.", "Invalid PIN", func(text string) string {
	if seam.NumericPIN.MatchString(text) {
		return ""
	}
	return `A PIN must be digits in quotes, such as "0729".`
})

// notReturned says what an import means for an argument that Seam does not return.
const notReturned = " Seam does not return it, so after an import, setting it replaces the credential, as every change does."

func acsCredentialAttributes() map[string]schema.Attribute {
	all := map[string]schema.Attribute{
		"acs_user_id":   core.RequiredReplace("User of the access system to whom it belongs."),
		"acs_system_id": core.ComputedStable("Access system that it belongs to."),
		"access_method": accessMethod(),
		"code": schema.StringAttribute{
			MarkdownDescription: "The PIN, for the access method `code`. The access system chooses it if neither this nor `code_wo` is set. It is stored in the state; null with `code_wo`. Changing it removes the old PIN: the update waits until the access system has confirmed it. Seam cannot clear it: without this argument, the PIN stays as it is.",
			Optional:            true, Computed: true, Sensitive: true, PlanModifiers: []planmodifier.String{core.CodeUnlessWriteOnly},
			Validators: []validator.String{validPIN, core.ConflictsWith("code_wo")},
		},
		"code_wo": schema.StringAttribute{
			MarkdownDescription: "The PIN as a write-only argument (Terraform 1.11, OpenTofu 1.11). It is never stored in the state or the plan, so a PIN that is changed in the access system is not detected. After an import, the state holds the PIN until the next apply.",
			Optional:            true, WriteOnly: true, Validators: []validator.String{validPIN, core.Requires("code_wo_version")},
		},
		"code_wo_version": schema.Int64Attribute{
			MarkdownDescription: "Change this when `code_wo` changes. Terraform cannot detect a change of a write-only argument, so this is what sends the new PIN.",
			Optional:            true, Validators: []validator.Int64{core.Requires("code_wo")},
		},
		"starts_at":                core.ReplacingIfConfigured(core.OptionalComputed(core.OptionalTime("Start, in RFC 3339 format; now by default. Changing this replaces the credential."))),
		"ends_at":                  core.OptionalComputed(core.OptionalTime("End, in RFC 3339 format; none by default. Seam cannot clear it: without this argument, the end stays as it is.")),
		"allowed_acs_entrance_ids": idSet("Entrances that the credential opens, for access systems that do not decide this by access groups."+notReturned, setplanmodifier.RequiresReplace()),
		"removal":                  core.RemovalAttribute("credential", "the credential is deleted"),
		"created_at":               core.ComputedStable("When the credential was created, in RFC 3339 format."),
	}
	maps.Copy(all, brandMetadata())
	return all
}

// brandMetadata are the arguments for particular access systems.
func brandMetadata() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"assa_abloy_vostio_metadata": metadata("Arguments for ASSA ABLOY Vostio.", map[string]schema.Attribute{
			"auto_join":                        flag("Whether the credential also opens the doors of earlier credentials of the user."),
			"join_all_guest_acs_entrances":     flag("Whether it opens all guest entrances besides those that others have opened."),
			"override_all_guest_acs_entrances": flag("Whether it invalidates earlier credentials at all guest entrances."),
			"override_guest_acs_entrance_ids":  idSet("Guest entrances at which it invalidates earlier credentials."),
		}),
		"salto_space_metadata": metadata("Arguments for Salto Space.", map[string]schema.Attribute{
			"assign_new_key": flag("Whether the user gets a new card. To replace a lost card, destroy its credential first; the one with a new card comes after that, so do not set `create_before_destroy`."),
		}),
		"visionline_metadata": metadata("Arguments for Visionline.", map[string]schema.Attribute{
			"auto_join":                 flag("Whether the credential also opens the doors of earlier credentials of the user."),
			"card_format":               oneOf("`TLCode` or `rfid48`.", "TLCode", "rfid48"),
			"card_function_type":        oneOf("`guest` or `staff`; guest by default.", "guest", "staff"),
			"joiner_acs_credential_ids": idSet("Credentials that stay valid beside this one. Needs `allowed_acs_entrance_ids`."),
			"override":                  flag("Whether it invalidates earlier credentials of guests at its entrances."),
		}),
	}
}

func metadata(description string, of map[string]schema.Attribute) schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: description + notReturned, Optional: true, Attributes: of, PlanModifiers: []planmodifier.Object{objectplanmodifier.RequiresReplace()},
	}
}

func flag(description string) schema.BoolAttribute {
	return schema.BoolAttribute{MarkdownDescription: description, Optional: true}
}

func oneOf(description string, values ...string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: []validator.String{stringvalidator.OneOf(values...)}}
}

// idSet refuses an empty set, which Seam would read back as null.
func idSet(description string, more ...planmodifier.Set) schema.SetAttribute {
	a := core.OptionalSet(description)
	a.Validators = append(a.Validators, setvalidator.SizeAtLeast(1))
	a.PlanModifiers = more
	return a
}

func accessMethod() schema.StringAttribute {
	a := core.RequiredReplace("`code`, `card`, `mobile_key` or `cloud_key`.")
	a.Validators = []validator.String{stringvalidator.OneOf("code", "card", "mobile_key", "cloud_key")}
	return a
}

// sent is an object as Seam takes it; nil for null.
func sent(of types.Object) map[string]any {
	if of.IsNull() {
		return nil
	}
	fields := map[string]any{}
	for name, value := range of.Attributes() {
		switch value := value.(type) {
		case types.Bool:
			fields[name] = value.ValueBoolPointer()
		case types.String:
			fields[name] = value.ValueStringPointer()
		case types.Set:
			fields[name] = core.StringsOf(value)
		}
		if value.IsNull() {
			delete(fields, name)
		}
	}
	return fields
}
