package com.example;

import com.hashicorp.cdktf.App;
import com.hashicorp.cdktf.TerraformStack;
import io.github.cdktfazuregitlab.KeyVaultSecret;
import io.github.cdktfazuregitlab.SelfHostedGitLab;
import java.util.List;
import java.util.Map;

/** References to secrets at all depths of a map that has no types. */
public final class Secrets {
    private static final String VAULT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/own";

    private Secrets() {
    }

    public static void main(String[] args) {
        App app = new App();
        KeyVaultSecret secret = KeyVaultSecret.of(VAULT, "ldap");
        SelfHostedGitLab.Builder.create(new TerraformStack(app, "secrets"), "GitLab")
                .location("koreacentral")
                .omnibusSettings(Map.of("gitlab_rails", Map.of(
                        "smtp_password", KeyVaultSecret.of(VAULT, "smtp"),
                        "ldap_enabled", true,
                        "ldap_servers", Map.of("main", Map.of("host", "ldap.example.com", "uid", "uid", "base", "dc=example,dc=com", "encryption", "simple_tls", "password", secret)),
                        "omniauth_providers", List.of(
                                Map.of("name", "github"),
                                Map.of("name", "openid_connect", "args", Map.of("client_options", Map.of("secret", secret)))),
                        "object_store", Map.of("connection", KeyVaultSecret.of(VAULT, "store").asJson()),
                        "kerberos_keytab", KeyVaultSecret.of(VAULT, "keytab").asPath(),
                        "redis_cache_instance", KeyVaultSecret.of(VAULT, "redis").inUrl("rediss://:", "@redis.example.com"))))
                .build();
        app.synth();
    }
}
