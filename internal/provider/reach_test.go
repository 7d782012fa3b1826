package provider

import (
	"sync"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func TestDoesTheFirstPlanFailWithAWrongKey(t *testing.T) {
	for noun, config := range map[string]values{
		"seam_access_code":           {"code": "4821"},
		"seam_device":                {},
		"seam_unmanaged_access_code": {"access_code_id": "code-1"},
		"seam_webhook":               {"url": "https://example.com/hook", "event_types": []any{"access_code.created"}},
	} {
		t.Run(noun, func(t *testing.T) {
			inWorldOf(t, noun, func(w *world) {
				if noun == "seam_access_code" || noun == "seam_device" {
					config = config.with(values{"device_id": w.lock.ID})
				}
				w.settings = w.settings.with(values{"api_key": "seam_revoked"})
				w.restart()
				w.fails(w.plan(config).diags, "Seam refuses the provider's credentials", "unauthorized", "Check the API key")
				w.asked("/workspaces/get", 1)
				w.asked("/devices/get", 0)
			})
		})
	}
}

func TestDoesTheFirstPlanFailWithARightThatIsMissing(t *testing.T) {
	inWorld(t, func(w *world) {
		w.seam.InjectFault(seamtest.Fault{Path: "/workspaces/get", Status: 403, Type: "forbidden", Message: "not for you"})
		w.fails(w.plan(values{"device_id": w.lock.ID}).diags, "not for you", "These credentials may not do this")
	})
}

func TestDoesTheFirstPlanFailWithAKeyOfAnotherWorkspace(t *testing.T) {
	inWorld(t, func(w *world) {
		other := w.seam.AddWorkspace("Other")
		w.settings = w.settings.with(values{"workspace_id": other.ID})
		w.restart()
		w.fails(w.plan(values{"device_id": w.lock.ID}).diags, "but the provider is configured for workspace "+other.ID, "or correct workspace_id")
	})
}

func TestDoesTheFirstPlanWarnThatSeamIsOutOfReach(t *testing.T) {
	for name, trouble := range map[string]struct {
		fault seamtest.Fault
		says  []string
	}{
		"no connection":      {seamtest.Fault{Drop: seamtest.DropBefore}, []string{"no answer from Seam on /workspaces/get", "Check the network"}},
		"a server error":     {seamtest.Fault{Status: 503}, []string{"HTTP 503", "Run again later"}},
		"silence":            {seamtest.Fault{Delay: time.Hour}, []string{"no answer within 20s"}},
		"a page of a proxy":  {seamtest.HTML404(""), []string{"HTTP 404", "any proxy in between"}},
		"too many questions": {seamtest.Fault{Status: 429, Type: "too_many_requests"}, []string{"HTTP 429"}},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.seam.InjectFault(trouble.fault)
				p := w.plan(values{"device_id": w.lock.ID, "code": "4821"})
				w.ok(p.diags)
				w.warns(p.diags, append(trouble.says, "Seam cannot be asked", "shows only when it is applied")...)
				w.asked("/devices/get", 0)
			})
		})
	}
}

func TestIsSeamAskedOnceWhetherItTakesTheKeyHoweverMuchIsPlanned(t *testing.T) {
	for name, key := range map[string]string{"a good key": "", "a wrong key": "seam_revoked"} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				if key != "" {
					w.settings = w.settings.with(values{"api_key": key})
					w.restart()
				}
				plansAtOnce(w, 300)
				w.asked("/workspaces/get", 1)
			})
		})
	}
}

func TestIsASilentSeamWaitedForOnceHoweverMuchIsPlanned(t *testing.T) {
	inWorld(t, func(w *world) {
		w.seam.InjectFault(seamtest.Fault{Delay: time.Hour})
		if d := took(func() { plansAtOnce(w, 300) }); d > 21*time.Second {
			t.Errorf("300 plans took %v", d)
		}
	})
}

// plansAtOnce plans many creates, ten at a time.
func plansAtOnce(w *world, many int) {
	var plans sync.WaitGroup
	turns := make(chan struct{}, 10)
	for range many {
		turns <- struct{}{}
		plans.Go(func() {
			defer func() { <-turns }()
			w.plan(values{"device_id": w.lock.ID})
		})
	}
	plans.Wait()
}

func TestMayACodeBeLetGoOfWithADeadKey(t *testing.T) {
	inWorld(t, func(w *world) {
		config := values{"device_id": w.lock.ID, "code": "4821"}
		w.ok(w.apply(config))
		w.settings = w.settings.with(values{"api_key": "seam_revoked"})
		w.restart()
		w.ok(w.put(config.with(values{"removal": "abandoned"})))
		w.ok(w.delete())
		w.gone()
	})
}

func TestDoesAnInterruptEndTheCheckOfTheKey(t *testing.T) {
	inWorld(t, func(w *world) {
		w.seam.InjectFault(seamtest.Fault{Delay: time.Hour})
		time.AfterFunc(2*time.Second, w.interrupt)
		if d := took(func() { w.plan(values{"device_id": w.lock.ID}) }); d > 3*time.Second {
			t.Errorf("the plan ended %v after it began", d)
		}
	})
}
