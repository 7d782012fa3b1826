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

// measureSDK runs a script with Seam's JavaScript SDK that removes the same number of codes from
// the same number of locks as the destroys. The script does not handle rate limits, so the fake
// does not enforce them.
func (b *bench) measureSDK(ctx context.Context) error {
	b.results.SDK = section{}
	for _, s := range b.destroy {
		r := row{Verb: "destroy", Variant: variantSDK, Codes: s.codes, Locks: s.locks, Parallelism: s.codes}
		for range b.runs {
			one, with, err := b.runScript(ctx, s)
			if err != nil {
				return err
			}
			fmt.Fprintf(os.Stderr, "destroy %s, %s: %.2f s, %d requests\n", s, variantSDK, one.Seconds, one.Requests)
			b.results.SDK.Provenance = b.machineInfo(ctx, with)
			r.Runs = append(r.Runs, one)
		}
		b.results.SDK.Rows = append(b.results.SDK.Rows, r)
	}
	return nil
}

// runScript times the script by its own clock: the start of Node.js does not count.
func (b *bench) runScript(ctx context.Context, of scale) (r run, with string, err error) {
	e, err := b.newEnvironment(ctx, fixture{scale: of, configOnly: true})
	if err != nil {
		return r, "", err
	}
	defer func() { err = errors.Join(err, e.close()) }()
	e.seam.EnforceLimits(false)
	cmd := exec.CommandContext(ctx, "node", filepath.Join("internal", "bench", "sdk", "remove.js"), fmt.Sprint(of.codes))
	cmd.Env = append(os.Environ(), "SEAM_ENDPOINT="+e.endpoint, "SEAM_API_KEY="+e.seam.Workspace().APIKey)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return r, "", fmt.Errorf("the script: %w", err)
	}
	var output struct {
		Seconds float64        `json:"seconds"`
		With    string         `json:"with"`
		Counts  map[string]int `json:"counts"`
	}
	if err := json.Unmarshal(out, &output); err != nil {
		return r, "", fmt.Errorf("the script said %q: %w", out, err)
	}
	r = newRun(e.seam, time.Duration(output.Seconds*float64(time.Second)))
	if stored := e.storedPINs(); stored > 0 || r.Paths["/access_codes/delete"] != of.codes {
		return r, "", fmt.Errorf("the locks hold %d PINs after %v", stored, r.Paths)
	}
	return r, output.With, nil
}
