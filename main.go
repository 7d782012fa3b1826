// Command terraform-provider-seam is a Terraform provider for physical access through
// Seam.
package main

import (
	"flag"
	"log"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/seamapi/terraform-provider-seam/internal/provider"
)

// version is set by the release build.
var version = "dev"

const (
	// collectAt is the heap growth, in percent, at which garbage is collected: a run is
	// short, and collecting less often makes plans faster,
	collectAt = 400
	// until the heap has this many bytes.
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
	err := tf6server.Serve("registry.terraform.io/seamapi/seam", func() tfprotov6.ProviderServer { return provider.NewServer(version) }, options...)
	if err != nil {
		log.Fatal(err)
	}
}

// leaveSIGTERMToTerraform keeps a signal that was sent to the whole process group, as by
// `timeout`, a cancelled CI job or a container runtime, from ending the provider in the
// middle of a create. Terraform gets the signal too: it asks the provider to stop, writes
// the state, and ends the provider.
func leaveSIGTERMToTerraform() { signal.Ignore(syscall.SIGTERM) }

// quietSDK spares the plugin SDK from writing trace lines that nobody asked for: they
// cost a third of a large plan.
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
