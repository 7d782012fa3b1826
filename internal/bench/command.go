package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// prepare builds the provider into a directory of its own.
func (b *bench) prepare(ctx context.Context) (cleanUp func(), err error) {
	if b.home, err = os.MkdirTemp("", "seam-bench-"); err != nil {
		return nil, err
	}
	cleanUp = func() { _ = os.RemoveAll(b.home) }
	// /proc shows the path of the provider without links.
	if b.home, err = filepath.EvalSymlinks(b.home); err != nil {
		return cleanUp, err
	}
	b.provider = filepath.Join(b.home, "terraform-provider-seam")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", b.provider, ".").CombinedOutput(); err != nil {
		return cleanUp, fmt.Errorf("building the provider: %w\n%s", err, out)
	}
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"seamapi/seam\" = %q\n  }\n  direct {}\n}\n", b.home)
	return cleanUp, os.WriteFile(b.settings(), []byte(overrides), 0o600)
}

func (b *bench) settings() string { return filepath.Join(b.home, "dev.tfrc") }

// environment is the user's, without what would change a run.
func (b *bench) environment(more ...string) []string {
	var env []string
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if name != "GOGC" && name != "GOMEMLIMIT" && !strings.HasPrefix(name, "TF_") && !strings.HasPrefix(name, "SEAM_") {
			env = append(env, entry)
		}
	}
	env = append(env, "TF_CLI_CONFIG_FILE="+b.settings(), "CHECKPOINT_DISABLE=1")
	return append(env, more...)
}

// outcome is what a command of the CLI said and cost.
type outcome struct {
	said string
	took time.Duration
	peak int // memory of the provider, in KiB; 0 if this system does not tell
}

// command runs the CLI on a stage.
func (b *bench) command(ctx context.Context, s *stage, env []string, args ...string) (outcome, error) {
	cmd := exec.CommandContext(ctx, b.cli, append(args, "-no-color", "-input=false")...)
	cmd.Dir = s.dir
	cmd.Env = b.environment(append(env, "SEAM_ENDPOINT="+s.endpoint, "SEAM_API_KEY="+s.seam.Workspace().APIKey)...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	memory := watchMemory(b.provider)
	start := time.Now()
	err := cmd.Run()
	out := outcome{said: said.String(), took: time.Since(start), peak: memory.stop()}
	if err != nil {
		err = fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, tail(out.said))
	}
	return out, err
}

// tail is the end of a long output, where the errors are.
func tail(said string) string {
	const enough = 4000
	return said[max(0, len(said)-enough):]
}

// version is the first line of what the CLI says about itself.
func (b *bench) version(ctx context.Context) (string, error) {
	path, err := exec.LookPath(b.cli)
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, usage)
	}
	if path, err = filepath.Abs(path); err != nil {
		return "", err
	}
	b.cli = path
	cmd := exec.CommandContext(ctx, b.cli, "version")
	cmd.Env = b.environment()
	out, err := cmd.Output()
	line, _, _ := strings.Cut(string(out), "\n")
	if line == "" {
		err = errors.Join(err, errors.New("it does not tell its version"))
	}
	return line, err
}
