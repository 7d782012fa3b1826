package seam

import (
	"fmt"
	"regexp"
)

// Step is part of an advice that names a command. How the command is written depends on the
// tool in which the advice is read, so it stands in the text as a marker, and
// [RenderSteps] replaces it.
type Step struct {
	Kind StepKind
	Noun string // such as access_code; empty for the object that the advice is about
	ID   string // of the object to import
}

// StepKind says what a step does.
type StepKind string

// Kinds of steps.
const (
	StepImport      StepKind = "import"       // bring an object under control
	StepForget      StepKind = "forget"       // let go of an object without touching it
	StepForceForget StepKind = "force-forget" // the same, with what else helps if its removal can never be proven
)

func (s Step) String() string { return fmt.Sprintf("{{%s|%s|%s}}", s.Kind, s.Noun, s.ID) }

var stepMarker = regexp.MustCompile(`\{\{([a-z-]+)\|([a-z_]*)\|([0-9A-Za-z_-]*)\}\}`)

// RenderSteps replaces the steps in an advice.
func RenderSteps(advice string, render func(Step) string) string {
	return stepMarker.ReplaceAllStringFunc(advice, func(marker string) string {
		m := stepMarker.FindStringSubmatch(marker)
		return render(Step{StepKind(m[1]), m[2], m[3]})
	})
}

func importStep(noun, id string) string {
	return Step{Kind: StepImport, Noun: noun, ID: SanitizeID(id)}.String()
}
