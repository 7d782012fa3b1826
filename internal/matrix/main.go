// Command matrix runs the acceptance tests with several CLIs, one after another, and prints a table
// of what ran where.
//
//	go run ./internal/matrix CLI...
//
// It fails if a test fails, if a test is skipped without a reason that names what the CLI lacks, or if
// a CLI runs no test.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	clis := os.Args[1:]
	if len(clis) == 0 {
		fmt.Fprintln(os.Stderr, "usage: go run ./internal/matrix CLI... (`make testacc-matrix` finds or builds them)")
		os.Exit(2)
	}
	if err := run(ctx, clis, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, clis []string, out io.Writer) error {
	var results []*result
	var failed []error
	for i, cli := range clis {
		if slices.Contains(clis[:i], cli) {
			continue
		}
		started := time.Now()
		r, err := runTests(ctx, cli)
		if err != nil {
			return fmt.Errorf("unable to run the tests with %s: %w", cli, err)
		}
		results = append(results, r)
		_, _ = fmt.Fprintf(out, "%s: %s, %s\n", r.cli, r.total(), time.Since(started).Round(time.Second))
		failed = append(failed, r.problems(out))
	}
	printTable(out, results)
	return errors.Join(failed...)
}

// runTests runs the acceptance tests with a CLI. That some fail is part of the result.
func runTests(ctx context.Context, cli string) (*result, error) {
	command := exec.CommandContext(ctx, "internal/tools/gotest", cli, "./internal/provider", "-json", "-run=^TestAcc[A-Z]", "-skip=^TestAccRelease_")
	command.Stderr = os.Stderr
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	r, err := readEvents(output)
	if err != nil {
		return nil, err
	}
	exit := new(exec.ExitError)
	if err := command.Wait(); err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	r.exitCode = command.ProcessState.ExitCode()
	return r, nil
}
