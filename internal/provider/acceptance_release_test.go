package provider_test

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

var releaseDir = flag.String("dist", "", "directory with the files of a release, to be tested")

// releaseTargets are the platforms of a release.
var releaseTargets = strings.Fields(`darwin_amd64 darwin_arm64 freebsd_386 freebsd_amd64 freebsd_arm freebsd_arm64
	linux_386 linux_amd64 linux_arm linux_arm64 windows_386 windows_amd64 windows_arm64`)

// release is what GoReleaser has built.
type release struct {
	t       *testing.T
	version string
}

func newRelease(t *testing.T) *release {
	t.Helper()
	skipWithoutCLI(t)
	if *releaseDir == "" {
		t.Skip("NOT RUN: there is no release to test. `make release-check` builds one.")
	}
	text, err := os.ReadFile(filepath.Join(*releaseDir, "metadata.json"))
	if err != nil {
		t.Fatal(err)
	}
	var metadata struct{ Version string }
	if err := json.Unmarshal(text, &metadata); err != nil || metadata.Version == "" {
		t.Fatalf("%v in %s", err, text)
	}
	return &release{t: t, version: metadata.Version}
}

// name is the name of a file of the release.
func (r *release) name(suffix string) string {
	return "terraform-provider-seam_" + r.version + "_" + suffix
}

// targets are the targets of the release.
func (r *release) targets() (targets []string) {
	r.t.Helper()
	files, err := filepath.Glob(filepath.Join(*releaseDir, r.name("*.zip")))
	if err != nil {
		r.t.Fatal(err)
	}
	for _, file := range files {
		targets = append(targets, strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), r.name("")), ".zip"))
	}
	return targets
}

// Has the release all files, with their checksums, and each zip what belongs in it?
func TestAccRelease_hasWhatTheRegistriesExpect(t *testing.T) {
	r := newRelease(t)
	targets := r.targets()
	if own := []string{runtime.GOOS + "_" + runtime.GOARCH}; !slices.Equal(targets, own) && !slices.Equal(targets, releaseTargets) {
		t.Errorf("targets: %q", targets)
	}
	files := map[string]string{r.name("manifest.json"): "../../terraform-registry-manifest.json"}
	for _, target := range targets {
		file := filepath.Join(*releaseDir, r.name(target+".zip"))
		files[filepath.Base(file)] = file
		binary := "terraform-provider-seam_v" + r.version
		if strings.HasPrefix(target, "windows_") {
			binary += ".exe"
		}
		if names := r.unzip(file, t.TempDir()); !slices.Equal(names, []string{"LICENSE", binary}) {
			t.Errorf("%s has %q", file, names)
		}
	}
	sums, err := os.ReadFile(filepath.Join(*releaseDir, r.name("SHA256SUMS")))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(sums), "\n"); n != len(files) {
		t.Errorf("%d checksums for %d files", n, len(files))
	}
	for name, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if line := fmt.Sprintf("%x  %s\n", sha256.Sum256(content), name); !strings.Contains(string(sums), line) {
			t.Errorf("the checksums lack %s", line)
		}
	}
}

// Can the provider be used from a file system mirror that has the zip, or its content?
func TestAccRelease_worksFromAFileSystemMirror(t *testing.T) {
	r := newRelease(t)
	own := runtime.GOOS + "_" + runtime.GOARCH
	archive := filepath.Join(*releaseDir, r.name(own+".zip"))
	for name, fill := range map[string]func(dir string){
		"packed":   func(dir string) { r.copyInto(archive, dir) },
		"unpacked": func(dir string) { r.unzip(archive, filepath.Join(dir, r.version, own)) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			c := h.newWorkingDir(guestConfig(h.front, `code = "4821"`))
			for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
				fill(filepath.Join(c.dir, "mirror", host, "seamapi/seam"))
			}
			c.write("mirror.tfrc", fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.Join(c.dir, "mirror")))
			c.env["TF_CLI_CONFIG_FILE"] = filepath.Join(c.dir, "mirror.tfrc")
			c.write("versions.tf", fmt.Sprintf("terraform {\n  required_providers {\n    seam = {\n      source  = \"seamapi/seam\"\n      version = %q\n    }\n  }\n}\n", r.version))

			c.run("init", "-no-color").requireExitCode(0)
			c.run("apply").requireExitCode(0).requireOutput("1 added")
			h.requireOpens(h.front, "4821")
			c.run("plan", "-detailed-exitcode").requireExitCode(0)
			if agent := h.seam.Requests()[0].Header.Get("User-Agent"); !strings.HasPrefix(agent, "terraform-provider-seam/"+r.version+" ") {
				t.Errorf("the provider calls itself %q", agent)
			}
			c.mustDestroy()
		})
	}
}

// copyInto copies a file into a directory.
func (r *release) copyInto(file, dir string) {
	r.t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		r.t.Fatal(err)
	}
	r.writeFile(filepath.Join(dir, filepath.Base(file)), content)
}

func (r *release) writeFile(file string, content []byte) {
	r.t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(file, content, 0o700); err != nil { //nolint:gosec // One of them is a program.
		r.t.Fatal(err)
	}
}

// unzip unpacks an archive into a directory, and returns the names of its files.
func (r *release) unzip(file, dir string) (names []string) {
	r.t.Helper()
	archive, err := zip.OpenReader(file)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = archive.Close() }()
	for _, part := range archive.File {
		content, err := archive.Open(part.Name)
		if err != nil {
			r.t.Fatal(err)
		}
		text, err := io.ReadAll(content)
		if err != nil {
			r.t.Fatal(err)
		}
		r.writeFile(filepath.Join(dir, part.Name), text)
		names = append(names, part.Name)
	}
	slices.Sort(names)
	return names
}
