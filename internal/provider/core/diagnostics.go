package core

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/seamapi/terraform-provider-seam/internal/removal"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// errorSummary is the summary line of an error.
func errorSummary(verb, noun string) string {
	return fmt.Sprintf("Unable to %s %s", verb, strings.ReplaceAll(noun, "_", " "))
}

// addErrors turns an error into diagnostics: one for each attribute that Seam rejected, or one for
// the whole object.
func addErrors[A any](diags *diag.Diagnostics, title string, err error, advice string, attributes map[string]A) {
	detail := err.Error() + "\n\n" + advice
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

// Advice says what to do about an error of an object of this noun.
func Advice(err error, noun string) string {
	otherwise := "Nothing was lost: the state is as before. Run again."
	switch {
	case errors.Is(err, removal.ErrRefused):
		otherwise = "Fix the cause and run destroy again: it sends a new delete request."
	case errors.Is(err, removal.ErrUnconfirmed):
		otherwise = "Run destroy again: it continues where this one stopped. If the lock just needs more time, raise timeouts.delete, apply, then destroy."
	}
	return seam.RenderSteps(seam.Advice(err, otherwise), func(s seam.Step) string { return command(s, noun) })
}

// command renders a step for an object of this noun. The quotes are for the shell: an address can
// contain a key in quotes.
func command(s seam.Step, noun string) string {
	switch s.Kind {
	case seam.StepImport:
		return ImportCommand(s.Noun, s.ID)
	case seam.StepForget:
		return "`state rm`"
	}
	return "If the lock or its workspace is permanently gone, set removal = \"abandoned\" (or \"requested\") on the resource, " +
		"run `apply -refresh=false`, then `destroy -refresh=false -target='ADDRESS'`; or remove it from the state with `state rm 'ADDRESS'`. " +
		"Replace ADDRESS with the resource's address, " + addressExample(noun) + ", and keep the quotes. " +
		"None of these proves that the PIN no longer opens the door."
}

// ImportCommand is the command that imports an object of this noun.
func ImportCommand(noun, id string) string {
	return fmt.Sprintf("`terraform import 'ADDRESS' %s` (replace ADDRESS with the resource's address, %s, and keep the quotes)", id, addressExample(noun))
}

func addressExample(noun string) string { return fmt.Sprintf("such as seam_%s.stay[\"ana\"]", noun) }

// actionAdvice is Advice for an action, which has no state.
func actionAdvice(err error) string {
	otherwise := "Run the action again."
	if errors.Is(err, removal.ErrRefused) || errors.Is(err, removal.ErrUnconfirmed) {
		otherwise = "Fix the cause, then run the action again. If the lock just needs more time, raise timeouts.invoke."
	}
	return strings.TrimSpace(seam.RenderSteps(seam.Advice(err, otherwise), func(s seam.Step) string {
		if s.Kind == seam.StepForceForget {
			return ""
		}
		return command(s, s.Noun)
	}))
}

// WithAdvice replaces the advice of an error.
func WithAdvice(err error, advice string) error { return adviceError{err, advice} }

type adviceError struct {
	error
	advice string
}

func (e adviceError) Unwrap() error  { return e.error }
func (e adviceError) Advice() string { return e.advice }

// requireConfigured reports whether there is a client, and adds an error if there is none.
func requireConfigured(client *seam.Client, diags *diag.Diagnostics) bool {
	if client == nil {
		diags.AddError("Seam provider not configured", "The provider's configuration is still unknown. Apply what it depends on first (`-target`), then run again.")
	}
	return client != nil
}
