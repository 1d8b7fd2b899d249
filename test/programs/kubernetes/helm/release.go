package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/cli"
	"helm.sh/helm/v3/pkg/release"
	"helm.sh/helm/v3/pkg/storage/driver"
	"helm.sh/helm/v3/pkg/strvals"
	"sigs.k8s.io/yaml"
)

type releaseResource struct{ kubernetes *kubernetesModel }

type releaseModel struct {
	ID              types.String   `tfsdk:"id"`
	Name            types.String   `tfsdk:"name"`
	Namespace       types.String   `tfsdk:"namespace"`
	Chart           types.String   `tfsdk:"chart"`
	Repository      types.String   `tfsdk:"repository"`
	Version         types.String   `tfsdk:"version"`
	Description     types.String   `tfsdk:"description"`
	Values          []types.String `tfsdk:"values"`
	Set             []setModel     `tfsdk:"set"`
	SetSensitive    []setModel     `tfsdk:"set_sensitive"`
	Timeout         types.Int64    `tfsdk:"timeout"`
	MaxHistory      types.Int64    `tfsdk:"max_history"`
	Wait            types.Bool     `tfsdk:"wait"`
	WaitForJobs     types.Bool     `tfsdk:"wait_for_jobs"`
	Atomic          types.Bool     `tfsdk:"atomic"`
	CleanupOnFail   types.Bool     `tfsdk:"cleanup_on_fail"`
	CreateNamespace types.Bool     `tfsdk:"create_namespace"`
	Status          types.String   `tfsdk:"status"`
}

type setModel struct {
	Name  types.String `tfsdk:"name"`
	Value types.String `tfsdk:"value"`
	Type  types.String `tfsdk:"type"`
}

func (*releaseResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "helm_release"
}

func (*releaseResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	replace := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	flag := func(value bool) schema.BoolAttribute {
		return schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(value)}
	}
	set := schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
		"name":  schema.StringAttribute{Required: true},
		"value": schema.StringAttribute{Required: true, Sensitive: true},
		"type":  schema.StringAttribute{Optional: true},
	}}
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":   schema.StringAttribute{Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}},
		"name": schema.StringAttribute{Required: true, PlanModifiers: replace},
		"namespace": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString("default"), PlanModifiers: replace,
		},
		"chart":            schema.StringAttribute{Required: true},
		"repository":       schema.StringAttribute{Optional: true},
		"version":          schema.StringAttribute{Optional: true},
		"description":      schema.StringAttribute{Optional: true},
		"values":           schema.ListAttribute{Optional: true, ElementType: types.StringType},
		"set":              schema.ListNestedAttribute{Optional: true, NestedObject: set},
		"set_sensitive":    schema.ListNestedAttribute{Optional: true, NestedObject: set},
		"timeout":          schema.Int64Attribute{Optional: true, Computed: true, Default: int64default.StaticInt64(300)},
		"max_history":      schema.Int64Attribute{Optional: true, Computed: true, Default: int64default.StaticInt64(0)},
		"wait":             flag(true),
		"wait_for_jobs":    flag(false),
		"atomic":           flag(false),
		"cleanup_on_fail":  flag(false),
		"create_namespace": flag(false),
		// a release that is not deployed any more shows as a change
		"status": schema.StringAttribute{Computed: true, Default: stringdefault.StaticString(release.StatusDeployed.String())},
	}}
}

func (r *releaseResource) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.kubernetes, _ = req.ProviderData.(*kubernetesModel)
}

func (r *releaseResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var model releaseModel
	if resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	config, err := newAction(r.kubernetes, model.Namespace)
	if failed(&resp.Diagnostics, "installation failed", err) {
		return
	}
	install := action.NewInstall(config)
	install.ReleaseName = model.Name.ValueString()
	install.Namespace = model.Namespace.ValueString()
	install.CreateNamespace = model.CreateNamespace.ValueBool()
	install.Wait = model.Wait.ValueBool()
	install.WaitForJobs = model.WaitForJobs.ValueBool()
	install.Atomic = model.Atomic.ValueBool()
	install.Timeout = model.timeout()
	install.Description = model.Description.ValueString()
	install.ChartPathOptions = model.chartPathOptions(install.ChartPathOptions)
	chart, values, err := model.load(install.ChartPathOptions)
	if failed(&resp.Diagnostics, "installation failed", err) {
		return
	}
	_, err = install.RunWithContext(ctx, chart, values)
	if failed(&resp.Diagnostics, "installation failed", err) {
		return
	}
	model.ID = model.Name
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

func (r *releaseResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var model releaseModel
	if resp.Diagnostics.Append(req.State.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	config, err := newAction(r.kubernetes, model.Namespace)
	if failed(&resp.Diagnostics, "reading the release failed", err) {
		return
	}
	found, err := action.NewGet(config).Run(model.Name.ValueString())
	if errors.Is(err, driver.ErrReleaseNotFound) {
		resp.State.RemoveResource(ctx)
		return
	}
	if failed(&resp.Diagnostics, "reading the release failed", err) {
		return
	}
	model.Status = types.StringValue(found.Info.Status.String())
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

func (r *releaseResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var model releaseModel
	if resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	config, err := newAction(r.kubernetes, model.Namespace)
	if failed(&resp.Diagnostics, "upgrade failed", err) {
		return
	}
	upgrade := action.NewUpgrade(config)
	upgrade.Namespace = model.Namespace.ValueString()
	upgrade.Wait = model.Wait.ValueBool()
	upgrade.WaitForJobs = model.WaitForJobs.ValueBool()
	upgrade.Atomic = model.Atomic.ValueBool()
	upgrade.CleanupOnFail = model.CleanupOnFail.ValueBool()
	upgrade.MaxHistory = int(model.MaxHistory.ValueInt64())
	upgrade.Timeout = model.timeout()
	upgrade.Description = model.Description.ValueString()
	upgrade.ChartPathOptions = model.chartPathOptions(upgrade.ChartPathOptions)
	chart, values, err := model.load(upgrade.ChartPathOptions)
	if failed(&resp.Diagnostics, "upgrade failed", err) {
		return
	}
	_, err = upgrade.RunWithContext(ctx, model.Name.ValueString(), chart, values)
	if failed(&resp.Diagnostics, "upgrade failed", err) {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

func (r *releaseResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var model releaseModel
	if resp.Diagnostics.Append(req.State.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	config, err := newAction(r.kubernetes, model.Namespace)
	if failed(&resp.Diagnostics, "uninstallation failed", err) {
		return
	}
	uninstall := action.NewUninstall(config)
	uninstall.IgnoreNotFound = true
	uninstall.Wait = model.Wait.ValueBool()
	uninstall.Timeout = model.timeout()
	_, err = uninstall.Run(model.Name.ValueString())
	failed(&resp.Diagnostics, "uninstallation failed", err)
}

func (m *releaseModel) timeout() time.Duration {
	return time.Duration(m.Timeout.ValueInt64()) * time.Second
}

func (m *releaseModel) chartPathOptions(options action.ChartPathOptions) action.ChartPathOptions {
	options.RepoURL = m.Repository.ValueString()
	options.Version = m.Version.ValueString()
	return options
}

func (m *releaseModel) load(options action.ChartPathOptions) (*chart.Chart, map[string]any, error) {
	cache, err := os.MkdirTemp("", "helm")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(cache)
	settings := cli.New()
	settings.RepositoryCache = cache
	path, err := options.LocateChart(m.Chart.ValueString(), settings)
	if err != nil {
		return nil, nil, err
	}
	loaded, err := loader.Load(path)
	if err != nil {
		return nil, nil, err
	}
	values := map[string]any{}
	for _, text := range m.Values {
		layer := map[string]any{}
		if err := yaml.Unmarshal([]byte(text.ValueString()), &layer); err != nil {
			return nil, nil, fmt.Errorf("values: %w", err)
		}
		values = merged(values, layer)
	}
	for _, set := range append(append([]setModel{}, m.Set...), m.SetSensitive...) {
		if err := set.parseInto(values); err != nil {
			return nil, nil, err
		}
	}
	return loaded, values, nil
}

func (s setModel) parseInto(values map[string]any) error {
	text := fmt.Sprintf("%s=%s", s.Name.ValueString(), s.Value.ValueString())
	switch s.Type.ValueString() {
	case "", "auto":
		return strvals.ParseInto(text, values)
	case "string":
		return strvals.ParseIntoString(text, values)
	case "literal":
		return strvals.ParseLiteralInto(text, values)
	}
	return fmt.Errorf("set: unexpected type %q", s.Type.ValueString())
}

func merged(base, layer map[string]any) map[string]any {
	for key, value := range layer {
		lower, isMap := base[key].(map[string]any)
		if upper, both := value.(map[string]any); isMap && both {
			value = merged(lower, upper)
		}
		base[key] = value
	}
	return base
}

func failed(diagnostics *diag.Diagnostics, summary string, err error) bool {
	if err != nil {
		diagnostics.AddError(summary, err.Error())
	}
	return err != nil
}
