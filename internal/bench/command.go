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
	if b.provider, err = b.build(ctx, "provider", "."); err == nil {
		b.floor, err = b.build(ctx, "floor", "./internal/bench/floor")
	}
	return cleanUp, err
}

// build builds a provider, and configures the CLI to use it.
func (b *bench) build(ctx context.Context, name, from string) (binary string, err error) {
	dir := filepath.Join(b.buildDir, name)
	binary = filepath.Join(dir, "terraform-provider-seam")
	if out, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, from).CombinedOutput(); err != nil {
		return "", fmt.Errorf("building %s: %w\n%s", from, err, out)
	}
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"seamapi/seam\" = %q\n  }\n  direct {}\n}\n", dir)
	return binary, os.WriteFile(cliConfigPath(binary), []byte(overrides), 0o600)
}

func cliConfigPath(binary string) string { return filepath.Join(filepath.Dir(binary), "dev.tfrc") }

// commandEnv is the user's environment without the variables that would affect a run.
func (b *bench) commandEnv(binary string, more ...string) []string {
	var env []string
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if name != "GOGC" && name != "GOMEMLIMIT" && !strings.HasPrefix(name, "TF_") && !strings.HasPrefix(name, "SEAM_") {
			env = append(env, entry)
		}
	}
	env = append(env, "TF_CLI_CONFIG_FILE="+cliConfigPath(binary), "CHECKPOINT_DISABLE=1")
	return append(env, more...)
}

// commandResult is the output of a CLI command and what it cost.
type commandResult struct {
	output   string
	duration time.Duration
	cpu      time.Duration // of the CLI and the provider
	provider resourceUsage
}

// command runs the CLI with a provider in an environment.
func (b *bench) command(ctx context.Context, e *environment, binary string, env []string, args ...string) (commandResult, error) {
	cmd := exec.CommandContext(ctx, b.cli, append(args, "-no-color", "-input=false")...)
	cmd.Dir = e.dir
	cmd.Env = b.commandEnv(binary, append(env, "SEAM_ENDPOINT="+e.endpoint, "SEAM_API_KEY="+e.seam.Workspace().APIKey)...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	provider := watchProcesses(binary, slices.Max[[]int])
	start := time.Now()
	err := cmd.Run()
	out := commandResult{output: output.String(), duration: time.Since(start), provider: provider.stop()}
	if cmd.ProcessState != nil {
		out.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
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
	cmd.Env = b.commandEnv(b.provider)
	out, err := cmd.Output()
	line, _, _ := strings.Cut(string(out), "\n")
	if line == "" {
		err = errors.Join(err, errors.New("it does not print its version"))
	}
	return line, err
}
