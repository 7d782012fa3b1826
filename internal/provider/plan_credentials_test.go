package provider

import (
	"sync"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// Does the first plan fail with a wrong key?
func TestProvider_firstPlanFailsWithAWrongKey(t *testing.T) {
	for noun, config := range map[string]values{
		"seam_access_code":           {"code": "4821"},
		"seam_device":                {},
		"seam_unmanaged_access_code": {"access_code_id": "code-1"},
		"seam_webhook":               {"url": "https://example.com/hook", "event_types": []any{"access_code.created"}},
	} {
		subtestFor(t, noun, noun, func(h *harness) {
			if noun == "seam_access_code" || noun == "seam_device" {
				config = config.with(values{"device_id": h.lock.ID})
			}
			h.configure(values{"api_key": "seam_revoked"})
			h.restart()
			h.requireError(h.plan(config).Diags, "Seam rejected the provider's credentials", "unauthorized", "Check the API key")
			h.requireRequests("/workspaces/get", 1)
			h.requireRequests("/devices/get", 0)
		})
	}
}

// Does the first plan fail if a permission is missing?
func TestProvider_firstPlanFailsWithoutPermission(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.seam.InjectFault(seamtest.Fault{Path: "/workspaces/get", Status: 403, Type: "forbidden", Message: "not for you"})
		h.requireError(h.plan(values{"device_id": h.lock.ID}).Diags, "not for you", "These credentials may not do this")
	})
}

// Does the first plan fail with a key of another workspace?
func TestProvider_firstPlanFailsWithAKeyOfAnotherWorkspace(t *testing.T) {
	withHarness(t, func(h *harness) {
		other := h.seam.AddWorkspace("Other")
		h.configure(values{"workspace_id": other.ID})
		h.restart()
		h.requireError(h.plan(values{"device_id": h.lock.ID}).Diags, "but the provider is configured for workspace "+other.ID, "or correct workspace_id")
	})
}

// Does the first plan warn that Seam is out of reach?
func TestProvider_firstPlanWarnsThatSeamIsUnreachable(t *testing.T) {
	type testCase struct {
		fault seamtest.Fault
		says  []string
	}
	forEach(t, map[string]testCase{
		"no connection":      {seamtest.Fault{Drop: seamtest.DropBefore}, []string{"no answer from Seam on /workspaces/get", "Check the network"}},
		"a server error":     {seamtest.Fault{Status: 503}, []string{"HTTP 503", "Run again later"}},
		"silence":            {seamtest.Fault{Delay: time.Hour}, []string{"no answer within 20s"}},
		"a page of a proxy":  {seamtest.HTML404(""), []string{"HTTP 404", "any proxy in between"}},
		"too many questions": {seamtest.Fault{Status: 429, Type: "too_many_requests"}, []string{"HTTP 429"}},
	}, func(h *harness, trouble testCase) {
		h.seam.InjectFault(trouble.fault)
		diags := h.plan(values{"device_id": h.lock.ID, "code": "4821"}).Diags
		h.requireWarningOnly(diags, append(trouble.says, "Seam cannot be reached", "problems may show only during apply")...)
		h.requireRequests("/devices/get", 0)
	})
}

// Is Seam asked once whether it takes the key, however much is planned?
func TestProvider_credentialsAreCheckedOncePerPlan(t *testing.T) {
	forEach(t, map[string]string{"a good key": "", "a wrong key": "seam_revoked"}, func(h *harness, key string) {
		if key != "" {
			h.configure(values{"api_key": key})
			h.restart()
		}
		planConcurrentCreates(h, 60)
		h.requireRequests("/workspaces/get", 1)
	})
}

// Is a silent Seam waited for once, however much is planned?
func TestProvider_unresponsiveSeamIsAwaitedOncePerPlan(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.seam.InjectFault(seamtest.Fault{Delay: time.Hour})
		h.requireWithin(0, 21*time.Second, func() { planConcurrentCreates(h, 60) })
	})
}

// planConcurrentCreates plans many creates, ten at a time.
func planConcurrentCreates(h *harness, many int) {
	var plans sync.WaitGroup
	turns := make(chan struct{}, 10)
	for range many {
		turns <- struct{}{}
		plans.Go(func() {
			defer func() { <-turns }()
			h.plan(values{"device_id": h.lock.ID})
		})
	}
	plans.Wait()
}

// Can a code be abandoned with a dead key?
func TestAccessCode_abandonedWithADeadKey(t *testing.T) {
	withHarness(t, func(h *harness) {
		config := values{"device_id": h.lock.ID, "code": "4821"}
		h.requireNoError(h.apply(config))
		h.configure(values{"api_key": "seam_revoked"})
		h.restart()
		h.requireNoError(h.ApplyWithoutRefresh(config.with(values{"removal": "abandoned"})))
		h.mustDestroyWithoutRefresh()
	})
}

// Does an interrupt end the check of the key?
func TestProvider_interruptEndsTheCredentialCheck(t *testing.T) {
	withHarness(t, func(h *harness) {
		h.seam.InjectFault(seamtest.Fault{Delay: time.Hour})
		time.AfterFunc(2*time.Second, h.Interrupt)
		h.requireWithin(0, 3*time.Second, func() { h.plan(values{"device_id": h.lock.ID}) })
	})
}
