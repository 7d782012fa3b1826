package provider

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/acctest"
	"github.com/seamapi/terraform-provider-seam/internal/removal"
)

// refreshInNextRun is a refresh with a new provider process.
func (h *harness) refreshInNextRun() diagnostics { h.t.Helper(); h.restart(); return h.refresh() }

// destroyInNextRun is a destroy with a new provider process.
func (h *harness) destroyInNextRun() diagnostics { h.t.Helper(); h.restart(); return h.destroy() }

// mustDestroy destroys the object. It fails the test unless the object leaves the state without an
// error, and none of the PINs opens the door.
func (h *harness) mustDestroy(pins ...string) {
	h.t.Helper()
	h.requireNoError(h.destroy())
	h.requireGone(pins...)
}

func (h *harness) mustDestroyWithoutRefresh(pins ...string) {
	h.t.Helper()
	h.requireNoError(h.destroyWithoutRefresh())
	h.requireGone(pins...)
}

// mustDestroyInNextRun is mustDestroy with a new provider process.
func (h *harness) mustDestroyInNextRun(pins ...string) {
	h.t.Helper()
	h.requireNoError(h.destroyInNextRun())
	h.requireGone(pins...)
}

// requireGone fails the test if there is an object in the state, or one of the PINs opens the door.
func (h *harness) requireGone(pins ...string) {
	h.t.Helper()
	h.requireNoState()
	for _, pin := range pins {
		h.requireOpens(pin, false)
	}
}

// requireWarningOnly fails the test on an error, or unless the warnings say all of this.
func (h *harness) requireWarningOnly(d diagnostics, says ...string) {
	h.t.Helper()
	h.requireNoError(d)
	h.requireWarning(d, says...)
}

// requireLeftover is requireError for an error that names an unmanaged code, of which it returns
// the id.
func (h *harness) requireLeftover(d diagnostics, says ...string) string {
	h.t.Helper()
	h.requireError(d, says...)
	return h.unmanagedCodeID(errorText(d))
}

// requireReplaces fails the test unless a plan replaces the object because of these attributes.
func (h *harness) requireReplaces(config values, because ...string) {
	h.t.Helper()
	p := h.plan(config)
	h.requireNoError(p.Diags)
	if !slices.Equal(p.Replaces, because) {
		h.t.Errorf("the plan changes %q and replaces because of %q, want %q", p.changes(), p.Replaces, because)
	}
}

// requireUpdate fails the test unless a plan changes the object in place.
func (h *harness) requireUpdate(config values) {
	h.t.Helper()
	if p := h.plan(config); p.errors() != "" || p.empty() || len(p.Replaces) > 0 {
		h.t.Errorf("the plan changes %q and replaces because of %q, want an update: %s", p.changes(), p.Replaces, p.errors())
	}
}

// requireAttributes fails the test unless the state has these values.
func (h *harness) requireAttributes(want values) {
	h.t.Helper()
	for name, value := range want {
		if got := h.attribute(name); !reflect.DeepEqual(got, value) {
			h.t.Errorf("%s is %v, want %v", name, got, value)
		}
	}
}

// requireAbsent fails the test if a text holds one of the secrets.
func requireAbsent(t *testing.T, text string, secrets ...string) {
	t.Helper()
	for _, secret := range secrets {
		if i := strings.Index(text, secret); i >= 0 {
			t.Errorf("%q is in: %q", secret, text[max(0, i-300):min(len(text), i+100)])
		}
	}
}

// requireWithin fails the test unless it takes as long as this, both included.
func (h *harness) requireWithin(least, most time.Duration, what func()) {
	h.t.Helper()
	if d := elapsed(what); d < least || d > most {
		h.t.Errorf("it took %v, want %v to %v", d, least, most)
	}
}

// requireNoWrite fails the test if anything is written to Seam meanwhile.
func (h *harness) requireNoWrite(meanwhile func()) {
	h.t.Helper()
	before := writeCount(h)
	meanwhile()
	requireEqual(h.t, "writes", writeCount(h), before)
}

// requireNoCalls fails the test if Seam is called meanwhile.
func (h *harness) requireNoCalls(meanwhile func()) {
	h.t.Helper()
	before := len(h.seam.Requests())
	meanwhile()
	requireEqual(h.t, "requests", len(h.seam.Requests()), before)
}

// requireReceipt returns the only receipt.
func (h *harness) requireReceipt(receipts func() []removal.Receipt) removal.Receipt {
	h.t.Helper()
	all := receipts()
	if len(all) != 1 {
		h.t.Fatalf("receipts %+v, want one", all)
	}
	return all[0]
}

func (h *harness) mustOpen(kind string, config values) acctest.Ephemeral {
	h.t.Helper()
	o, diags := h.OpenEphemeral(kind, config)
	h.requireNoDiagnostics(diags)
	return o
}

func (h *harness) requireOpenError(kind string, config values, says ...string) {
	h.t.Helper()
	_, diags := h.OpenEphemeral(kind, config)
	h.requireError(diags, says...)
}

func (h *harness) requireListError(kind string, config values, says ...string) {
	h.t.Helper()
	_, diags := h.ListResources(kind, config, 100, true, 0)
	h.requireError(diags, says...)
}
