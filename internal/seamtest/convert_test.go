package seamtest

import (
	"net/http"
	"testing"
	"time"
)

const (
	convertPath = "/access_codes/unmanaged/convert_to_managed"
	adoptPath   = "/access_codes/unmanaged/update"
)

func (c *client) getUnmanaged(id string) object {
	c.t.Helper()
	return fields(c.ok("/access_codes/unmanaged/get", object{"access_code_id": id}), "access_code")
}

func TestConversionTakesItsTime(t *testing.T) {
	for path, more := range map[string]object{convertPath: {}, adoptPath: {"is_managed": true}} {
		t.Run(path, func(t *testing.T) {
			_, l, c, clock := door(t)
			l.OnConvert(Conversion{Takes: 3 * time.Second})
			id := l.AddUnmanaged(Unmanaged{PIN: "1234", Name: "Cleaner"})
			from := clock.in(time.Second)
			clock.advance(time.Second)
			more["access_code_id"], more["allow_external_modification"] = id, true
			want(t, "fields of the answer", len(c.ok(path, more)), 1)
			clock.advance(2 * time.Second)
			c.missing(id)
			want(t, "name", c.getUnmanaged(id)["name"], any("Cleaner"))

			clock.advance(time.Second)
			code := c.get(id)
			want(t, "code", code["code"], any("1234"))
			want(t, "status", code["status"], any("set"))
			want(t, "external modification", code["is_external_modification_allowed"], any(true))
			c.refused("/access_codes/unmanaged/get", object{"access_code_id": id}, http.StatusNotFound, "access_code_not_found")
			c.refused(path, more, http.StatusNotFound, "access_code_not_found")
			opens(t, l, "1234", true)
			want(t, "events", c.happened(from), "access_code.unmanaged.converted_to_managed ")
		})
	}
}

func TestConversionFails(t *testing.T) {
	s, l, c, clock := door(t)
	from := clock.in(time.Second)
	s.DefaultConversion(Conversion{Takes: time.Second, Ends: Fails})
	id := l.AddUnmanaged(Unmanaged{PIN: "1234"})
	clock.advance(time.Second)
	c.ok(convertPath, object{"access_code_id": id})
	want(t, "errors", len(entries(c.getUnmanaged(id), "errors")), 0)
	clock.advance(time.Second)
	c.missing(id)
	want(t, "error", text(c.getUnmanaged(id), "errors", 0, "error_code"), "provider_issue")
	found := entries(c.ok("/events/list", object{"since": from}), "events")
	want(t, "event", text(found, 0, "event_type"), "access_code.unmanaged.failed_to_convert_to_managed")
	want(t, "its error", text(found, 0, "access_code_errors", 0, "error_code"), "provider_issue")

	l.DefaultConversion(Conversion{Ends: NeverEnds})
	c.ok(convertPath, object{"access_code_id": id})
	clock.advance(time.Hour)
	c.missing(id)
	l.OnConvert(Conversion{})
	c.ok(convertPath, object{"access_code_id": id})
	want(t, "errors", len(entries(c.get(id), "errors")), 0)
}

func TestConversionAsTheGuideShowsIt(t *testing.T) {
	_, l, c, clock := door(t)
	c.lenient = true
	l.OnConvert(Conversion{WithAttempt: true, Takes: time.Second, Ends: Fails, ErrorType: "nope"}, Conversion{WithAttempt: true})
	id := object{"access_code_id": l.AddUnmanaged(Unmanaged{PIN: "1234"})}
	attempt := c.attempt(convertPath, id)
	want(t, "attempt", c.attemptStatus(attempt), any("pending"))
	clock.advance(time.Second)
	want(t, "attempt", c.attemptStatus(attempt), any("error"))
	want(t, "attempt", c.attemptStatus(c.attempt(convertPath, id)), any("success"))
}

func TestCodesThatCannotBeConverted(t *testing.T) {
	_, l, c, _ := door(t)
	theirs := l.AddUnmanaged(Unmanaged{PIN: "1234", OfAnotherWorkspace: true})
	fixed := l.AddUnmanaged(Unmanaged{PIN: "5678", CannotBeManaged: true})
	c.refused(convertPath, object{"access_code_id": theirs}, http.StatusBadRequest, "access_code_managed_by_another_workspace")
	c.refused(adoptPath, object{"access_code_id": theirs, "is_managed": true, "force": false}, http.StatusBadRequest, "access_code_managed_by_another_workspace")
	c.refused(adoptPath, object{"access_code_id": theirs, "is_managed": false}, http.StatusBadRequest, "invalid_input")
	c.refused(convertPath, object{"access_code_id": fixed, "force": true}, http.StatusBadRequest, "cannot_be_managed")
	c.refused(convertPath, object{"access_code_id": newID()}, http.StatusNotFound, "access_code_not_found")
	c.ok(convertPath, object{"access_code_id": theirs, "force": true})
	c.get(theirs)

	left := l.AddUnmanaged(Unmanaged{PIN: "9012"})
	l.OnRemove(Removal{Ends: NeverEnds})
	c.ok("/access_codes/unmanaged/delete", object{"access_code_id": left})
	c.refused(convertPath, object{"access_code_id": left}, http.StatusConflict, "access_code_is_being_deleted")
	l.Unmanage()
	c.refused(convertPath, object{"access_code_id": theirs}, http.StatusBadRequest, "device_unmanaged")
}

func TestConversionEndsWithTheCode(t *testing.T) {
	s, l, c, clock := door(t)
	l.OnConvert(Conversion{Takes: time.Minute})
	id := l.AddUnmanaged(Unmanaged{PIN: "1234"})
	c.ok(convertPath, object{"access_code_id": id})
	s.RemoveUnmanaged(id)
	clock.advance(time.Minute)
	c.missing(id)
	opens(t, l, "1234", false)
}

func TestCodeIsManagedAgainBeforeItStarts(t *testing.T) {
	s, l, c, clock := door(t)
	id := c.create(l, object{"code": "1234", "starts_at": clock.in(time.Hour), "ends_at": clock.in(2 * time.Hour)})
	s.UnmanageCode(id)
	want(t, "status", c.getUnmanaged(id)["status"], any("unset"))
	c.ok(convertPath, object{"access_code_id": id})
	clock.advance(time.Hour)
	want(t, "status", c.get(id)["status"], any("set"))
	opens(t, l, "1234", true)
}

func TestRemovalsOfUnmanagedCodes(t *testing.T) {
	for _, test := range []struct {
		name    string
		how     Removal
		attempt any
		stays   bool // at Seam
		opens   bool
	}{
		{"at once", Removal{}, "success", false, false},
		{"fails", Removal{Takes: time.Second, Ends: Fails}, "error", true, true},
		{"never ends", Removal{Ends: NeverEnds}, "pending", true, true},
		{"never ends, goes", Removal{Ends: NeverEnds, GoneAfter: time.Second}, "pending", false, false},
		{"success, stays", Removal{Stays: true}, "success", true, true},
		{"ghost", Removal{Ghost: &Unmanaged{AppearsAfter: time.Hour}}, "success", false, true},
		{"ghost with the same id", Removal{Takes: time.Second, Ghost: &Unmanaged{SameID: true}}, "success", true, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, l, c, clock := door(t)
			l.OnRemove(test.how)
			id := l.AddUnmanaged(Unmanaged{PIN: "1234"})
			attempt := c.attempt("/access_codes/unmanaged/delete", object{"access_code_id": id})
			clock.advance(time.Minute)
			want(t, "attempt", c.attemptStatus(attempt), test.attempt)
			opens(t, l, "1234", test.opens)
			want(t, "listed", len(c.unmanaged(l)) == 1, test.stays)
			if test.stays {
				c.getUnmanaged(id)
				return
			}
			c.refused("/access_codes/unmanaged/delete", object{"access_code_id": id}, http.StatusNotFound, "access_code_not_found")
		})
	}
}
