// Command terraform-provider-seam is the Terraform provider for Seam, the API for smart locks.
package main

import (
	"flag"
	"log"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/seamapi/terraform-provider-seam/internal/provider"
)

// version is set by the release build.
var version string

const (
	// collectAt is GOGC, in percent. A provider process is short-lived, so less frequent garbage
	// collection makes plans faster.
	collectAt = 400
	// collectFrom is the soft memory limit, in bytes. Near it, garbage is collected more often.
	collectFrom = 96 << 20
)

func main() {
	attach := flag.Bool("debug", false, "run as a process that a debugger can attach to")
	flag.Parse()
	quietSDK()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
		debug.SetMemoryLimit(collectFrom)
	}
	var options []tf6server.ServeOpt
	if *attach {
		options = append(options, tf6server.WithManagedDebug())
	} else {
		leaveSIGTERMToTerraform()
	}
	err := tf6server.Serve("registry.terraform.io/seamapi/seam", func() tfprotov6.ProviderServer { return provider.NewServer(buildVersion()) }, options...)
	if err != nil {
		log.Fatal(err)
	}
}

// buildVersion is the version of a release, or else the one that `go install` recorded.
func buildVersion() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "dev"
	}
	return strings.TrimPrefix(info.Main.Version, "v")
}

// leaveSIGTERMToTerraform ignores SIGTERM. `timeout`, canceled CI jobs and container runtimes
// send it to the whole process group, which would end the provider in the middle of a create.
// Terraform gets the signal too: it asks the provider to stop, writes the state, and ends the
// provider.
func leaveSIGTERMToTerraform() { signal.Ignore(syscall.SIGTERM) }

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
