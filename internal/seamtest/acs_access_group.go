package seamtest

import (
	"cmp"
	"maps"
)

// acsAccessGroup is a group of an access control system. Seam only reads them.
var acsAccessGroup = rules{
	complete: func(_ *Workspace, fields jsonObject) error {
		text := Object{Fields: fields}.Text
		kind := cmp.Or(text("external_type"), "brivo_group")
		defaults := jsonObject{
			"name": "Group", "display_name": cmp.Or(text("name"), "Group"), "is_managed": true,
			"access_group_type": kind, "access_group_type_display_name": kind, "external_type": kind, "external_type_display_name": kind,
		}
		maps.Copy(defaults, fields)
		maps.Copy(fields, defaults)
		return nil
	},
}
