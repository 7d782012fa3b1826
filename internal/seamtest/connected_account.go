package seamtest

import (
	"maps"
	"slices"
)

// connectedAccount is an account at a manufacturer. Its locks name it.
var connectedAccount = rules{
	complete: func(_ *Workspace, fields jsonObject) error {
		defaults := jsonObject{
			"account_type": "yale_access", "account_type_display_name": "Yale Access", "display_name": "Yale Access",
			"automatically_manage_new_devices": true, "accepted_capabilities": []string{"lock"},
		}
		if list, _ := fields["accepted_capabilities"].([]any); len(list) == 0 {
			delete(fields, "accepted_capabilities")
		}
		maps.Copy(defaults, fields)
		maps.Copy(fields, defaults)
		fields["custom_metadata"] = merged(nil, objectField(fields, "custom_metadata"))
		return nil
	},
	related: func(o *object) links {
		spaces := links{}
		for _, space := range o.server().collections["space"].in(o.workspace) {
			if slices.Contains(space.links["connected_account"], o.id) {
				spaces.add("space", space.id)
			}
		}
		return spaces
	},
	cascade: forgetLocks,
	routes: map[string]func(*collection, *apiCall) (jsonObject, error){
		"get": getConnectedAccount, "update": updateConnectedAccount,
	},
}

// forgetLocks makes the locks of an account unknown to Seam. Their PINs still open them.
func forgetLocks(account *object, _ bool) {
	for _, l := range account.workspace.locks {
		if l.connectedAccountID == account.id {
			l.gone = true
		}
	}
}

func getConnectedAccount(c *collection, call *apiCall) (jsonObject, error) {
	for _, o := range c.in(call.workspace) {
		if email := call.body["email"]; email != nil && objectField(o.fields, "user_identifier")["email"] == email {
			return jsonObject{c.noun: c.show("get", o)}, nil
		}
	}
	return c.get(call)
}

// updateConnectedAccount refuses another customer key. What Seam answers to that is not published.
func updateConnectedAccount(c *collection, call *apiCall) (jsonObject, error) {
	o, err := c.find(call.workspace, c.selector(call.body))
	if err != nil {
		return nil, err
	}
	key, have := call.body["customer_key"], o.fields["customer_key"]
	if key != nil && have != nil && key != have {
		return nil, invalidInput("customer_key", "is set already")
	}
	return c.update(call)
}
