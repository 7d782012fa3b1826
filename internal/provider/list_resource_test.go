package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func (h *harness) mustList(kind string, config values) []listResult {
	h.t.Helper()
	found, diags := h.ListResources(kind, config, 1000, false, 0)
	h.requireNoDiagnostics(diags)
	return found
}

// addCodes puts five managed and three unmanaged codes on the lock, and one on another.
func (h *harness) addCodes() (managed, unmanaged []string, elsewhere string) {
	h.t.Helper()
	for n := range 5 {
		managed = append(managed, h.createOutside(values{"device_id": h.lock.ID, "name": fmt.Sprint("Guest ", n), "code": fmt.Sprint(48210 + n)}))
	}
	for n := range 3 {
		unmanaged = append(unmanaged, h.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: fmt.Sprint("Old ", n), PIN: fmt.Sprint(73190 + n)}))
	}
	elsewhere = h.createOutside(values{"device_id": h.seam.AddLock("Back Door").ID})
	slices.Sort(managed)
	slices.Sort(unmanaged)
	return managed, unmanaged, elsewhere
}

func TestListResource_findsExistingObjects(t *testing.T) {
	withHarness(t, func(h *harness) {
		managed, unmanaged, elsewhere := h.addCodes()
		onFront := values{"device_id": h.lock.ID}
		requireEqual(t, "codes of a lock", listedIDs(h.mustList("seam_access_code", onFront)), managed)
		requireEqual(t, "all codes", listedIDs(h.mustList("seam_access_code", values{})), slices.Sorted(slices.Values(append(slices.Clone(managed), elsewhere))))
		requireEqual(t, "searched", len(h.mustList("seam_access_code", onFront.with(values{"search": "Guest 3"}))), 1)
		requireEqual(t, "unmanaged codes of a lock", listedIDs(h.mustList("seam_unmanaged_access_code", onFront)), unmanaged)
		requireEqual(t, "all unmanaged codes", listedIDs(h.mustList("seam_unmanaged_access_code", values{})), unmanaged)
		requireEqual(t, "devices", len(h.mustList("seam_device", values{})), 2)
		requireEqual(t, "unmanaged devices", len(h.mustList("seam_device", values{"is_managed": false})), 0)
		requireEqual(t, "by manufacturer", len(h.mustList("seam_device", values{"manufacturer": "august"})), 0)
		requireEqual(t, "webhooks", len(h.mustList("seam_webhook", values{})), 0)
		hooks := h.newObject("seam_webhook")
		hooks.requireNoError(hooks.apply(webhookConfig()))
		found := h.mustList("seam_webhook", values{"url": webhookURL})
		requireEqual(t, "webhook", []any{found[0].ID, found[0].Name}, []any{hooks.id(), webhookURL})
		requireEqual(t, "another url", len(h.mustList("seam_webhook", values{"url": "https://example.com"})), 0)
		if found := h.mustList("seam_access_code", onFront); !strings.HasPrefix(found[0].Name, "Guest ") {
			t.Errorf("the name for people is %q", found[0].Name)
		}
	})
}

func TestListResource_stopsRequestingWhenThereIsEnough(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.addCodes()
		h.seam.PageSize(2)
		onFront := values{"device_id": h.lock.ID}
		for _, c := range []struct {
			limit  int64
			enough int
			want   int
			pages  int
		}{{3, 0, 3, 2}, {2, 0, 2, 1}, {100, 0, 5, 3}, {100, 1, 1, 1}} {
			h.seam.ResetRequests()
			found, diags := h.ListResources("seam_access_code", onFront, c.limit, false, c.enough)
			h.requireNoDiagnostics(diags)
			if len(found) != c.want || h.seam.Count(listPath) != c.pages {
				t.Errorf("%+v: %d found with %d requests", c, len(found), h.seam.Count(listPath))
			}
		}
		h.seam.ResetRequests()
		h.ListResources("seam_access_code", values{}, 1, false, 0) // of all locks, the first is enough
		h.requireRequests(listPath, 1)
	})
}

func TestListResource_failureHalfwayIsReported(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.addCodes()
		h.seam.PageSize(2)
		h.seam.InjectFault(seamtest.Fault{Path: listPath, Skip: 1, Status: 500})
		found, diags := h.ListResources("seam_access_code", values{"device_id": h.lock.ID}, 100, true, 0)
		h.requireError(diags, "Unable to list access codes", "500", "Run again later")
		requireEqual(t, "found before", len(found), 2)
		h.requireListError("seam_unmanaged_access_code", values{"device_id": missingID}, "Unable to list unmanaged access codes", "device_not_found")
		h.seam.InjectFault(seamtest.Fault{Path: "/webhooks/list", Status: 200, ContentType: "application/json", Body: `{"ok":true}`})
		h.requireListError("seam_webhook", values{}, "Unable to list webhooks", "does not contain the whole list")
		h.requireListError("seam_device", values{"manufacturer": "cheese"}, "Unable to list devices", "manufacturer")
	})
}
