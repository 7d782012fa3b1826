package main

import (
	"os"
	"path/filepath"
	"testing"
)

// Does an installation replace an earlier one, and nothing else?
func TestInstall_replacesOnlyWhatItInstalled(t *testing.T) {
	plugins := t.TempDir()
	released := filepath.Join(providerDirectory(plugins, hosts[0]), "0.1.0")
	if err := os.MkdirAll(released, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, version := range []string{"0.1.7", "0.1.8"} {
		if err := uninstall(plugins); err != nil {
			t.Fatal(err)
		}
		if err := install(plugins, version, []byte(version)); err != nil {
			t.Fatal(err)
		}
	}
	requireVersions(t, plugins, hosts[0], "0.1.0", "0.1.8")
	requireVersions(t, plugins, hosts[1], "0.1.8")

	if err := uninstall(plugins); err != nil {
		t.Fatal(err)
	}
	requireVersions(t, plugins, hosts[0], "0.1.0")
	if _, err := os.Stat(filepath.Join(plugins, hosts[1])); !os.IsNotExist(err) {
		t.Errorf("an empty directory is left: %v", err)
	}
}

func requireVersions(t *testing.T, plugins, host string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(providerDirectory(plugins, host))
	if err != nil || len(entries) != len(want) {
		t.Fatalf("%s has %v (%v), want %q", host, entries, err, want)
	}
	for i, entry := range entries {
		if entry.Name() != want[i] {
			t.Errorf("%s has %s, want %s", host, entry.Name(), want[i])
		}
	}
}

// Do different binaries have different versions, and the same one always the same?
func TestInstall_versionFollowsTheContent(t *testing.T) {
	if got, want := versionOf([]byte("a")), "0.1.3398926610"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if versionOf([]byte("a")) == versionOf([]byte("b")) {
		t.Error("two binaries have one version")
	}
}
