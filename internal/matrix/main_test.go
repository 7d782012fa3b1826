package main

import (
	"strings"
	"testing"
)

const events = `with Terraform v1.5.7 (/bin/terraform)
{"Action":"start"}
{"Action":"output","Test":"TestAccCode_opens","Output":"fine\n"}
{"Action":"pass","Test":"TestAccCode_opens"}
{"Action":"output","Test":"TestAccCode_hides/a","Output":"x_test.go:1: NOT RUN: write-only arguments need Terraform 1.11; this is Terraform 1.5.7\n"}
{"Action":"skip","Test":"TestAccCode_hides/a"}
{"Action":"pass","Test":"TestAccCode_hides"}
`

func read(t *testing.T, events string) *result {
	t.Helper()
	r, err := readEvents(strings.NewReader(events))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Does the table say what ran, and why the rest did not?
func TestMatrix_tableCountsTestsAndReasons(t *testing.T) {
	r := read(t, events)
	if err := r.problems(t.Output()); err != nil {
		t.Error(err)
	}
	var out strings.Builder
	printTable(&out, []*result{r})
	want := `
Tests of  Terraform v1.5.7
Code      1 passed, 1 skipped
all       1 passed, 1 skipped

Skipped because                            Terraform v1.5.7
write-only arguments need Terraform 1.11   1

1 passed, 0 failed, 1 skipped
`
	if got := out.String(); strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(want), " ") {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Is a test that failed, crashed or was skipped for another reason reported?
func TestMatrix_reportsWhatDidNotRun(t *testing.T) {
	for name, more := range map[string]string{
		"failed":                   `{"Action":"fail","Test":"TestAccCode_x"}`,
		"skipped without a reason": `{"Action":"skip","Test":"TestAccCode_x"}`,
		"did not end":              `{"Action":"run","Test":"TestAccCode_x"}`,
	} {
		t.Run(name, func(t *testing.T) {
			err := read(t, events+more+"\n").problems(t.Output())
			if err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%v", err)
			}
		})
	}
}

// Is a run without tests reported?
func TestMatrix_reportsARunWithoutTests(t *testing.T) {
	r := read(t, "with OpenTofu v1.6.3 (/bin/tofu)\nbuild failed\n")
	r.exitCode = 1
	if err := r.problems(t.Output()); err == nil || !strings.Contains(err.Error(), "build failed") || !strings.Contains(err.Error(), "no test passed") {
		t.Errorf("%v", err)
	}
}
