package core

import (
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var metadataKeyPattern = regexp.MustCompile(`^[^.]{1,40}$`)

// MetadataAttribute is the attribute custom_metadata of an object, with what a change does.
func MetadataAttribute(object, change string) schema.MapAttribute {
	return schema.MapAttribute{
		MarkdownDescription: fmt.Sprintf("Metadata on the %s: up to 50 entries, with keys of up to 40 characters without dots, and values of up to 500 characters. Booleans are written as `true` or `false`. %s", object, change),
		Optional:            true, ElementType: types.StringType,
		Validators: []validator.Map{
			mapvalidator.SizeAtMost(50),
			mapvalidator.KeysAre(stringvalidator.RegexMatches(metadataKeyPattern, "must have 1 to 40 characters and no dots")),
			mapvalidator.ValueStringsAre(stringvalidator.LengthBetween(1, 500)),
		},
	}
}

// OthersStay is the change of MetadataAttribute if Terraform manages only configured entries.
func OthersStay(object string) string {
	return fmt.Sprintf("Other entries on the %s are left unchanged; an entry removed from the configuration is removed from the %[1]s.", object)
}

// ConfiguredMetadata are the entries that Seam shows of those in the configuration.
func ConfiguredMetadata(configured types.Map, shown map[string]string) types.Map {
	if configured.IsNull() {
		return configured
	}
	entries := map[string]attr.Value{}
	for key := range configured.Elements() {
		if value, there := shown[key]; there {
			entries[key] = types.StringValue(value)
		}
	}
	return types.MapValueMust(types.StringType, entries)
}

// ChangedMetadata are the entries to send: those that changed, and nil for those that were removed.
func ChangedMetadata(planned, prior types.Map) map[string]*string {
	changed, held := map[string]*string{}, TextsOf(prior)
	for key := range held {
		changed[key] = nil
	}
	for key, text := range TextsOf(planned) {
		if before, there := held[key]; there && before == text {
			delete(changed, key)
			continue
		}
		changed[key] = &text
	}
	return changed
}

// MapOf is a map of strings; null if it is empty.
func MapOf(texts map[string]string) types.Map {
	if len(texts) == 0 {
		return types.MapNull(types.StringType)
	}
	entries := make(map[string]attr.Value, len(texts))
	for key, text := range texts {
		entries[key] = types.StringValue(text)
	}
	return types.MapValueMust(types.StringType, entries)
}

// TextsOf are the entries of a map of strings that are known.
func TextsOf(from types.Map) map[string]string {
	all := map[string]string{}
	for key, element := range from.Elements() {
		if text, ok := element.(types.String); ok && !text.IsUnknown() {
			all[key] = text.ValueString()
		}
	}
	return all
}
