package com.example;

import com.hashicorp.cdktf.App;
import com.hashicorp.cdktf.TerraformStack;
import io.github.cdktfazuregitlab.EntraIdSamlOptions;
import io.github.cdktfazuregitlab.GitLabSignIn;
import io.github.cdktfazuregitlab.SelfHostedGitLab;
import java.util.List;

/** Prints what somebody who gives a wrong value, beside a right one, gets to read. */
public final class Mistake {
    private static final String SOMEBODY = "00000000-0000-0000-0000-000000000001";

    private Mistake() {
    }

    public static void main(String[] args) {
        try {
            SelfHostedGitLab.Builder.create(new TerraformStack(new App(), "Prod"), "GitLab")
                    .location("Korea Central")
                    .signIn(List.of(GitLabSignIn.entraIdSaml(EntraIdSamlOptions.builder()
                            .tenantId(SOMEBODY)
                            .applicationId(SOMEBODY)
                            .administrators(List.of(SOMEBODY))
                            .build())))
                    .build();
        } catch (RuntimeException error) {
            System.out.println(error.getMessage());
        }
    }
}
