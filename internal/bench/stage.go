package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/seamapi/terraform-provider-seam/internal/seamtest"
)

// stage is a Seam with codes on locks, and a directory whose configuration and state
// have the same codes.
type stage struct {
	dir      string
	seam     *seamtest.Server
	locks    []*seamtest.Lock
	endpoint string
	server   *http.Server
}

// prop is what a stage is made of.
type prop struct {
	size

	removal string // of each code; empty for the default
	bare    bool   // the codes are in the configuration only
}

// newStage puts the codes on the locks without the pace and the latency of the real
// Seam, and without the provider: what is measured comes later.
func (b *bench) newStage(ctx context.Context, p prop) (*stage, error) {
	s := &stage{seam: seamtest.New()}
	for i := range p.locks {
		s.locks = append(s.locks, s.seam.AddLock(fmt.Sprintf("Lock %d", i)))
	}
	var err error
	if s.dir, err = os.MkdirTemp(b.home, "stage-"); err != nil {
		return nil, err
	}
	if err := errors.Join(s.writeConfiguration(p), s.fill(ctx, p), s.serve(ctx)); err != nil {
		return nil, errors.Join(err, s.close())
	}
	s.seam.Plant(seamtest.Fault{Delay: b.latency})
	s.seam.DefaultRemoval(seamtest.Removal{Takes: b.removal})
	s.seam.EnforceLimits(true)
	s.seam.ForgetRequests()
	return s, nil
}

func (s *stage) serve(ctx context.Context) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.endpoint = "http://" + listener.Addr().String()
	s.server = &http.Server{Handler: asPOST(s.seam), ReadHeaderTimeout: time.Minute}
	go func() { _ = s.server.Serve(listener) }()
	return nil
}

// asPOST turns a request with another method and parameters in its address, as the
// JavaScript SDK sends them, into the POST that seamtest serves.
func asPOST(seam http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost && !strings.HasPrefix(r.URL.Path, "/_seamtest/") {
			parameters := map[string]string{}
			for name, values := range r.URL.Query() {
				parameters[name] = values[0]
			}
			delete(parameters, "_strict") // how the server is to read the address
			body, _ := json.Marshal(parameters)
			r.Method, r.Body = http.MethodPost, io.NopCloser(bytes.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
		}
		seam.ServeHTTP(w, r)
	})
}

func (s *stage) close() error {
	var closing error
	if s.server != nil {
		closing = s.server.Close()
	}
	return errors.Join(closing, os.RemoveAll(s.dir))
}

// fill creates the codes and writes the state in which an apply would have left them.
func (s *stage) fill(ctx context.Context, p prop) error {
	if p.bare {
		return nil
	}
	client := &http.Client{Transport: s.seam.Transport()}
	instances := make([]instance, p.codes)
	for i := range instances {
		code, err := s.create(ctx, client, i)
		if err != nil {
			return err
		}
		instances[i] = newInstance(i, code, p.removal)
	}
	return s.writeState(instances)
}

// code is what the state keeps of Seam's answer.
type code struct {
	ID          string    `json:"access_code_id"`
	WorkspaceID string    `json:"workspace_id"`
	DeviceID    string    `json:"device_id"`
	Name        string    `json:"name"`
	Code        string    `json:"code"`
	Type        string    `json:"type"`
	CreatedAt   time.Time `json:"created_at"`
}

func (s *stage) create(ctx context.Context, client *http.Client, i int) (code, error) {
	body, err := json.Marshal(map[string]any{"device_id": s.locks[i%len(s.locks)].ID, "name": nameOf(i), "code": pinOf(i)})
	if err != nil {
		return code{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://localhost/access_codes/create", bytes.NewReader(body))
	if err != nil {
		return code{}, err
	}
	req.Header = http.Header{"Authorization": {"Bearer " + s.seam.Workspace().APIKey}, "Content-Type": {"application/json"}}
	res, err := client.Do(req)
	if err != nil {
		return code{}, err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return code{}, fmt.Errorf("creating code %d: %s", i, res.Status)
	}
	var answer struct {
		AccessCode code `json:"access_code"`
	}
	err = json.NewDecoder(res.Body).Decode(&answer)
	return answer.AccessCode, err
}

// pinsLeft counts the PINs that the locks still hold.
func (s *stage) pinsLeft() (n int) {
	for _, lock := range s.locks {
		n += len(lock.PINs())
	}
	return n
}
