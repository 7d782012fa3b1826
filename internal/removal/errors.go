package removal

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// unconfirmed returns the error for a removal that may still be in progress.
func (r *removal) unconfirmed(ctx context.Context, err error) error {
	return r.describeFailure(ctx, ErrUnconfirmed, "The removal is not confirmed", err)
}

// describeFailure describes a removal that failed. The error matches outcome, from which the
// caller derives the advice if err has none.
func (r *removal) describeFailure(ctx context.Context, outcome error, headline string, err error) error {
	lines := []string{fmt.Sprintf("%s: %s.", headline, strings.TrimRight(err.Error(), "."))}
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, context.Canceled):
		lines = []string{fmt.Sprintf("%s: interrupted.", headline)}
	case cause != nil:
		lines = []string{fmt.Sprintf("%s: %v.", headline, cause)}
	default:
		lines = append(lines, r.diagnose(ctx)...)
	}
	lines = append(lines, r.target.Subject().risk()+".")
	return seam.WrapAdvice(errors.Join(outcome, err), strings.Join(lines, "\n"), seam.Advice(err, ""))
}

func (r *removal) diagnose(ctx context.Context) []string {
	ctx, cancel := context.WithTimeout(ctx, diagnosisTimeout)
	defer cancel()
	var lines []string
	if r.attempt.ID != "" && r.attempt.Status != seam.AttemptError {
		lines = append(lines, fmt.Sprintf("Action attempt %s: %s.", r.attempt.ID, r.Redact(r.attempt.Status)))
	}
	return append(lines, r.target.Diagnose(ctx)...)
}

func (r *removal) reportProgress(format string, args ...any) {
	if r.Progress != nil {
		r.Progress(fmt.Sprintf(format, args...))
	}
}

func capitalize(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
