package seam

import (
	"fmt"
	"regexp"
)

// Step is a command in an advice. How the command is written depends on the tool that shows the
// advice, so the text contains a marker, which [RenderSteps] replaces.
type Step struct {
	Kind StepKind
	Noun string // such as access_code; empty for the object that the advice is about
	ID   string // ID of the object to import
}

// StepKind is the kind of a step.
type StepKind string

// Kinds of steps.
const (
	StepImport      StepKind = "import"       // import an object into the state
	StepForget      StepKind = "forget"       // remove an object from the state without deleting it
	StepForceForget StepKind = "force-forget" // the ways to remove an object from the state if its removal can never be proven
)

func (s Step) String() string { return fmt.Sprintf("{{%s|%s|%s}}", s.Kind, s.Noun, s.ID) }

var stepMarker = regexp.MustCompile(`\{\{([a-z-]+)\|([a-z_]*)\|([0-9A-Za-z_-]*)\}\}`)

// RenderSteps replaces the markers of steps in an advice with the result of render.
func RenderSteps(advice string, render func(Step) string) string {
	return stepMarker.ReplaceAllStringFunc(advice, func(marker string) string {
		m := stepMarker.FindStringSubmatch(marker)
		return render(Step{StepKind(m[1]), m[2], m[3]})
	})
}

func importStep(noun, id string) string {
	return Step{Kind: StepImport, Noun: noun, ID: SanitizeID(id)}.String()
}
