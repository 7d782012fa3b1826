package provider_test

import (
	"os"
	"regexp"
)

var importCommandPattern = regexp.MustCompile(`(?m)^terraform import (\S+) \S+$`)

// runImportScript forgets what an import.sh imports, and imports it that way.
func (c *workingDir) runImportScript(script string) {
	c.t.Helper()
	text, err := os.ReadFile(script)
	if os.IsNotExist(err) {
		return
	}
	shown := importCommandPattern.FindStringSubmatch(string(text))
	if shown == nil {
		c.t.Fatalf("%s shows no `terraform import ADDRESS ID`", script)
	}
	id, ok := c.state()[shown[1]].Attributes["id"].(string)
	if !ok {
		c.t.Fatalf("the example in %s has no %s", script, shown[1])
	}
	c.run("state", "rm", shown[1]).requireExitCode(0)
	c.run("import", shown[1], id).requireExitCode(0)
	c.run("apply").requireExitCode(0).requireOutput("0 added", "0 destroyed")
	c.run("plan", "-detailed-exitcode").requireExitCode(0)
}
