package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// measureSDK lets a script with Seam's JavaScript SDK remove as many codes from as many
// locks as the destroys do. The script knows no limits, so Seam has none here.
func (b *bench) measureSDK(ctx context.Context) error {
	b.results.SDK = section{}
	for _, s := range b.destroy {
		r := row{Verb: "destroy", Variant: sdk, Codes: s.codes, Locks: s.locks, Parallelism: s.codes}
		for range b.runs {
			one, with, err := b.runScript(ctx, s)
			if err != nil {
				return err
			}
			fmt.Fprintf(os.Stderr, "destroy %s, %s: %.2f s, %d requests\n", s, sdk, one.Seconds, one.Requests)
			b.results.SDK.Made = here(ctx, with)
			r.Runs = append(r.Runs, one)
		}
		b.results.SDK.Rows = append(b.results.SDK.Rows, r)
	}
	return nil
}

// runScript times the script by its own clock: the start of Node.js does not count.
func (b *bench) runScript(ctx context.Context, of size) (r run, with string, err error) {
	s, err := b.newStage(ctx, prop{size: of, bare: true})
	if err != nil {
		return r, "", err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	s.seam.EnforceLimits(false)
	cmd := exec.CommandContext(ctx, "node", filepath.Join("internal", "bench", "sdk", "remove.js"), fmt.Sprint(of.codes))
	cmd.Env = append(os.Environ(), "SEAM_ENDPOINT="+s.endpoint, "SEAM_API_KEY="+s.seam.Workspace().APIKey)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return r, "", fmt.Errorf("the script: %w", err)
	}
	var said struct {
		Seconds float64        `json:"seconds"`
		With    string         `json:"with"`
		Counts  map[string]int `json:"counts"`
	}
	if err := json.Unmarshal(out, &said); err != nil {
		return r, "", fmt.Errorf("the script said %q: %w", out, err)
	}
	r = newRun(s.seam, time.Duration(said.Seconds*float64(time.Second)))
	if held := s.pinsLeft(); held > 0 || r.Paths["/access_codes/delete"] != of.codes {
		return r, "", fmt.Errorf("the locks hold %d PINs after %v", held, r.Paths)
	}
	return r, said.With, nil
}
