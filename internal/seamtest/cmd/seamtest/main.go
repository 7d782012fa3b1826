// Command seamtest serves the fake Seam on a loopback address and prints, as one line of JSON,
// what a client needs to use it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

type settings struct {
	listen, apiKey   string
	latency, removal time.Duration
	locks            int
	limits           bool
}

func main() {
	var s settings
	flag.StringVar(&s.listen, "listen", "127.0.0.1:0", "loopback address to serve")
	flag.StringVar(&s.apiKey, "api-key", "", "API key of the workspace (default: a random one)")
	flag.DurationVar(&s.latency, "latency", 0, "wait before each answer")
	flag.DurationVar(&s.removal, "removal", 0, "how long a lock takes to remove a code")
	flag.IntVar(&s.locks, "locks", 1, "number of locks")
	flag.BoolVar(&s.limits, "limits", false, "enforce Seam's limits per device")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, s); err != nil {
		log.Fatal(err)
	}
}

func serve(ctx context.Context, s settings) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.listen)
	if err != nil {
		return err
	}
	options := []seamtest.Option{seamtest.WithLatency(s.latency)}
	if s.apiKey != "" {
		options = append(options, seamtest.WithAPIKey(s.apiKey))
	}
	fake := seamtest.New(options...)
	fake.SetDefaultDelete(seamtest.DeleteBehavior{Takes: s.removal})
	fake.EnforceLimits(s.limits)
	if err := announce(fake, listener.Addr(), s.locks); err != nil {
		return err
	}
	server := &http.Server{Handler: fake, ReadHeaderTimeout: time.Minute}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func announce(fake *seamtest.Server, address net.Addr, locks int) error {
	ids := []string{}
	for n := range locks {
		ids = append(ids, fake.AddLock(fmt.Sprintf("Lock %d", n+1)).ID)
	}
	workspace := fake.Workspace()
	return json.NewEncoder(os.Stdout).Encode(map[string]any{
		"endpoint":     "http://" + address.String(),
		"api_key":      workspace.APIKey,
		"workspace_id": workspace.ID,
		"device_ids":   ids,
	})
}
