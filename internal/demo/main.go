// Command demo demonstrates the provider: it applies examples/quickstart against an embedded fake
// Seam, with a lock that does not remove a PIN, and checks which PINs open the locks.
//
//	go run ./internal/demo CLI
//
// CLI is the path of Terraform 1.5, OpenTofu 1.6, or newer.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./internal/demo CLI (`make demo` finds or builds one)")
		os.Exit(2)
	}
	out := newPrinter(os.Stdout)
	if err := run(ctx, os.Args[1], out); err != nil {
		out.check(false, "%v", err)
		os.Exit(1)
	}
}

// removalDuration is how long the demo's locks take to remove a PIN.
const removalDuration = 3 * time.Second

// demo is the state of a run.
type demo struct {
	*printer
	dir         string
	cli         string
	seam        *seamtest.Server
	front, back *seamtest.Lock
	env         []string
}

func run(ctx context.Context, cli string, out *printer) error {
	dir, err := os.MkdirTemp("", "seam-demo-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	d := &demo{printer: out, dir: dir, cli: cli, seam: seamtest.New()}
	d.front, d.back = d.seam.AddLock("Front Door"), d.seam.AddLock("Back Door")
	d.seam.SetDefaultDelete(seamtest.DeleteBehavior{Takes: removalDuration})
	closeServer, err := d.serve(ctx)
	if err != nil {
		return err
	}
	defer closeServer()
	if err := d.prepare(ctx); err != nil {
		return err
	}
	return d.runSteps(ctx)
}

// serve serves the embedded Seam on a loopback address.
func (d *demo) serve(ctx context.Context) (func(), error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: d.seam, ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(listener) }()
	d.env = append(os.Environ(),
		"SEAM_ENDPOINT=http://"+listener.Addr().String(),
		"SEAM_API_KEY="+d.seam.Workspace().APIKey,
		"TF_CLI_CONFIG_FILE="+filepath.Join(d.dir, "dev.tfrc"),
		"CHECKPOINT_DISABLE=1",
		"TF_VAR_front_door="+d.front.ID,
		"TF_VAR_back_door="+d.back.ID,
		"TF_VAR_cleaner_pin=7319",
		fmt.Sprintf(`TF_VAR_stay={starts_at=%q,ends_at=%q}`, time.Now().Format(time.RFC3339), time.Now().AddDate(0, 0, 4).Format(time.RFC3339)),
	)
	return func() { _ = server.Close() }, nil
}

// prepare builds the provider and copies the quickstart example.
func (d *demo) prepare(ctx context.Context) error {
	build := exec.CommandContext(ctx, "go", "build", "-o", filepath.Join(d.dir, "terraform-provider-seam"), ".")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building the provider: %w\n%s", err, out)
	}
	example, err := os.ReadFile("examples/quickstart/main.tf")
	if err != nil {
		return err
	}
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"seamapi/seam\" = %q\n  }\n  direct {}\n}\n", d.dir)
	return errors.Join(
		os.WriteFile(filepath.Join(d.dir, "main.tf"), example, 0o600),
		os.WriteFile(filepath.Join(d.dir, "dev.tfrc"), []byte(overrides), 0o600),
	)
}
