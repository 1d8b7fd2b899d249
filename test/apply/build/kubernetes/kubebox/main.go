// Etcd and the two parts of a Kubernetes control plane that a Helm release needs, in one binary: kubebox etcd|apiserver|controller-manager FLAGS.
package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: kubebox etcd|apiserver|controller-manager FLAGS")
		os.Exit(2)
	}
	component := os.Args[1]
	os.Args = append(os.Args[:1], os.Args[2:]...)
	commands := map[string]func() *cobra.Command{
		"apiserver":          apiserver.NewAPIServerCommand,
		"controller-manager": controllermanager.NewControllerManagerCommand,
	}
	switch command, known := commands[component]; {
	case component == "etcd":
		etcdmain.Main(os.Args)
	case known:
		os.Exit(cli.Run(command()))
	default:
		fmt.Fprintln(os.Stderr, "kubebox: no component "+component)
		os.Exit(2)
	}
}
