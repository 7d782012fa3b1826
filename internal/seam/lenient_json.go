package seam

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// decodeFields decodes data into the struct that into points to, field by field. Fields with an
// unexpected value stay zero, and their names are returned.
func decodeFields(data []byte, into any) (malformed []string) {
	var raw map[string]json.RawMessage
	if json.Unmarshal(data, &raw) != nil {
		return nil // not an object, so it has no fields
	}
	fields := reflect.ValueOf(into).Elem()
	for i := range fields.NumField() {
		name := fields.Type().Field(i).Tag.Get("json")
		value, given := raw[name]
		if name == "" || !given {
			continue
		}
		field := reflect.New(fields.Field(i).Type())
		if json.Unmarshal(value, field.Interface()) == nil {
			fields.Field(i).Set(field.Elem())
		} else {
			malformed = append(malformed, name)
		}
	}
	return malformed
}

// UnmarshalJSON never fails. Fields with an unexpected value are zero and recorded in malformed,
// so that an invalid field never hides the ID of a code.
func (a *AccessCode) UnmarshalJSON(data []byte) error {
	type plain AccessCode
	*a = AccessCode{}
	if json.Unmarshal(data, (*plain)(a)) != nil {
		*a = AccessCode{}
		a.malformed = decodeFields(data, (*plain)(a))
	}
	for name, id := range map[string]*string{
		"access_code_id": &a.ID, "device_id": &a.DeviceID, "workspace_id": &a.WorkspaceID, "pulled_backup_access_code_id": &a.PulledBackupAccessCodeID,
	} {
		if *id != "" && !isID(*id) {
			*id, a.malformed = "", append(a.malformed, name)
		}
	}
	return nil
}

// criticalFields are the fields that decisions depend on: whether the code is managed, its lock,
// its status, its PIN and its backup code.
var criticalFields = []string{"device_id", "code", "status", "is_managed", "pulled_backup_access_code_id", "pending_mutations", "errors"}

// validateFor returns why a is not a valid response for the code id, or an empty string. Only
// [criticalFields] must be well-formed: a zero value there would look like a code without
// problems.
func (a *AccessCode) validateFor(id string) string {
	unclear := slices.DeleteFunc(slices.Clone(a.malformed), func(name string) bool { return !slices.Contains(criticalFields, name) })
	slices.Sort(unclear)
	switch {
	case a.ID == "":
		return "the response is not the JSON that Seam documents"
	case a.ID != id:
		return "the response is about another access code than the one requested"
	case len(unclear) > 0:
		return fmt.Sprintf("the response has invalid values for access code %s: %s", id, strings.Join(unclear, ", "))
	}
	return ""
}

// UnmarshalJSON never fails. An attempt with an invalid status has an empty, unknown status.
func (a *ActionAttempt) UnmarshalJSON(data []byte) error {
	type plain ActionAttempt
	*a = ActionAttempt{}
	decodeFields(data, (*plain)(a))
	if !isID(a.ID) {
		a.ID = ""
	}
	return nil
}

// UnmarshalJSON never fails: an unexpected value in the description of a lock must not make a
// removal proof fail.
func (d *LockDevice) UnmarshalJSON(data []byte) error {
	type plain LockDevice
	*d = LockDevice{}
	decodeFields(data, (*plain)(d))
	return nil
}
