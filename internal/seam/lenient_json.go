package seam

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// decodeFields fills the struct that into points to, field by field, and names the fields
// that cannot be read. They stay zero: one unexpected value must not hide the others.
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

// UnmarshalJSON never fails. What cannot be read is zero and noted, above all the id: a
// code whose id can be read is never lost for another field's sake.
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

// criticalFields are the fields on which verdicts rest: whether a code is ours, where and in
// what condition it is, which PIN it has, and which other code stands in for it.
var criticalFields = []string{"device_id", "code", "status", "is_managed", "pulled_backup_access_code_id", "pending_mutations", "errors"}

// validateFor tells why a cannot serve as what Seam says of the code that was asked for. It
// may lack a field on which no verdict rests; a missing value of another would look like
// one that says that all is well.
func (a *AccessCode) validateFor(id string) string {
	unclear := slices.DeleteFunc(slices.Clone(a.malformed), func(name string) bool { return !slices.Contains(criticalFields, name) })
	slices.Sort(unclear)
	switch {
	case a.ID == "":
		return "the answer is not the JSON that Seam documents"
	case a.ID != id:
		return "the answer is about another access code than the one asked for"
	case len(unclear) > 0:
		return fmt.Sprintf("what the answer says of access code %s cannot be read in full: unexpected %s", id, strings.Join(unclear, ", "))
	}
	return ""
}

// UnmarshalJSON never fails. An attempt without a status that can be read is in none that
// is known.
func (a *ActionAttempt) UnmarshalJSON(data []byte) error {
	type plain ActionAttempt
	*a = ActionAttempt{}
	decodeFields(data, (*plain)(a))
	if !isID(a.ID) {
		a.ID = ""
	}
	return nil
}

// UnmarshalJSON never fails: a proof must not fail because Seam describes a lock in an
// unexpected way.
func (d *LockDevice) UnmarshalJSON(data []byte) error {
	type plain LockDevice
	*d = LockDevice{}
	decodeFields(data, (*plain)(d))
	return nil
}
