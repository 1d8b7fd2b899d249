// A real registry, distribution's, with images in memory: registry ADDRESS. Nothing is authenticated.
package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"strings"

	"github.com/distribution/distribution/v3/configuration"
	"github.com/distribution/distribution/v3/registry/handlers"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/inmemory"
)

const settings = `
version: 0.1
log: { level: info, accesslog: { disabled: false } }
storage: { inmemory: {} }
`

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: registry ADDRESS")
	}
	config, err := configuration.Parse(strings.NewReader(settings))
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe(os.Args[1], handlers.NewApp(context.Background(), config)))
}
