package core

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// errorSummary is the first line of every error.
func errorSummary(verb, noun string) string {
	return fmt.Sprintf("Unable to %s %s", verb, strings.ReplaceAll(noun, "_", " "))
}

// addErrors makes diagnostics of an error: one for each attribute that Seam objects to, or
// one for the whole.
func addErrors[A any](diags *diag.Diagnostics, title string, err error, attributes map[string]A) {
	detail := err.Error() + "\n\n" + Advice(err)
	located := false
	if e, ok := errors.AsType[*seam.Error](err); ok {
		for _, field := range slices.Sorted(maps.Keys(e.Fields)) {
			if _, ours := attributes[field]; ours {
				diags.AddAttributeError(path.Root(field), title, e.Fields[field]+"\n\n"+detail)
				located = true
			}
		}
	}
	if !located {
		diags.AddError(title, detail)
	}
}

// Advice says what to do about err.
func Advice(err error) string {
	next := seam.Advice(err, "Nothing was lost: the state is as before. Run again.")
	if there, ok := errors.AsType[*seam.ExistingError](err); ok {
		next = fmt.Sprintf("If no state holds %s, import it: %s. %s", there.ID, seam.ImportCommand("seam_"+there.Noun, there.ID), next)
	}
	return next
}

// WithAdvice is err with another advice.
func WithAdvice(err error, advice string) error { return adviceError{err, advice} }

type adviceError struct {
	error
	advice string
}

func (e adviceError) Unwrap() error  { return e.error }
func (e adviceError) Advice() string { return e.advice }

// requireConfigured reports whether Seam can be asked, and says so if it cannot.
func requireConfigured(client *seam.Client, diags *diag.Diagnostics) bool {
	if client == nil {
		diags.AddError("Seam provider not configured", "The provider's configuration is still unknown. Apply what it depends on first (`-target`), then run again.")
	}
	return client != nil
}
