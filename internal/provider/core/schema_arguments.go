package core

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Optional arguments for which Seam has a value if they are left out. Removing one keeps the last value.

func OptionalComputedString(description string) schema.StringAttribute {
	return OptionalComputed(OptionalString(description))
}

func OptionalComputedBool(description string) schema.BoolAttribute {
	return schema.BoolAttribute{MarkdownDescription: description, Optional: true, Computed: true, PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()}}
}

// OptionalComputedSet is a set of strings.
func OptionalComputedSet(description string) schema.SetAttribute {
	a := OptionalSet(description)
	a.Computed, a.PlanModifiers = true, []planmodifier.Set{setplanmodifier.UseStateForUnknown()}
	return a
}

// OptionalSet is a set of strings, which are not empty.
func OptionalSet(description string) schema.SetAttribute {
	return schema.SetAttribute{
		MarkdownDescription: description, Optional: true, ElementType: types.StringType,
		Validators: []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(NonEmpty...)},
	}
}

// ReplacingIfConfigured makes another configured value replace the object.
func ReplacingIfConfigured(a schema.StringAttribute) schema.StringAttribute {
	a.PlanModifiers = append(a.PlanModifiers, stringplanmodifier.RequiresReplaceIfConfigured())
	return a
}
