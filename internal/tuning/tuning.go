// Package tuning sets what makes a provider process fast.
package tuning

import (
	"log"
	"os"
	"runtime/debug"
)

const (
	// collectAt is GOGC, in percent. A provider process is short-lived, so less frequent garbage
	// collection makes plans faster.
	collectAt = 400
	// collectFrom is the soft memory limit, in bytes. Near it, garbage is collected more often.
	collectFrom = 96 << 20
)

// Apply tunes the process, unless the environment says otherwise.
func Apply() {
	quietSDK()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
		debug.SetMemoryLimit(collectFrom)
	}
}

// quietSDK turns off the trace logs of the plugin SDK unless logging is configured. They take a
// third of the time of a large plan.
func quietSDK() {
	sdk := []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK"}
	for _, name := range append(sdk, "TF_LOG", "TF_LOG_PROVIDER") {
		if os.Getenv(name) != "" {
			return
		}
	}
	for _, name := range sdk {
		if err := os.Setenv(name, "OFF"); err != nil {
			log.Fatal(err)
		}
	}
}
