package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Does each run of the example for pipelines leave its receipts in a file of its own?
func TestAccDocs_ciExampleWritesAReceiptsFileForEachRun(t *testing.T) {
	h := newExampleHarness(t)
	c := h.newWorkingDir("guides/ci")
	for run := range 2 {
		c.run("apply").requireExitCode(0)
		c.run("destroy").requireExitCode(0)
		files, err := filepath.Glob(filepath.Join(c.dir, "receipts", "removals-*.jsonl"))
		if err != nil || len(files) != run+1 {
			t.Fatalf("%d files of receipts after run %d (%v)", len(files), run+1, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil || strings.Count(string(text), `"outcome":"verified"`) != 1 {
				t.Errorf("%s: %v\n%s", file, err, text)
			}
		}
	}
	h.removeFound(c)
}
