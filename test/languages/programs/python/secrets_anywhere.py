"""References to secrets at all depths of a map that has no types."""

from cdktf import App, TerraformStack
from cdktf_azure_gitlab import KeyVaultSecret, SelfHostedGitLab

VAULT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/own"

app = App()
secret = KeyVaultSecret.of(VAULT, "ldap")
SelfHostedGitLab(
    TerraformStack(app, "secrets"),
    "GitLab",
    location="koreacentral",
    omnibus_settings={
        "gitlab_rails": {
            "smtp_password": KeyVaultSecret.of(VAULT, "smtp"),
            "ldap_enabled": True,
            "ldap_servers": {"main": {"host": "ldap.example.com", "uid": "uid", "base": "dc=example,dc=com", "encryption": "simple_tls", "password": secret}},
            "omniauth_providers": [{"name": "github"}, {"name": "openid_connect", "args": {"client_options": {"secret": secret}}}],
            "object_store": {"connection": KeyVaultSecret.of(VAULT, "store").as_json()},
            "kerberos_keytab": KeyVaultSecret.of(VAULT, "keytab").as_path(),
            "redis_cache_instance": KeyVaultSecret.of(VAULT, "redis").in_url("rediss://:", "@redis.example.com"),
        }
    },
)
app.synth()
