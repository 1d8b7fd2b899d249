package main

import (
	"encoding/json"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

const tokenAudience = "api://AzureADTokenExchange"

// secretCopy is a Kubernetes Secret that the driver makes of mounted files.
type secretCopy struct {
	SecretName string `json:"secretName"`
	Type       string `json:"type"`
	Data       []struct {
		ObjectName string `json:"objectName"`
		Key        string `json:"key"`
	} `json:"data"`
}

type secretFile struct {
	ObjectName  string `json:"objectName"`
	ObjectType  string `json:"objectType"`
	ObjectAlias string `json:"objectAlias"`
}

// parseClass reads a SecretProviderClass as the Azure provider does.
func parseClass(class *unstructured.Unstructured, tokens string) (volume, error) {
	parameters, _, err := unstructured.NestedStringMap(class.Object, "spec", "parameters")
	if err != nil {
		return volume{}, err
	}
	if provider, _, _ := unstructured.NestedString(class.Object, "spec", "provider"); provider != "azure" {
		return volume{}, fmt.Errorf("provider not found: provider %q", provider)
	}
	for _, name := range []string{"keyvaultName", "tenantId", "clientID"} {
		if parameters[name] == "" {
			return volume{}, fmt.Errorf("%s is not set", name)
		}
	}
	var issued map[string]struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal([]byte(tokens), &issued); err != nil || issued[tokenAudience].Token == "" {
		return volume{}, fmt.Errorf("failed to acquire token: service account tokens is not found, %q", tokens)
	}
	var objects struct {
		Array []string `json:"array"`
	}
	if err := yaml.Unmarshal([]byte(parameters["objects"]), &objects); err != nil {
		return volume{}, fmt.Errorf("failed to yaml unmarshal objects, error: %w", err)
	}
	wanted := volume{vault: parameters["keyvaultName"]}
	for _, text := range objects.Array {
		var file secretFile
		if err := yaml.UnmarshalStrict([]byte(text), &file); err != nil {
			return volume{}, fmt.Errorf("unmarshal failed for keyVaultObjects: %w", err)
		}
		if file.ObjectType != "secret" {
			return volume{}, fmt.Errorf("invalid vaultObjectTypes %q", file.ObjectType)
		}
		if file.ObjectAlias == "" {
			file.ObjectAlias = file.ObjectName
		}
		wanted.files = append(wanted.files, file)
	}
	if len(wanted.files) == 0 {
		return volume{}, fmt.Errorf("objects is not set")
	}
	wanted.namespace = class.GetNamespace()
	copies, _, err := unstructured.NestedSlice(class.Object, "spec", "secretObjects")
	if err != nil {
		return volume{}, err
	}
	text, err := json.Marshal(copies)
	if err != nil {
		return volume{}, err
	}
	if err := json.Unmarshal(text, &wanted.copies); err != nil {
		return volume{}, err
	}
	return wanted, nil
}
