package com.example;

import com.hashicorp.cdktf.App;
import com.hashicorp.cdktf.TerraformStack;
import io.github.cdktfazuregitlab.AksCluster;
import io.github.cdktfazuregitlab.AksNodePoolOptions;
import io.github.cdktfazuregitlab.AksSystemNodePoolOptions;
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
        // with one node for CI jobs ten vCPU, which is what a new subscription has
        AksCluster cluster = AksCluster.Builder.create(stack, "Cluster")
                .location(LOCATION)
                .systemNodePool(AksSystemNodePoolOptions.builder().vmSize("Standard_D2s_v5").build())
                .jobNodePool(AksNodePoolOptions.builder().vmSize("Standard_D2s_v5").maxCount(1).build())
                .build();
        KubernetesGitLabRunner.Builder.create(stack, "Runner")
                .gitlab(gitlab)
                .cluster(cluster)
                .tags(List.of("aks"))
                .build();

        app.synth();
    }
}
