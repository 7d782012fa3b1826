package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func (w *world) finds(kind string, config values) []listed {
	w.t.Helper()
	found, diags := w.list(kind, config, 1000, false, 0)
	w.silent(diags)
	return found
}

// furnish puts five managed and three unmanaged codes on the lock, and one on another.
func (w *world) furnish() (managed, unmanaged []string, elsewhere string) {
	w.t.Helper()
	for n := range 5 {
		managed = append(managed, w.createElsewhere(values{"device_id": w.lock.ID, "name": fmt.Sprint("Guest ", n), "code": fmt.Sprint(48210 + n)}))
	}
	for n := range 3 {
		unmanaged = append(unmanaged, w.lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: fmt.Sprint("Old ", n), PIN: fmt.Sprint(73190 + n)}))
	}
	elsewhere = w.createElsewhere(values{"device_id": w.seam.AddLock("Back Door").ID})
	slices.Sort(managed)
	slices.Sort(unmanaged)
	return managed, unmanaged, elsewhere
}

func TestListsFindWhatThereIs(t *testing.T) {
	inWorld(t, func(w *world) {
		managed, unmanaged, elsewhere := w.furnish()
		onFront := values{"device_id": w.lock.ID}
		same(t, "codes of a lock", ids(w.finds("seam_access_code", onFront)), managed)
		same(t, "all codes", ids(w.finds("seam_access_code", values{})), slices.Sorted(slices.Values(append(slices.Clone(managed), elsewhere))))
		same(t, "searched", len(w.finds("seam_access_code", onFront.with(values{"search": "Guest 3"}))), 1)
		same(t, "unmanaged codes of a lock", ids(w.finds("seam_unmanaged_access_code", onFront)), unmanaged)
		same(t, "all unmanaged codes", ids(w.finds("seam_unmanaged_access_code", values{})), unmanaged)
		same(t, "devices", len(w.finds("seam_device", values{})), 2)
		same(t, "unmanaged devices", len(w.finds("seam_device", values{"is_managed": false})), 0)
		same(t, "by manufacturer", len(w.finds("seam_device", values{"manufacturer": "august"})), 0)
		same(t, "webhooks", len(w.finds("seam_webhook", values{})), 0)
		hooks := w.other("seam_webhook")
		hooks.ok(hooks.apply(hook()))
		found := w.finds("seam_webhook", values{"url": removalHook})
		same(t, "webhook", []any{found[0].id, found[0].name}, []any{hooks.id(), removalHook})
		same(t, "another url", len(w.finds("seam_webhook", values{"url": "https://example.com"})), 0)
		if found := w.finds("seam_access_code", onFront); !strings.HasPrefix(found[0].name, "Guest ") {
			t.Errorf("the name for people is %q", found[0].name)
		}
	})
}

func TestListStopsAskingWhenThereIsEnough(t *testing.T) {
	inWorld(t, func(w *world) {
		w.furnish()
		w.seam.PageSize(2)
		onFront := values{"device_id": w.lock.ID}
		for _, c := range []struct {
			limit  int64
			enough int
			want   int
			pages  int
		}{{3, 0, 3, 2}, {2, 0, 2, 1}, {100, 0, 5, 3}, {100, 1, 1, 1}} {
			w.seam.ResetRequests()
			found, diags := w.list("seam_access_code", onFront, c.limit, false, c.enough)
			w.silent(diags)
			if len(found) != c.want || w.seam.Count(listPath) != c.pages {
				t.Errorf("%+v: %d found with %d requests", c, len(found), w.seam.Count(listPath))
			}
		}
		w.seam.ResetRequests()
		w.list("seam_access_code", values{}, 1, false, 0) // of all locks, the first is enough
		w.asked(listPath, 1)
	})
}

func TestListThatFailsHalfwaySaysSo(t *testing.T) {
	inWorld(t, func(w *world) {
		w.furnish()
		w.seam.PageSize(2)
		w.seam.InjectFault(seamtest.Fault{Path: listPath, Skip: 1, Status: 500})
		found, diags := w.list("seam_access_code", values{"device_id": w.lock.ID}, 100, true, 0)
		w.fails(diags, "Unable to list access codes", "500", "Run again later")
		same(t, "found before", len(found), 2)
		_, diags = w.list("seam_unmanaged_access_code", values{"device_id": nobody}, 100, false, 0)
		w.fails(diags, "Unable to list unmanaged access codes", "device_not_found")
		w.seam.InjectFault(seamtest.Fault{Path: "/webhooks/list", Status: 200, ContentType: "application/json", Body: `{"ok":true}`})
		_, diags = w.list("seam_webhook", values{}, 100, false, 0)
		w.fails(diags, "Unable to list webhooks", "holds no list")
		_, diags = w.list("seam_device", values{"manufacturer": "cheese"}, 100, false, 0)
		w.fails(diags, "Unable to list devices", "manufacturer")
	})
}

func TestWhatAListFindsPlansNothingOnceImported(t *testing.T) {
	for kind, config := range map[string]values{"seam_access_code": {}, "seam_unmanaged_access_code": {}, "seam_device": {}, "seam_webhook": {}} {
		t.Run(kind, func(t *testing.T) {
			inWorldOf(t, kind, func(w *world) {
				w.furnish()
				hooks := w.other("seam_webhook")
				hooks.ok(hooks.apply(hook("access_code.deleted")))
				found, diags := w.list(kind, config, 100, true, 0)
				w.silent(diags)
				if len(found) == 0 {
					t.Fatal("nothing is found")
				}
				for _, f := range found {
					if f.id != f.resource["id"] {
						t.Errorf("identity %s, resource %v", f.id, f.resource["id"])
					}
					for _, secret := range []string{"code", "secret"} {
						if f.resource[secret] != nil {
							t.Errorf("a list shows %s", secret)
						}
					}
					w.state, w.private = w.none(), nil
					w.silent(w.importID(f.id))
					if p := w.plan(w.generated(f.resource)); !p.empty() {
						t.Errorf("the plan after an import changes %v: %s", p.changes(), p.errors())
					}
				}
			})
		})
	}
}

// generated is the configuration that Terraform makes of a listed resource: what can be
// configured, secrets left out.
func (w *world) generated(resource map[string]any) values {
	config := values{}
	for _, a := range w.schema.Block.Attributes {
		if (a.Required || a.Optional) && !a.Sensitive && resource[a.Name] != nil {
			config[a.Name] = resource[a.Name]
			if items, ok := resource[a.Name].([]any); ok {
				texts := make([]string, len(items))
				for i, item := range items {
					texts[i] = fmt.Sprint(item)
				}
				config[a.Name] = texts
			}
		}
	}
	return config
}

// An older CLI asks for none of this; a newer one finds it behind optional interfaces.
func TestProviderOffersWhatNewerCLIsAskFor(t *testing.T) {
	server := NewServer("test")
	if _, ok := server.(tfprotov6.ListResourceServer); !ok {
		t.Error("lists are hidden")
	}
	if _, ok := server.(tfprotov6.ActionServer); !ok {
		t.Error("actions are hidden")
	}
	meta, err := server.GetMetadata(t.Context(), &tfprotov6.GetMetadataRequest{})
	if err != nil || len(meta.Diagnostics) > 0 || len(meta.ListResources) != 4 || len(meta.Actions) != 4 {
		t.Errorf("%+v, %v", meta, err)
	}
}
