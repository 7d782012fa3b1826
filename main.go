// Command terraform-provider-seam is a Terraform provider for physical access through
// Seam.
package main

import (
	"context"
	"flag"
	"log"
	"os"
	"runtime/debug"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	seamprovider "github.com/seamapi/terraform-provider-seam/internal/provider"
)

// version is set by the release build.
var version = "dev"

// collectAt is the heap growth, in percent, at which garbage is collected: a run is
// short, and collecting less often makes plans faster.
const collectAt = 400

func main() {
	attach := flag.Bool("debug", false, "run as a process that a debugger can attach to")
	flag.Parse()
	quietSDK()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	err := providerserver.Serve(context.Background(), func() provider.Provider { return seamprovider.New(version) }, providerserver.ServeOpts{
		Address: "registry.terraform.io/seamapi/seam",
		Debug:   *attach,
	})
	if err != nil {
		log.Fatal(err)
	}
}

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
