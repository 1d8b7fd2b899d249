module example.com/gitlab-platform

go 1.25

require (
	github.com/aws/jsii-runtime-go v1.140.0
	github.com/cdktf-azure-gitlab/cdktf-azure-gitlab-go/cdktfazuregitlab v0.0.0
	github.com/hashicorp/terraform-cdk-go/cdktf v0.21.0
)
