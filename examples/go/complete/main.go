// GitLab on a virtual machine, a cluster, and a runner that turns every CI job into a pod.
package main

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf-azure-gitlab/cdktf-azure-gitlab-go/cdktfazuregitlab"
	"github.com/hashicorp/terraform-cdk-go/cdktf"
)

const location = "koreacentral"

func main() {
	app := cdktf.NewApp(nil)
	stack := cdktf.NewTerraformStack(app, jsii.String("gitlab"))

	gitlab := cdktfazuregitlab.NewSelfHostedGitLab(stack, jsii.String("GitLab"), &cdktfazuregitlab.SelfHostedGitLabProps{
		Location: jsii.String(location),
	})
	// with one node for CI jobs ten vCPU, which is what a new subscription has
	cluster := cdktfazuregitlab.NewAksCluster(stack, jsii.String("Cluster"), &cdktfazuregitlab.AksClusterProps{
		Location:       jsii.String(location),
		SystemNodePool: &cdktfazuregitlab.AksSystemNodePoolOptions{VmSize: jsii.String("Standard_D2s_v5")},
		JobNodePool:    &cdktfazuregitlab.AksNodePoolOptions{VmSize: jsii.String("Standard_D2s_v5"), MaxCount: jsii.Number(1)},
	})
	cdktfazuregitlab.NewKubernetesGitLabRunner(stack, jsii.String("Runner"), &cdktfazuregitlab.KubernetesGitLabRunnerProps{
		Gitlab:  gitlab,
		Cluster: cluster,
		Tags:    jsii.Strings("aks"),
	})

	app.Synth()
}
