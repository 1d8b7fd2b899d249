package com.example;

import com.hashicorp.cdktf.App;
import com.hashicorp.cdktf.TerraformStack;
import io.github.cdktfazuregitlab.AksCluster;
import io.github.cdktfazuregitlab.KubernetesGitLabRunner;
import io.github.cdktfazuregitlab.SelfHostedGitLab;
import java.util.List;

/** GitLab on a virtual machine, a cluster, and a runner that turns every CI job into a pod. */
public final class Main {
    private static final String LOCATION = "koreacentral";

    private Main() {
    }

    public static void main(String[] args) {
        App app = new App();
        TerraformStack stack = new TerraformStack(app, "gitlab");

        SelfHostedGitLab gitlab = SelfHostedGitLab.Builder.create(stack, "GitLab")
                .location(LOCATION)
                .build();
        AksCluster cluster = AksCluster.Builder.create(stack, "Cluster")
                .location(LOCATION)
                .build();
        KubernetesGitLabRunner.Builder.create(stack, "Runner")
                .gitlab(gitlab)
                .cluster(cluster)
                .tags(List.of("aks"))
                .build();

        app.synth();
    }
}
