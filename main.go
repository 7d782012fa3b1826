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
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/seamapi/terraform-provider-seam/internal/provider"
	"github.com/seamapi/terraform-provider-seam/internal/tuning"
)

// version is set by the release build.
var version string

func main() {
	attach := flag.Bool("debug", false, "run as a process that a debugger can attach to")
	flag.Parse()
	tuning.Apply()
	var options []tf6server.ServeOpt
	if *attach {
		options = append(options, tf6server.WithManagedDebug())
	} else {
		leaveSIGTERMToTerraform()
		go endWithTerraform(os.Getppid())
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

// endWithTerraform ends the provider when its parent process has changed: Terraform was killed and
// could not end it, and SIGTERM would not. On Windows the parent never changes.
func endWithTerraform(parent int) {
	for range time.Tick(time.Second) {
		if os.Getppid() != parent {
			os.Exit(1)
		}
	}
}
