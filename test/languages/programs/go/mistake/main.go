// Prints what somebody who gives a wrong value, beside a right one, gets to read.
package main

import (
	"fmt"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf-azure-gitlab/cdktf-azure-gitlab-go/cdktfazuregitlab"
	"github.com/hashicorp/terraform-cdk-go/cdktf"
)

func main() {
	defer func() { fmt.Println(recover()) }()
	somebody := jsii.String("00000000-0000-0000-0000-000000000001")
	stack := cdktf.NewTerraformStack(cdktf.NewApp(nil), jsii.String("Prod"))
	cdktfazuregitlab.NewSelfHostedGitLab(stack, jsii.String("GitLab"), &cdktfazuregitlab.SelfHostedGitLabProps{
		Location: jsii.String("Korea Central"),
		SignIn: &[]cdktfazuregitlab.GitLabSignIn{
			cdktfazuregitlab.GitLabSignIn_EntraIdSaml(&cdktfazuregitlab.EntraIdSamlOptions{
				TenantId:       somebody,
				ApplicationId:  somebody,
				Administrators: &[]*string{somebody},
			}),
		},
	})
}
