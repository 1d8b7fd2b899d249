package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type helmProvider struct{}

type providerModel struct {
	Kubernetes *kubernetesModel `tfsdk:"kubernetes"`
}

type kubernetesModel struct {
	Host                 types.String `tfsdk:"host"`
	ClusterCACertificate types.String `tfsdk:"cluster_ca_certificate"`
	Token                types.String `tfsdk:"token"`
	Exec                 *execModel   `tfsdk:"exec"`
}

type execModel struct {
	APIVersion types.String            `tfsdk:"api_version"`
	Command    types.String            `tfsdk:"command"`
	Args       []types.String          `tfsdk:"args"`
	Env        map[string]types.String `tfsdk:"env"`
}

func newProvider() provider.Provider { return &helmProvider{} }

func (*helmProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "helm"
}

func (*helmProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"kubernetes": schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{
			"host":                   schema.StringAttribute{Optional: true},
			"cluster_ca_certificate": schema.StringAttribute{Optional: true},
			"token":                  schema.StringAttribute{Optional: true},
			"exec": schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{
				"api_version": schema.StringAttribute{Required: true},
				"command":     schema.StringAttribute{Required: true},
				"args":        schema.ListAttribute{Optional: true, ElementType: types.StringType},
				"env":         schema.MapAttribute{Optional: true, ElementType: types.StringType},
			}},
		}},
	}}
}

func (*helmProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var model providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	// values that are unknown while planning are empty here; only a call to the cluster fails then
	resp.ResourceData = model.Kubernetes
}

func (*helmProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return &releaseResource{} }}
}

func (*helmProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }
