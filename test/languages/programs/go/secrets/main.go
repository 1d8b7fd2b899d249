// References to secrets at all depths of a map that has no types.
package main

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf-azure-gitlab/cdktf-azure-gitlab-go/cdktfazuregitlab"
	"github.com/hashicorp/terraform-cdk-go/cdktf"
)

func secret(name string) cdktfazuregitlab.KeyVaultSecret {
	vault := "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/own"
	return cdktfazuregitlab.KeyVaultSecret_Of(jsii.String(vault), jsii.String(name))
}

func main() {
	app := cdktf.NewApp(nil)
	cdktfazuregitlab.NewSelfHostedGitLab(cdktf.NewTerraformStack(app, jsii.String("secrets")), jsii.String("GitLab"), &cdktfazuregitlab.SelfHostedGitLabProps{
		Location: jsii.String("koreacentral"),
		OmnibusSettings: &map[string]interface{}{
			"gitlab_rails": map[string]interface{}{
				"smtp_password": secret("smtp"),
				"ldap_enabled":  true,
				"ldap_servers":  map[string]interface{}{"main": map[string]interface{}{"host": "ldap.example.com", "uid": "uid", "base": "dc=example,dc=com", "encryption": "simple_tls", "password": secret("ldap")}},
				"omniauth_providers": []interface{}{
					map[string]interface{}{"name": "github"},
					map[string]interface{}{"name": "openid_connect", "args": map[string]interface{}{"client_options": map[string]interface{}{"secret": secret("ldap")}}},
				},
				"object_store":         map[string]interface{}{"connection": secret("store").AsJson()},
				"kerberos_keytab":      secret("keytab").AsPath(),
				"redis_cache_instance": secret("redis").InUrl(jsii.String("rediss://:"), jsii.String("@redis.example.com")),
			},
		},
	})
	app.Synth()
}
