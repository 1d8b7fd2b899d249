// A Helm provider for the tests: the arguments of hashicorp/helm 3.x that this project writes, on Helm's own SDK. It stands in for the published
// provider, whose module no proxy has. Any other argument fails `validate`.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
)

func main() {
	debug := flag.Bool("debuggable", false, "serve until told to stop, for any number of runs")
	flag.Parse()
	opts := providerserver.ServeOpts{Address: "registry.terraform.io/hashicorp/helm", ProtocolVersion: 6, Debug: *debug}
	if err := providerserver.Serve(context.Background(), newProvider, opts); err != nil {
		log.Fatal(err)
	}
}
