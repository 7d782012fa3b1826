package seamtest

import "cmp"

// userIdentity is a person. What Seam answers to a taken key, address or number is not published.
var userIdentity = rules{
	unique: map[string]string{
		"user_identity_key": "user_identity_key_conflict",
		"email_address":     "user_identity_email_or_phone_conflict",
		"phone_number":      "user_identity_email_or_phone_conflict",
	},
	complete: func(_ *Workspace, fields jsonObject) error {
		text := Object{Fields: fields}.Text
		fields["display_name"] = cmp.Or(text("full_name"), text("email_address"), text("phone_number"), text("user_identity_key"), "Unnamed")
		return nil
	},
	cascade: removeKeysOf,
	routes: map[string]func(*collection, *apiCall) (jsonObject, error){
		"generate_instant_key": generateInstantKey, "add_acs_user": linkAcsUser(true), "remove_acs_user": linkAcsUser(false), "list_acs_users": listAcsUsers,
	},
}
