package provider

import (
	"testing"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

type arguments = acctest.Values

const (
	existsBefore = "Creating it takes over what exists already."
	noDataSource = "It has no data source."
	idNotRead    = "The id that a 404 names is compared for access codes only."
)

func conform(t *testing.T, c acctest.Case) {
	t.Helper()
	c.NewServer, c.Provider, c.FastPath = newTestServer, values{"bulk_read": *bulkRead}, newFastPath
	acctest.Conform(t, c)
}

func TestWebhook_conforms(t *testing.T) {
	c := acctest.NounCase("webhook", "webhooks")
	c.Replaces = "url"
	c.Configs = func(*acctest.Harness) (before, after, other arguments) {
		before = arguments{"url": webhookURL, "event_types": []string{"access_code.deleted"}}
		return before, before.With(arguments{"event_types": []string{"access_code.deleted", "access_code.created"}}), before.With(arguments{"url": "https://example.com/other"})
	}
	c.Secrets = func(h *acctest.Harness) (secrets []string) {
		for _, w := range h.Seam.Objects("webhook") {
			secrets = append(secrets, w.Text("secret"))
		}
		return secrets
	}
	conform(t, c)
}

func TestDevice_conforms(t *testing.T) {
	conform(t, acctest.Case{
		Type: "seam_device", Replaces: "device_id", NotTold: []string{"on_destroy"},
		Configs: func(h *acctest.Harness) (before, after, other arguments) {
			before = arguments{"device_id": h.Lock.ID, "on_destroy": "unmanage"}
			return before, before.With(arguments{"name": "Main entrance"}), before.With(arguments{"device_id": h.Seam.AddLock("Back Door").ID})
		},
		IDs: func(h *acctest.Harness) []string {
			return h.ListedIDs("/devices/list", "devices", "device_id", nil)
		},
		Remove:  func(h *acctest.Harness, _ string) { h.Lock.Disappear() },
		Secrets: func(*acctest.Harness) []string { return []string{canary} },
		Create:  "/devices/update", Get: "/devices/get", List: "/devices/list", NotFound: "device_not_found",
		DataSource: "seam_device", Lookup: func(_ *acctest.Harness, id string) arguments { return arguments{"id": id} },
		Except: map[string]string{
			"removed outside": "A device that is missing may come back, so the state keeps it.", "lost create": existsBefore,
			"404 about another, by data": idNotRead, "404 about another, by message": idNotRead,
		},
	})
}

func TestUnmanagedAccessCode_conforms(t *testing.T) {
	conform(t, acctest.Case{
		Type: "seam_unmanaged_access_code", Replaces: "access_code_id",
		Configs: func(h *acctest.Harness) (before, after, other arguments) {
			before = arguments{"access_code_id": h.Lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: canary})}
			another := h.Lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: otherCanary})
			return before, before.With(arguments{"timeouts": arguments{"delete": "20m"}}), before.With(arguments{"access_code_id": another})
		},
		IDs: func(h *acctest.Harness) []string {
			return h.ListedIDs(strayPath, "access_codes", "access_code_id", arguments{"device_id": h.Lock.ID})
		},
		Remove:  func(h *acctest.Harness, id string) { h.Seam.RemoveUnmanagedAccessCode(id) },
		Secrets: func(*acctest.Harness) []string { return []string{canary, otherCanary} },
		Create:  getUnmanagedPath, Get: getUnmanagedPath, List: strayPath, NotFound: "access_code_not_found",
		OtherPaths: []string{"/access_codes/unmanaged/delete", "/devices/get"},
		DataSource: "seam_unmanaged_access_codes", Lookup: func(h *acctest.Harness, _ string) arguments { return arguments{"device_id": h.Lock.ID} },
		Except: map[string]string{"lost create": existsBefore, "wrong workspace, change": "A change concerns arguments that only the provider knows."},
	})
}

func TestAccessCode_conforms(t *testing.T) {
	for form, notTold := range map[string][]string{"plain": {"removal"}, "write-only": {"removal", "code", "code_wo_version"}} {
		t.Run(form, func(t *testing.T) { conform(t, accessCodeCase(secretForms[form], notTold)) })
	}
}

func accessCodeCase(pin values, notTold []string) acctest.Case {
	return acctest.Case{
		Type: "seam_access_code", Replaces: "device_id", NotTold: notTold,
		Configs: func(h *acctest.Harness) (before, after, other arguments) {
			config := values{"device_id": h.Lock.ID, "name": "Guest", "removal": "verified_by_event"}.with(pin)
			before = arguments(config)
			return before, arguments(rotatedConfig(config)), before.With(arguments{"device_id": h.Seam.AddLock("Back Door").ID})
		},
		IDs: func(h *acctest.Harness) (ids []string) {
			for _, code := range h.Seam.AccessCodes() {
				ids = append(ids, code.ID)
			}
			return ids
		},
		Remove:  func(h *acctest.Harness, id string) { h.Seam.RemoveAccessCode(id) },
		Secrets: func(*acctest.Harness) []string { return []string{canary, otherCanary} },
		Create:  createPath, Get: getPath, List: listPath, NotFound: "access_code_not_found",
		OtherPaths: []string{updatePath, deletePath, strayPath, "/devices/get", actionAttemptPath(), "/events/list"},
		DataSource: "seam_access_code", Lookup: func(_ *acctest.Harness, id string) arguments { return arguments{"id": id} },
	}
}

func TestExclusive_conforms(t *testing.T) {
	const (
		notOnSeam = "It is no object on Seam."
		noList    = "It has no list resource."
	)
	conform(t, acctest.Case{
		Type: exclusiveNoun, Replaces: "device_id",
		Configs: func(h *acctest.Harness) (before, after, other arguments) {
			owner := h.Lock.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{PIN: canary})
			before = arguments{"device_id": h.Lock.ID, "unmanaged_access_code_ids": []any{owner}}
			return before, before.With(arguments{"access_code_ids": []any{}}), before.With(arguments{"device_id": h.Seam.AddLock("Back Door").ID})
		},
		NotTold: []string{"unmanaged_access_code_ids"},
		IDs: func(h *acctest.Harness) []string {
			return h.ListedIDs("/devices/list", "devices", "device_id", nil)
		},
		Remove:  func(h *acctest.Harness, _ string) { h.Lock.Disappear() },
		Secrets: func(*acctest.Harness) []string { return []string{canary} },
		Create:  "/devices/get", Get: listPath, List: strayPath, NotFound: "access_code_not_found",
		Except: map[string]string{
			"destroy": notOnSeam, "replace": notOnSeam, "lost create": notOnSeam, "only a typed 404": notOnSeam, "data source": noDataSource, "list": noList, "list limit": noList,
			"removed outside": "A device that is missing may come back, so the state keeps it.",
			"fast path":       "Its private state holds its claim of the lock, so that the framework is always asked.",
		},
	})
}
