// Prints what somebody who gives a wrong value gets to read.
package main

import (
	"fmt"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf-azure-gitlab/cdktf-azure-gitlab-go/cdktfazuregitlab"
	"github.com/hashicorp/terraform-cdk-go/cdktf"
)

func main() {
	defer func() { fmt.Println(recover()) }()
	stack := cdktf.NewTerraformStack(cdktf.NewApp(nil), jsii.String("Prod"))
	cdktfazuregitlab.NewSelfHostedGitLab(stack, jsii.String("GitLab"), &cdktfazuregitlab.SelfHostedGitLabProps{
		Location: jsii.String("Korea Central"),
	})
}
