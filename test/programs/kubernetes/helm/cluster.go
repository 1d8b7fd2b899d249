package main

import (
	"fmt"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/registry"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// cluster is what Helm asks for to reach one: genericclioptions.RESTClientGetter.
type cluster struct {
	config    clientcmd.ClientConfig
	discovery discovery.CachedDiscoveryInterface
}

func newCluster(model *kubernetesModel, namespace string) *cluster {
	overrides := &clientcmd.ConfigOverrides{Context: api.Context{Namespace: namespace}}
	if model != nil {
		overrides.ClusterInfo.Server = model.Host.ValueString()
		overrides.ClusterInfo.CertificateAuthorityData = []byte(model.ClusterCACertificate.ValueString())
		overrides.AuthInfo.Token = model.Token.ValueString()
		overrides.AuthInfo.Exec = model.Exec.config()
	}
	return &cluster{config: clientcmd.NewNonInteractiveDeferredLoadingClientConfig(&clientcmd.ClientConfigLoadingRules{}, overrides)}
}

func (e *execModel) config() *api.ExecConfig {
	if e == nil {
		return nil
	}
	config := &api.ExecConfig{
		APIVersion:      e.APIVersion.ValueString(),
		Command:         e.Command.ValueString(),
		InteractiveMode: api.IfAvailableExecInteractiveMode,
	}
	for _, arg := range e.Args {
		config.Args = append(config.Args, arg.ValueString())
	}
	for name, value := range e.Env {
		config.Env = append(config.Env, api.ExecEnvVar{Name: name, Value: value.ValueString()})
	}
	return config
}

func (c *cluster) ToRawKubeConfigLoader() clientcmd.ClientConfig { return c.config }

func (c *cluster) ToRESTConfig() (*rest.Config, error) {
	config, err := c.config.ClientConfig()
	if err != nil {
		return nil, err
	}
	config.QPS, config.Burst = -1, -1
	return config, nil
}

func (c *cluster) ToDiscoveryClient() (discovery.CachedDiscoveryInterface, error) {
	if c.discovery == nil {
		config, err := c.ToRESTConfig()
		if err != nil {
			return nil, err
		}
		client, err := discovery.NewDiscoveryClientForConfig(config)
		if err != nil {
			return nil, err
		}
		c.discovery = memory.NewMemCacheClient(client)
	}
	return c.discovery, nil
}

func (c *cluster) ToRESTMapper() (meta.RESTMapper, error) {
	client, err := c.ToDiscoveryClient()
	if err != nil {
		return nil, err
	}
	return restmapper.NewShortcutExpander(restmapper.NewDeferredDiscoveryRESTMapper(client), client, nil), nil
}

func newAction(model *kubernetesModel, namespace types.String) (*action.Configuration, error) {
	config := new(action.Configuration)
	if err := config.Init(newCluster(model, namespace.ValueString()), namespace.ValueString(), "secret", log.Printf); err != nil {
		return nil, err
	}
	client, err := registry.NewClient()
	if err != nil {
		return nil, err
	}
	config.RegistryClient = client
	if err := config.KubeClient.IsReachable(); err != nil {
		return nil, fmt.Errorf("Kubernetes cluster unreachable: %w", err)
	}
	return config, nil
}
