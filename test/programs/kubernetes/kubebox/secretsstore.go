package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	csi "github.com/container-storage-interface/spec/lib/go/csi"
	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/clientcmd"
	registration "k8s.io/kubelet/pkg/apis/pluginregistration/v1"
)

const (
	driverName = "secrets-store.csi.k8s.io"
	attributes = "csi.storage.k8s.io/"
)

var providerClasses = schema.GroupVersionResource{Group: "secrets-store.csi.x-k8s.io", Version: "v1", Resource: "secretproviderclasses"}

// secretsStore stands in for the Secrets Store CSI driver and its Azure provider in one. It reads the SecretProviderClass, asks kubelet for the
// pod's token as the driver does, mounts the named secrets as files and writes them anew when they change. The vaults are folders. It does not
// check that Entra ID would take the token for the named client. Kubernetes Secrets that the class asks for follow within a second, as the driver's do
// some time after the mount; they stay when no pod mounts the class any more.
type secretsStore struct {
	csi.UnimplementedIdentityServer
	csi.UnimplementedNodeServer
	nodeName string
	vaults   string
	classes  dynamic.NamespaceableResourceInterface
	secrets  dynamic.NamespaceableResourceInterface
	lock     sync.Mutex
	mounted  map[string]volume
}

type volume struct {
	vault     string
	files     []secretFile
	namespace string
	copies    []secretCopy
}

func newSecretsStoreCommand() *cobra.Command {
	var kubeconfig, kubeletRoot string
	driver := &secretsStore{mounted: map[string]volume{}}
	command := &cobra.Command{Use: "secrets-store", RunE: func(*cobra.Command, []string) error {
		config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
		if err != nil {
			return err
		}
		client, err := dynamic.NewForConfig(config)
		if err != nil {
			return err
		}
		driver.classes = client.Resource(providerClasses)
		driver.secrets = client.Resource(schema.GroupVersionResource{Version: "v1", Resource: "secrets"})
		go driver.rotate()
		return driver.serve(kubeletRoot)
	}}
	command.Flags().StringVar(&kubeconfig, "kubeconfig", "", "how to reach the API server")
	command.Flags().StringVar(&kubeletRoot, "kubelet-root", "", "kubelet's folder")
	command.Flags().StringVar(&driver.nodeName, "node-name", "", "the node")
	command.Flags().StringVar(&driver.vaults, "vaults", "", "a folder with a folder for each vault with a file for each secret")
	return command
}

func (s *secretsStore) serve(kubeletRoot string) error {
	endpoint := filepath.Join(kubeletRoot, "plugins", driverName, "csi.sock")
	plugin := grpc.NewServer()
	csi.RegisterIdentityServer(plugin, s)
	csi.RegisterNodeServer(plugin, s)
	failed := make(chan error, 2)
	go func() { failed <- listen(plugin, endpoint) }()
	registrar := grpc.NewServer()
	registration.RegisterRegistrationServer(registrar, announcement{endpoint: endpoint})
	go func() {
		failed <- listen(registrar, filepath.Join(kubeletRoot, "plugins_registry", driverName+"-reg.sock"))
	}()
	return <-failed
}

func listen(server *grpc.Server, socket string) error {
	if err := os.MkdirAll(filepath.Dir(socket), 0o750); err != nil {
		return err
	}
	if err := os.Remove(socket); err != nil && !os.IsNotExist(err) {
		return err
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	return server.Serve(listener)
}

// announcement tells kubelet where the driver is.
type announcement struct {
	registration.UnimplementedRegistrationServer
	endpoint string
}

func (a announcement) GetInfo(context.Context, *registration.InfoRequest) (*registration.PluginInfo, error) {
	return &registration.PluginInfo{Type: registration.CSIPlugin, Name: driverName, Endpoint: a.endpoint, SupportedVersions: []string{"1.0.0"}}, nil
}

func (announcement) NotifyRegistrationStatus(_ context.Context, req *registration.RegistrationStatus) (*registration.RegistrationStatusResponse, error) {
	if !req.PluginRegistered {
		fmt.Fprintln(os.Stderr, "kubelet refused the driver:", req.Error)
	}
	return &registration.RegistrationStatusResponse{}, nil
}

func (*secretsStore) GetPluginInfo(context.Context, *csi.GetPluginInfoRequest) (*csi.GetPluginInfoResponse, error) {
	return &csi.GetPluginInfoResponse{Name: driverName, VendorVersion: "1"}, nil
}

func (*secretsStore) GetPluginCapabilities(context.Context, *csi.GetPluginCapabilitiesRequest) (*csi.GetPluginCapabilitiesResponse, error) {
	return &csi.GetPluginCapabilitiesResponse{}, nil
}

func (*secretsStore) Probe(context.Context, *csi.ProbeRequest) (*csi.ProbeResponse, error) {
	return &csi.ProbeResponse{}, nil
}

func (*secretsStore) NodeGetCapabilities(context.Context, *csi.NodeGetCapabilitiesRequest) (*csi.NodeGetCapabilitiesResponse, error) {
	return &csi.NodeGetCapabilitiesResponse{}, nil
}

func (s *secretsStore) NodeGetInfo(context.Context, *csi.NodeGetInfoRequest) (*csi.NodeGetInfoResponse, error) {
	return &csi.NodeGetInfoResponse{NodeId: s.nodeName}, nil
}

func (s *secretsStore) NodePublishVolume(ctx context.Context, req *csi.NodePublishVolumeRequest) (*csi.NodePublishVolumeResponse, error) {
	if !req.Readonly {
		return nil, status.Error(codes.InvalidArgument, "Readonly is not set in request")
	}
	s.lock.Lock()
	_, mounted := s.mounted[req.TargetPath]
	s.lock.Unlock()
	if mounted {
		return &csi.NodePublishVolumeResponse{}, nil
	}
	given := req.VolumeContext
	class, err := s.classes.Namespace(given[attributes+"pod.namespace"]).Get(ctx, given["secretProviderClass"], metav1.GetOptions{})
	if err != nil {
		return nil, status.Errorf(codes.Unknown, "failed to get secretproviderclass %s/%s, error: %v", given[attributes+"pod.namespace"], given["secretProviderClass"], err)
	}
	wanted, err := parseClass(class, given[attributes+"serviceAccount.tokens"])
	if err != nil {
		return nil, status.Errorf(codes.InvalidArgument, "failed to mount objects, error: %v", err)
	}
	contents, err := s.read(wanted)
	if err != nil {
		return nil, status.Errorf(codes.Unknown, "failed to mount objects, error: %v", err)
	}
	if err := os.MkdirAll(req.TargetPath, 0o750); err != nil {
		return nil, err
	}
	if err := unix.Mount("tmpfs", req.TargetPath, "tmpfs", 0, "mode=0755"); err != nil {
		return nil, err
	}
	if err := publish(req.TargetPath, contents); err != nil {
		return nil, err
	}
	s.lock.Lock()
	s.mounted[req.TargetPath] = wanted
	s.lock.Unlock()
	return &csi.NodePublishVolumeResponse{}, nil
}

func (s *secretsStore) NodeUnpublishVolume(_ context.Context, req *csi.NodeUnpublishVolumeRequest) (*csi.NodeUnpublishVolumeResponse, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	delete(s.mounted, req.TargetPath)
	if err := unix.Unmount(req.TargetPath, 0); err != nil && err != unix.EINVAL && err != unix.ENOENT {
		return nil, err
	}
	return &csi.NodeUnpublishVolumeResponse{}, os.RemoveAll(req.TargetPath)
}

// rotate is what the add-on does every two minutes, only sooner.
func (s *secretsStore) rotate() {
	for range time.Tick(time.Second) {
		s.lock.Lock()
		for path, volume := range s.mounted {
			if contents, err := s.read(volume); err != nil {
				fmt.Fprintln(os.Stderr, "rotation:", err)
			} else if err := publish(path, contents); err != nil {
				fmt.Fprintln(os.Stderr, "rotation:", err)
			} else if err := s.copy(volume, contents); err != nil {
				fmt.Fprintln(os.Stderr, "copies:", err)
			}
		}
		s.lock.Unlock()
	}
}

// copy makes the Kubernetes Secrets that a class asks for, by the names of its mounted files.
func (s *secretsStore) copy(volume volume, contents map[string]string) error {
	for _, wanted := range volume.copies {
		data := map[string]any{}
		for _, item := range wanted.Data {
			value, mounted := contents[item.ObjectName]
			if !mounted {
				return fmt.Errorf("file matching objectName %s not found in the pod", item.ObjectName)
			}
			data[item.Key] = base64.StdEncoding.EncodeToString([]byte(value))
		}
		secret := &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "v1", "kind": "Secret", "type": wanted.Type, "data": data,
			"metadata": map[string]any{
				"name": wanted.SecretName, "namespace": volume.namespace, "labels": map[string]any{"secrets-store.csi.k8s.io/managed": "true"},
			},
		}}
		options := metav1.ApplyOptions{FieldManager: driverName, Force: true}
		if _, err := s.secrets.Namespace(volume.namespace).Apply(context.Background(), wanted.SecretName, secret, options); err != nil {
			return err
		}
	}
	return nil
}

func (s *secretsStore) read(volume volume) (map[string]string, error) {
	contents := map[string]string{}
	for _, file := range volume.files {
		value, err := os.ReadFile(filepath.Join(s.vaults, volume.vault, file.ObjectName))
		if err != nil {
			return nil, fmt.Errorf("keyvault.BaseClient#GetSecret: SecretNotFound: a secret with (name/id) %s was not found in the key vault %s", file.ObjectName, volume.vault)
		}
		contents[file.ObjectAlias] = string(value)
	}
	return contents, nil
}

// publish writes files as kubelet's atomic writer does: links to a folder that changes in one step.
func publish(target string, contents map[string]string) error {
	const data = "..data"
	same := true
	for name, value := range contents {
		present, err := os.ReadFile(filepath.Join(target, name))
		same = same && err == nil && string(present) == value
	}
	if same {
		return nil
	}
	folder, err := os.MkdirTemp(target, ".."+strings.ReplaceAll(time.Now().UTC().Format("2006_01_02_15_04_05"), "-", "_")+".")
	if err != nil {
		return err
	}
	if err := os.Chmod(folder, 0o755); err != nil {
		return err
	}
	for name, value := range contents {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(value), 0o644); err != nil {
			return err
		}
	}
	old, _ := os.Readlink(filepath.Join(target, data))
	next := filepath.Join(target, data+"_tmp")
	if err := os.Symlink(filepath.Base(folder), next); err != nil {
		return err
	}
	if err := os.Rename(next, filepath.Join(target, data)); err != nil {
		return err
	}
	for name := range contents {
		if _, err := os.Lstat(filepath.Join(target, name)); os.IsNotExist(err) {
			if err := os.Symlink(filepath.Join(data, name), filepath.Join(target, name)); err != nil {
				return err
			}
		}
	}
	if old != "" {
		return os.RemoveAll(filepath.Join(target, old))
	}
	return nil
}
