package com.example;

import com.hashicorp.cdktf.App;
import com.hashicorp.cdktf.TerraformStack;
import io.github.cdktfazuregitlab.SelfHostedGitLab;

/** Prints what somebody who gives a wrong value gets to read. */
public final class Mistake {
    private Mistake() {
    }

    public static void main(String[] args) {
        try {
            SelfHostedGitLab.Builder.create(new TerraformStack(new App(), "Prod"), "GitLab")
                    .location("Korea Central")
                    .build();
        } catch (RuntimeException error) {
            System.out.println(error.getMessage());
        }
    }
}
