package provider_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seamapi/terraform-provider-seam/internal/provider"
)

const examples = "../../examples"

// exampleVariables are the variables of all examples.
func (h *house) exampleVariables() map[string]string {
	return map[string]string{
		"front_door":  h.front.ID,
		"back_door":   h.back.ID,
		"device_id":   h.front.ID,
		"cleaner_pin": "7319",
		"staff_pin":   "62840",
		"stay":        fmt.Sprintf(`{ starts_at = %q, ends_at = %q }`, h.at(-time.Hour), h.at(72*time.Hour)),
	}
}

// resourceTypes are the types that the provider registers.
func resourceTypes(t *testing.T) (types []string) {
	t.Helper()
	for _, make := range provider.New("test").Resources(t.Context()) {
		var resp resource.MetadataResponse
		make().Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "seam"}, &resp)
		types = append(types, resp.TypeName)
	}
	return types
}

// exampleDirectories are all directories with a configuration, relative to examples/.
func exampleDirectories(t *testing.T) (dirs []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(examples), ".", func(name string, entry fs.DirEntry, err error) error {
		if dir := path.Dir(name); err == nil && !entry.IsDir() && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return dirs
}

// knownExamples are the directories that TestAccDoesEachExampleWork applies.
func knownExamples(t *testing.T) []string {
	t.Helper()
	dirs := []string{"quickstart", "provider"}
	for _, name := range resourceTypes(t) {
		dirs = append(dirs, "resources/"+name)
	}
	return dirs
}

func TestAccHasEachResourceTypeAnExampleAndEachExampleATest(t *testing.T) {
	for _, name := range resourceTypes(t) {
		for _, file := range []string{"resource.tf", "import.sh"} {
			if _, err := os.Stat(filepath.Join(examples, "resources", name, file)); err != nil {
				t.Errorf("%s needs an example: %v", name, err)
			}
		}
	}
	known := knownExamples(t)
	for _, dir := range exampleDirectories(t) {
		if !slices.Contains(known, dir) {
			t.Errorf("no test applies examples/%s", dir)
		}
	}
}

func TestAccDoesEachExampleWork(t *testing.T) {
	for _, dir := range knownExamples(t) {
		t.Run(dir, func(t *testing.T) {
			h := newHouse(t)
			c := h.terminal("")
			c.lay("provider")
			c.lay(dir)
			for name, value := range h.exampleVariables() {
				c.env["TF_VAR_"+name] = value
			}
			c.run("apply").exits(0)
			c.run("plan", "-detailed-exitcode").exits(0)
			if dir != "provider" && len(h.seam.Codes()) == 0 {
				t.Error("the example has put nothing on a lock")
			}
			c.importAsShown(filepath.Join(examples, dir, "import.sh"))
			c.run("destroy").exits(0)
			c.destroyed()
		})
	}
}

// lay copies an example into the working directory, over the last one.
func (c *terminal) lay(dir string) {
	c.t.Helper()
	for _, name := range []string{"versions.tf", "main.tf"} {
		if err := os.Remove(filepath.Join(c.dir, name)); err != nil && !os.IsNotExist(err) {
			c.t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(examples, dir, "*.tf"))
	if err != nil || len(files) == 0 {
		c.t.Fatalf("examples/%s has no configuration (%v)", dir, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			c.t.Fatal(err)
		}
		if strings.Contains(string(text), "required_providers") {
			_ = os.Remove(filepath.Join(c.dir, "provider.tf"))
		}
		c.write(filepath.Base(file), string(text))
	}
}

var importCommand = regexp.MustCompile(`(?m)^terraform import (\S+) \S+$`)

// importAsShown forgets what an import.sh imports, and imports it that way.
func (c *terminal) importAsShown(script string) {
	c.t.Helper()
	text, err := os.ReadFile(script)
	if os.IsNotExist(err) {
		return
	}
	shown := importCommand.FindStringSubmatch(string(text))
	if shown == nil {
		c.t.Fatalf("%s shows no `terraform import ADDRESS ID`", script)
	}
	id, ok := c.state()[shown[1]].Attributes["id"].(string)
	if !ok {
		c.t.Fatalf("the example in %s has no %s", script, shown[1])
	}
	c.run("state", "rm", shown[1]).exits(0)
	c.run("import", shown[1], id).exits(0)
	c.run("apply").exits(0).says("0 added", "0 destroyed")
	c.run("plan", "-detailed-exitcode").exits(0)
}
