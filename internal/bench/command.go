package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// buildProvider builds the provider into a directory of its own.
func (b *bench) buildProvider(ctx context.Context) (cleanUp func(), err error) {
	if b.buildDir, err = os.MkdirTemp("", "seam-bench-"); err != nil {
		return nil, err
	}
	cleanUp = func() { _ = os.RemoveAll(b.buildDir) }
	// /proc shows the path of the provider without links.
	if b.buildDir, err = filepath.EvalSymlinks(b.buildDir); err != nil {
		return cleanUp, err
	}
	b.provider = filepath.Join(b.buildDir, "terraform-provider-seam")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", b.provider, ".").CombinedOutput(); err != nil {
		return cleanUp, fmt.Errorf("building the provider: %w\n%s", err, out)
	}
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"seamapi/seam\" = %q\n  }\n  direct {}\n}\n", b.buildDir)
	return cleanUp, os.WriteFile(b.cliConfigPath(), []byte(overrides), 0o600)
}

func (b *bench) cliConfigPath() string { return filepath.Join(b.buildDir, "dev.tfrc") }

// commandEnv is the user's environment without the variables that would affect a run.
func (b *bench) commandEnv(more ...string) []string {
	var env []string
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if name != "GOGC" && name != "GOMEMLIMIT" && !strings.HasPrefix(name, "TF_") && !strings.HasPrefix(name, "SEAM_") {
			env = append(env, entry)
		}
	}
	env = append(env, "TF_CLI_CONFIG_FILE="+b.cliConfigPath(), "CHECKPOINT_DISABLE=1")
	return append(env, more...)
}

// commandResult is the output of a CLI command and what it cost.
type commandResult struct {
	output   string
	duration time.Duration
	peakKiB  int // peak memory of the provider, in KiB; 0 if not available
}

// command runs the CLI in an environment.
func (b *bench) command(ctx context.Context, e *environment, env []string, args ...string) (commandResult, error) {
	cmd := exec.CommandContext(ctx, b.cli, append(args, "-no-color", "-input=false")...)
	cmd.Dir = e.dir
	cmd.Env = b.commandEnv(append(env, "SEAM_ENDPOINT="+e.endpoint, "SEAM_API_KEY="+e.seam.Workspace().APIKey)...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	memory := watchMemory(b.provider, slices.Max[[]int])
	start := time.Now()
	err := cmd.Run()
	out := commandResult{output: output.String(), duration: time.Since(start), peakKiB: memory.stop()}
	if err != nil {
		err = fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, tail(out.output))
	}
	return out, err
}

// tail is the end of a long output, where the errors are.
func tail(output string) string {
	const enough = 4000
	return output[max(0, len(output)-enough):]
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
	cmd.Env = b.commandEnv()
	out, err := cmd.Output()
	line, _, _ := strings.Cut(string(out), "\n")
	if line == "" {
		err = errors.Join(err, errors.New("it does not print its version"))
	}
	return line, err
}
