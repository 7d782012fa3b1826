// Command install installs the provider for the current user, so that `terraform init` and
// `tofu init` find it without a registry.
//
//	go run ./internal/install             # replaces an earlier installation
//	go run ./internal/install -uninstall
package main

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// series is the major and minor version of installed providers, so that they satisfy the version
// constraints in the documentation.
const series = "0.1"

// hosts are the registries that the CLIs assume for the address seamapi/seam.
var hosts = []string{"registry.terraform.io", "registry.opentofu.org"}

func main() {
	uninstallOnly := flag.Bool("uninstall", false, "remove the installed provider")
	flag.Parse()
	log.SetFlags(0)
	if err := run(*uninstallOnly); err != nil {
		log.Fatal(err)
	}
}

func run(uninstallOnly bool) error {
	plugins, err := pluginDirectory()
	if err != nil {
		return err
	}
	if uninstallOnly {
		return uninstall(plugins)
	}
	binary, err := build()
	if err != nil {
		return err
	}
	if err := uninstall(plugins); err != nil {
		return err
	}
	version := versionOf(binary)
	if err := install(plugins, version, binary); err != nil {
		return err
	}
	fmt.Printf("Installed seamapi/seam %s in %s\n", version, plugins)
	fmt.Println("Run `terraform init` or `tofu init`; with `-upgrade` where an earlier build was in use.")
	return nil
}

// pluginDirectory is a directory that both CLIs search without any configuration.
func pluginDirectory() (string, error) {
	data := os.Getenv("XDG_DATA_HOME")
	switch {
	case runtime.GOOS == "windows":
		return filepath.Join(os.Getenv("APPDATA"), "terraform.d", "plugins"), nil
	case runtime.GOOS != "darwin" && filepath.IsAbs(data):
		return filepath.Join(data, "terraform", "plugins"), nil
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".terraform.d", "plugins"), err
}

// build returns the provider's binary, which is the same wherever the source code is.
func build() ([]byte, error) {
	dir, err := os.MkdirTemp("", "seam-install-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, "terraform-provider-seam")
	command := exec.Command("go", "build", "-trimpath", "-o", file, ".") //nolint:noctx // Ctrl-C ends both.
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	command.Stdout, command.Stderr = os.Stderr, os.Stderr
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("unable to build the provider: %w", err)
	}
	return os.ReadFile(file)
}

// versionOf derives a version from the content: a lock file holds a checksum of each version, so
// different binaries must not share one. It is not a pre-release, which init would ignore.
func versionOf(content []byte) string {
	sum := sha256.Sum256(content)
	return fmt.Sprintf("%s.%d", series, binary.BigEndian.Uint32(sum[:]))
}

// marker is the name of a file in the directory of each installed version. Versions without it
// come from elsewhere.
const marker = ".installed-by-make-install"

func install(plugins, version string, content []byte) error {
	for _, host := range hosts {
		dir := filepath.Join(providerDirectory(plugins, host), version)
		platform := filepath.Join(dir, runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(platform, 0o755); err != nil {
			return err
		}
		name := "terraform-provider-seam_v" + version
		if runtime.GOOS == "windows" {
			name += ".exe"
		}
		err := errors.Join(
			os.WriteFile(filepath.Join(dir, marker), nil, 0o600),
			os.WriteFile(filepath.Join(platform, name), content, 0o755), //nolint:gosec // It is a program.
		)
		if err != nil {
			return err
		}
	}
	return nil
}

// uninstall removes the versions that install made, and the directories that are empty then.
func uninstall(plugins string) error {
	for _, host := range hosts {
		dir := providerDirectory(plugins, host)
		marked, err := filepath.Glob(filepath.Join(dir, "*", marker))
		if err != nil {
			return err
		}
		for _, file := range marked {
			if err := os.RemoveAll(filepath.Dir(file)); err != nil {
				return err
			}
		}
		for ; dir != plugins && os.Remove(dir) == nil; dir = filepath.Dir(dir) {
		}
	}
	return nil
}

func providerDirectory(plugins, host string) string {
	return filepath.Join(plugins, host, "seamapi", "seam")
}
