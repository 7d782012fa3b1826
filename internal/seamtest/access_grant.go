package seamtest

import (
	"cmp"
	"maps"
)

// accessGrant is what a user identity may open. Only the list is served: tests add the grants.
var accessGrant = rules{
	complete: func(w *Workspace, fields jsonObject) error {
		defaults := jsonObject{
			"display_name":   cmp.Or(Object{Fields: fields}.Text("name"), "Access Grant"),
			"display_status": "active",
			"starts_at":      formatTime(w.server.now),
		}
		maps.Copy(defaults, fields)
		maps.Copy(fields, defaults)
		return nil
	},
}
