package provider_test

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seamapi/terraform-provider-seam/internal/provider"
	"github.com/seamapi/terraform-provider-seam/internal/seam"
	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

const examples = "../../examples"

// exampleKinds are the directories of examples for registered types, and the files they need.
var exampleKinds = map[string][]string{
	"resources":           {"resource.tf", "import.sh", "import-by-string-id.tf", "import-by-identity.tf"},
	"data-sources":        {"data-source.tf"},
	"ephemeral-resources": {"ephemeral-resource.tf"},
	"functions":           {"function.tf"},
	"list-resources":      {"list-resource.tfquery.hcl"},
	"actions":             {"action.tf"},
}

// registeredTypes are the names of everything that the provider offers, by kind.
func registeredTypes(t *testing.T) map[string][]string {
	t.Helper()
	schemas, err := provider.NewServer("test").GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]string{
		"resources":           slices.Sorted(maps.Keys(schemas.ResourceSchemas)),
		"data-sources":        slices.Sorted(maps.Keys(schemas.DataSourceSchemas)),
		"ephemeral-resources": slices.Sorted(maps.Keys(schemas.EphemeralResourceSchemas)),
		"functions":           slices.Sorted(maps.Keys(schemas.Functions)),
		"list-resources":      slices.Sorted(maps.Keys(schemas.ListResourceSchemas)),
		"actions":             slices.Sorted(maps.Keys(schemas.ActionSchemas)),
	}
}

// Does each type have an example, and each example a type?
func TestAccDocs_everyTypeHasAnExample(t *testing.T) {
	known := []string{"quickstart", "provider", "mocks", "mocks/mocks", "verify-webhook"}
	for kind, names := range registeredTypes(t) {
		for _, name := range names {
			known = append(known, path.Join(kind, name))
			for _, file := range exampleKinds[kind] {
				if _, err := os.Stat(filepath.Join(examples, kind, name, file)); err != nil {
					t.Errorf("%s %s needs an example: %v", kind, name, err)
				}
			}
		}
	}
	for _, dir := range exampleDirectories(t, ".") {
		if !slices.Contains(known, dir) && !strings.HasPrefix(dir, "guides/") {
			t.Errorf("examples/%s is an example of nothing", dir)
		}
	}
}

// exampleDirectories are all directories with files, relative to examples/.
func exampleDirectories(t *testing.T, under string) (dirs []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(examples), under, func(name string, entry fs.DirEntry, err error) error {
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

// exampleVariants are further examples of a resource, each with a configuration of its own, relative
// to examples/.
func exampleVariants(t *testing.T) []string {
	t.Helper()
	files, err := fs.Glob(os.DirFS(examples), "resources/*/resource_*.tf")
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// exampleHarness is a harness with what examples refer to, and the variables that name it.
type exampleHarness struct {
	*harness
	existing, unmanaged string
	lobby, vault        string // entrances of an access system, which the groups Staff and Managers open
	variables           map[string]string
}

func newExampleHarness(t *testing.T) *exampleHarness {
	t.Helper()
	h := &exampleHarness{harness: newHarness(t)}
	h.existing = h.createCode(h.back, "Existing", "55120")
	h.unmanaged = h.back.AddUnmanagedAccessCode(seamtest.UnmanagedAccessCode{Name: "Former tenant", PIN: "66340"})
	webhook := h.seam.AddObject("webhook", map[string]any{"url": "https://access.example.com/seam"})
	h.seam.AddObject("user_identity", map[string]any{"user_identity_key": "manager-1", "email_address": "manager@example.com"})
	office := h.seam.AddObject("acs_system", map[string]any{"external_type": "brivo_account", "name": "Office"})
	h.lobby, h.vault = h.seam.AddEntrance(office.ID, nil).ID, h.seam.AddEntrance(office.ID, nil).ID
	staff := h.seam.AddAccessGroup(office.ID, "Staff", h.lobby)
	manager := h.seam.AddObject("acs_user", map[string]any{"acs_system_id": office.ID, "full_name": "Ben", "email_address": "ben@example.com"})
	card := h.seam.AddObject("acs_credential", map[string]any{"acs_system_id": office.ID, "connected_account_id": office.Text("connected_account_id"), "acs_user_id": manager.ID, "access_method": "card"})
	others := h.seam.AddAccessGroup(office.ID, "Managers", h.vault)
	key := h.seam.AddObject("acs_credential", map[string]any{"acs_system_id": office.ID, "connected_account_id": office.Text("connected_account_id"), "acs_user_id": manager.ID, "access_method": "mobile_key"})
	linked := h.seam.AddObject("acs_user", map[string]any{"acs_system_id": office.ID, "full_name": "Cleo"})
	person := h.seam.AddObject("user_identity", map[string]any{"user_identity_key": "cleo"})
	h.seam.LinkUser(person.ID, linked.ID)
	h.seam.SetMembership(others.ID, manager.ID, true)
	h.seam.SetMembership(staff.ID, linked.ID, true)
	h.seam.AddObject("space", map[string]any{"space_key": "lobby", "name": "Lobby"})
	webview := h.seam.AddObject("connect_webview", nil)
	account := h.seam.AddObject("connected_account", map[string]any{"user_identifier": map[string]any{"email": "owner@example.com"}})
	session := h.seam.AddObject("client_session", map[string]any{"user_identifier_key": "ben"})
	h.variables = map[string]string{
		"connect_webview_id":             webview.ID,
		"connected_account_id":           account.ID,
		"client_session_id":              session.ID,
		"webhook_id":                     webhook.ID,
		"acs_user_id":                    manager.ID,
		"acs_credential_id":              card.ID,
		"acs_access_group_id":            staff.ID,
		"acs_access_group_membership_id": seamtest.MembershipID(others.ID, manager.ID),
		"acs_encoder_id":                 h.seam.AddEncoder(office.ID).ID,
		"acs_entrance_id":                h.lobby,
		"access_method_id":               h.seam.AddObject("access_method", map[string]any{"mode": "card"}).ID,
		"card_number":                    "00447700",
		"phone_device_id":                h.seam.AddPhone(key.ID).ID,
		"user_identity_acs_user_id":      person.ID + "/" + linked.ID,
		"front_door":                     h.front.ID,
		"back_door":                      h.back.ID,
		"device_id":                      h.back.ID,
		"access_code_id":                 h.existing,
		"unmanaged_access_code_id":       h.unmanaged,
		"action_attempt_id":              h.endedAttemptID(),
		"cleaner_pin":                    "7319",
		"staff_pin":                      "62840",
		"stay":                           fmt.Sprintf(`{ starts_at = %q, ends_at = %q }`, h.timeFromNow(-time.Hour), h.timeFromNow(72*time.Hour)),
	}
	return h
}

var attemptInMessage = regexp.MustCompile(`action attempt (\S+)\)`)

// endedAttemptID is the id of an action attempt that has ended.
func (h *exampleHarness) endedAttemptID() (id string) {
	h.t.Helper()
	listen := func(message string) {
		if said := attemptInMessage.FindStringSubmatch(message); said != nil {
			id = said[1]
		}
	}
	if err := h.client().LockDoor(h.t.Context(), h.front.ID, seam.ActionOptions{Timeout: time.Minute, Progress: listen}); err != nil {
		h.t.Fatal(err)
	}
	return id
}

func (h *exampleHarness) newWorkingDir(dirs ...string) *workingDir {
	h.t.Helper()
	c := h.harness.newWorkingDir("")
	for _, dir := range append([]string{"provider"}, dirs...) {
		c.copyExample(dir)
	}
	for name, value := range h.variables {
		c.env["TF_VAR_"+name] = value
	}
	return c
}

// removeFound takes away what the examples found, and ends the test: nothing else is left.
func (h *exampleHarness) removeFound(c *workingDir) {
	h.t.Helper()
	h.seam.RemoveAccessCode(h.existing)
	h.seam.RemoveUnmanagedAccessCode(h.unmanaged)
	c.requireDestroyed()
}

// Does each example work?
func TestAccDocs_everyExampleApplies(t *testing.T) {
	dirs := slices.Concat([]string{"quickstart", "provider"}, exampleDirectories(t, "resources"), exampleDirectories(t, "data-sources"),
		exampleDirectories(t, "ephemeral-resources"), exampleDirectories(t, "functions"), exampleDirectories(t, "guides"), exampleVariants(t))
	for _, dir := range dirs {
		t.Run(dir, func(t *testing.T) {
			h := newExampleHarness(t)
			c := h.newWorkingDir(dir)
			requireFeaturesOf(t, c.configurationText())
			if strings.Contains(c.configurationText(), "create = true") {
				c.usePersonalAccessToken(h.seam.Workspace())
			}
			removeGrant := func() {}
			if strings.Contains(c.configurationText(), "var.access_grant_id") {
				removeGrant = h.addGrant(c)
			}
			c.run("apply").requireExitCode(0)
			c.run("plan", "-detailed-exitcode").requireExitCode(0)
			if strings.Contains(c.configurationText(), `resource "seam_access_code"`) && len(h.seam.AccessCodes()) < 2 {
				t.Error("the example has put nothing on a lock")
			}
			if path.Ext(dir) != ".tf" {
				c.runImportScript(filepath.Join(examples, dir, "import.sh"))
			}
			c.run("destroy").requireExitCode(0)
			removeGrant()
			h.removeFound(c)
		})
	}
}

// usePersonalAccessToken replaces the API key in the environment.
func (c *workingDir) usePersonalAccessToken(w *seamtest.Workspace) {
	delete(c.env, "SEAM_API_KEY")
	c.env["SEAM_PERSONAL_ACCESS_TOKEN"], c.env["SEAM_WORKSPACE_ID"] = w.PersonalAccessToken, w.ID
}

// addGrant adds a grant with a PIN on the back door, for an example that reads one. The others are
// tested without it, because they may find its code.
func (h *exampleHarness) addGrant(c *workingDir) (remove func()) {
	h.t.Helper()
	grant, err := seam.AccessGrants.Create(h.t.Context(), h.client(), seam.AccessGrantInput{
		UserIdentityID: h.seam.Objects("user_identity")[0].ID, DeviceIDs: []string{h.back.ID}, RequestedMethods: []seam.RequestedAccessMethod{{Mode: "code"}},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	c.env["TF_VAR_access_grant_id"] = grant.ID
	return func() { h.seam.RemoveObject("access_grant", grant.ID) }
}

// configurationText is the whole configuration.
func (c *workingDir) configurationText() (all string) {
	c.t.Helper()
	files, err := filepath.Glob(filepath.Join(c.dir, "*.tf"))
	if err != nil {
		c.t.Fatal(err)
	}
	for _, file := range files {
		all += c.read(filepath.Base(file))
	}
	return all
}

// Does each query example work?
func TestAccDocs_everyQueryExampleWorks(t *testing.T) {
	for _, dir := range exampleDirectories(t, "list-resources") {
		t.Run(dir, func(t *testing.T) {
			h := newExampleHarness(t)
			c := h.newWorkingDir()
			requireFeatures(t, queries)
			if path.Base(dir) == "seam_access_grant" {
				h.addGrant(c)
			}
			text, err := os.ReadFile(filepath.Join(examples, dir, "list-resource.tfquery.hcl"))
			if err != nil {
				t.Fatal(err)
			}
			c.write("example.tfquery.hcl", string(text))
			c.run("query", "-no-color").requireExitCode(0).requireOutput("list."+path.Base(dir), "id=").requireNoOutput("55120", "66340")

			c.run("query", "-no-color", "-generate-config-out=generated.tf").requireExitCode(0)
			if err := os.Remove(filepath.Join(c.dir, "example.tfquery.hcl")); err != nil {
				t.Fatal(err)
			}
			imported := strings.Count(c.read("generated.tf"), "import {")
			if imported == 0 {
				t.Fatalf("nothing is generated:\n%s", c.read("generated.tf"))
			}
			c.run("apply").requireExitCode(0).requireOutput(fmt.Sprintf("%d imported, 0 added, 0 changed, 0 destroyed", imported))
			c.run("plan", "-detailed-exitcode").requireExitCode(0)
			c.run("destroy").requireExitCode(0)
			h.removeFound(c)
		})
	}
}

var namePattern = regexp.MustCompile(`(?m)^ +name +=.*\n`)

// Do the mocks work?
func TestAccDocs_mocksWork(t *testing.T) {
	requireFeatures(t, mockProviders)
	c := newHarness(t).newWorkingDir("")
	c.copyExample("mocks")
	mocks, err := os.ReadFile(filepath.Join(examples, "mocks/mocks/seam.tfmock.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	test, err := os.ReadFile(filepath.Join(examples, "mocks/main.tftest.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(c.run("version").out, "OpenTofu") { // as the mock file says
		test = []byte(strings.Replace(string(test), "  source = \"./mocks\"\n", namePattern.ReplaceAllString(string(mocks), ""), 1))
	}
	if err := os.Mkdir(filepath.Join(c.dir, "mocks"), 0o700); err != nil {
		t.Fatal(err)
	}
	c.write("mocks/seam.tfmock.hcl", string(mocks))
	c.write("main.tftest.hcl", string(test))
	c.env["SEAM_API_KEY"] = ""
	c.run("test", "-no-color").requireExitCode(0).requireOutput("2 passed, 0 failed")
	for kind, names := range registeredTypes(t) {
		for _, name := range names {
			if kind == "resources" && !strings.Contains(string(mocks), fmt.Sprintf("mock_resource %q", name)) {
				t.Errorf("resource %s has no mock", name)
			}
		}
	}
}

var invocationPattern = regexp.MustCompile(`(?m)^# terraform apply (-invoke=\S+)$`)

// Does each action example work?
func TestAccDocs_everyActionExampleWorks(t *testing.T) {
	for _, dir := range exampleDirectories(t, "actions") {
		t.Run(dir, func(t *testing.T) {
			h := newExampleHarness(t)
			c := h.newWorkingDir(dir)
			requireFeatures(t, actions)
			c.run("apply").requireExitCode(0)
			shown := invocationPattern.FindStringSubmatch(c.configurationText())
			if shown == nil {
				t.Fatal("the example does not show how to invoke it")
			}
			c.run("apply", shown[1]).requireExitCode(0).requireOutput("Action complete")
			c.run("destroy").requireExitCode(0)
			h.removeFound(c)
		})
	}
}

// copyExample copies an example into the working directory, over the last one.
func (c *workingDir) copyExample(dir string) {
	c.t.Helper()
	for _, name := range []string{"versions.tf", "main.tf"} {
		if err := os.Remove(filepath.Join(c.dir, name)); err != nil && !os.IsNotExist(err) {
			c.t.Fatal(err)
		}
	}
	pattern := filepath.Join(examples, dir, "*.tf")
	if path.Ext(dir) == ".tf" {
		pattern = filepath.Join(examples, dir)
	}
	files, err := filepath.Glob(pattern)
	files = slices.DeleteFunc(files, func(file string) bool {
		return file != pattern && strings.HasPrefix(filepath.Base(file), "resource_")
	})
	if err != nil || len(files) == 0 {
		c.t.Fatalf("examples/%s has no configuration (%v)", dir, err)
	}
	for _, file := range files {
		if strings.HasPrefix(filepath.Base(file), "import-by-") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			c.t.Fatal(err)
		}
		if strings.Contains(string(text), "required_providers") {
			_ = os.Remove(filepath.Join(c.dir, "provider.tf"))
		}
		c.write(filepath.Base(file), string(text))
	}
	c.copyTables(dir)
}

// copyTables copies the tables of an example. Their dates are in the next year.
func (c *workingDir) copyTables(dir string) {
	c.t.Helper()
	files, err := filepath.Glob(filepath.Join(examples, dir, "*.csv"))
	if err != nil {
		c.t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			c.t.Fatal(err)
		}
		c.write(filepath.Base(file), strings.ReplaceAll(string(text), "2027-", fmt.Sprint(time.Now().Year()+1)+"-"))
	}
}
