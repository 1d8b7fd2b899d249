import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import { AWAY, lane } from './lane';
import { DATABASE_ADDRESS } from './postgresql';
import { AlertReceiver, GitLabRunnerOptions, PlatformAlerts, SelfHostedGitLab, SelfHostedGitLabProps, WeekDay } from 'cdktf-azure-gitlab';

/** The name of the stack's server below Azure's domain. */
export const DNS_LABEL = 'gitlab-firstboot';
export const AZURE_NAME = `${DNS_LABEL}.koreacentral.cloudapp.azure.com`;
export const PUBLIC_ADDRESS = '20.1.2.3';
/** Where the server's metrics go. */
export const METRICS_HOST = 'given-1ab2.koreacentral-1.metrics.ingest.monitor.azure.com';
export const METRICS_RULE = 'dcr-0123456789abcdef0123456789abcdef';

export interface ServerProps extends Partial<SelfHostedGitLabProps> {
  /** The runners that somebody asks for, by id. */
  readonly runners?: { readonly [id: string]: GitLabRunnerOptions };
  /** Whether alerts look at the server's own metrics. */
  readonly metrics?: boolean;
}

const DAYS = [WeekDay.SUNDAY, WeekDay.MONDAY, WeekDay.TUESDAY, WeekDay.WEDNESDAY, WeekDay.THURSDAY, WeekDay.FRIDAY, WeekDay.SATURDAY];
/** No window of these days has now in it. */
const WINDOW = { dayOfWeek: DAYS[(new Date().getUTCDay() + 3) % 7], startTime: '00:00' };

/** One managed run command as Azure gets it. */
export interface RunCommand {
  readonly name: string;
  /** The name of the virtual machine that it is for. */
  readonly machine: string;
  readonly script: string;
  readonly parameters: { readonly [name: string]: string };
}

export interface Applied {
  readonly commands: readonly RunCommand[];
  /** What the machine's identity is told about, by type and then name: the attributes of resources. */
  readonly resources: { readonly [type: string]: readonly any[] };
  /** The client ids of the machine's identity, and of that of object storage. */
  readonly identity: string;
  readonly objectsIdentity?: string;
  /** The names of the flexible servers. */
  readonly databases: readonly string[];
}

/** What only Azure knows of a resource. Others than these are unknown here, and Terraform says so. */
function computed(type: string, name: string, content: any): object {
  const id = `/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/group/providers/${type}/${content.name ?? name}`;
  const uuid = createHash('sha256').update(`${type}.${name}`).digest('hex').replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
  switch (type) {
    case 'azurerm_public_ip': return { id, ip_address: PUBLIC_ADDRESS, fqdn: AZURE_NAME };
    case 'azurerm_user_assigned_identity': return { id, client_id: uuid, principal_id: uuid, tenant_id: uuid };
    case 'azurerm_client_config': return { subscription_id: '00000000-0000-4000-8000-000000000001', tenant_id: uuid, object_id: uuid, client_id: uuid };
    case 'azurerm_key_vault': return { id, vault_uri: `https://${content.name}.vault.azure.net/` };
    case 'azurerm_storage_account': return { id, primary_blob_endpoint: `https://${content.name}.blob.core.windows.net/`, primary_blob_host: `${content.name}.blob.core.windows.net` };
    case 'azurerm_network_interface': return { id, private_ip_address: [content.ip_configuration].flat()[0].private_ip_address ?? firstFree(content.name) };
    case 'azurerm_private_endpoint': return { id, private_service_connection: [{ ...content.private_service_connection, private_ip_address: DATABASE_ADDRESS }] };
    case 'azurerm_monitor_data_collection_endpoint': return { id, metrics_ingestion_endpoint: `https://${METRICS_HOST}` };
    case 'azurerm_monitor_data_collection_rule': return { id, immutable_id: METRICS_RULE };
    default: return { id };
  }
}

/** What Azure chooses where a plan names no address: one by the machine's number. */
function firstFree(name: string): string {
  const number = Number(/node-(\d+)/.exec(name)?.[1] ?? 0);
  return `10.40.0.${number === 0 ? 4 : 10 + number}`;
}

const REFERENCE = /(?<![\w.])(?:data\.)?(azurerm_\w+)\.(\w+)/g;
const NOT_ATTRIBUTES = ['//', 'lifecycle', 'depends_on', 'provisioner', 'timeouts', 'provider'];

/**
 * The stack of one server, and its Terraform: what the packed package synthesises, with all of its resources as known values, so that Terraform
 * itself resolves every expression that the run commands are made of, and finds their names.
 */
export class Program {
  private readonly folder = mkdtempSync(join(lane.folder, 'stack-'));
  /** What the stack was synthesised into. */
  readonly output = join(this.folder, 'out');

  /** More types of resources that are asked for. */
  constructor(private readonly more: readonly string[] = []) {}

  apply(props: ServerProps): Applied {
    const stack = this.synthesise(props);
    const json = JSON.parse(readFileSync(join(stack, 'cdk.tf.json'), 'utf8'));
    rmSync(join(this.folder, 'assets'), { recursive: true, force: true });
    if (existsSync(join(stack, 'assets'))) {
      cpSync(join(stack, 'assets'), join(this.folder, 'assets'), { recursive: true });
    }
    writeFileSync(join(this.folder, 'main.tf.json'), JSON.stringify(known(json, this.more), undefined, 1));
    this.terraform('init', '-input=false');
    this.terraform('apply', '-auto-approve', '-input=false', '-compact-warnings');
    const { commands, resources } = JSON.parse(this.terraform('output', '-json', 'found'));
    const clientId = (name: string) => resources.azurerm_user_assigned_identity.find((one: any) => one.name === name)?.client_id;
    const databases = Object.values<any>(json.resource.azurerm_postgresql_flexible_server ?? {}).map(({ name }) => name);
    return { commands, resources, identity: clientId('gitlab-vm-identity'), objectsIdentity: clientId('gitlab-vm-objects-identity'), databases };
  }

  private synthesise({ runners = {}, metrics = false, backup, ...props }: ServerProps): string {
    const outdir = this.output;
    rmSync(outdir, { recursive: true, force: true });
    mkdirSync(outdir);
    const app = new App({ outdir });
    const stack = new TerraformStack(app, 'gitlab');
    const gitlab = new SelfHostedGitLab(stack, 'GitLab', {
      location: 'koreacentral', dnsLabel: DNS_LABEL, maintenanceWindow: WINDOW, backup: backup && { schedule: AWAY, ...backup }, ...props,
    });
    if (metrics) {
      new PlatformAlerts(stack, 'Alerts', { gitlab, serverMetricsEnabled: true, receivers: [AlertReceiver.owners()] });
    }
    Object.entries(runners).forEach(([id, options]) => gitlab.requestRunnerToken(id, options));
    app.synth();
    return join(outdir, 'stacks', readdirSync(join(outdir, 'stacks'))[0]);
  }

  private terraform(...args: string[]): string {
    return execFileSync(lane.terraform, args, {
      cwd: this.folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TF_CLI_CONFIG_FILE: '/dev/null', CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', TF_CLI_ARGS: '-no-color' },
    });
  }
}

/** The configuration with resources of Azure as locals, and the run commands, in their order, as an output. */
function known(json: any, more: readonly string[]): object {
  const locals: { [name: string]: any } = {};
  const types: { [type: string]: string[] } = {};
  for (const [type, all] of Object.entries<any>({ ...json.resource, ...json.data })) {
    if (!type.startsWith('azurerm_') || type === 'azurerm_virtual_machine_run_command') {continue;}
    for (const [name, content] of Object.entries<any>(all)) {
      const attributes = Object.entries(content).filter(([key]) => !NOT_ATTRIBUTES.includes(key));
      locals[`${type}__${name}`] = { ...Object.fromEntries(attributes), ...computed(type, name, content) };
      (types[type] ??= []).push(`\${local.${type}__${name}}`);
    }
  }
  const commands = inOrder(json.resource.azurerm_virtual_machine_run_command).map(({ name, source, parameter, virtual_machine_id: machine }) => ({
    name, machine: `\${basename(${machine.slice(2, -1)})}`, script: source.script, parameters: Object.fromEntries(parameter.map((one: any) => [one.name, one.value])),
  }));
  const asked = [...ASKED_FOR, ...more];
  const result = {
    terraform: {},
    locals: { ...json.locals, ...locals },
    resource: { terraform_data: json.resource.terraform_data },
    // only these kinds are asked for; the others may hold expressions that make no sense here.
    output: { found: { value: { commands, resources: Object.fromEntries(asked.map((type) => [type, types[type] ?? []])) }, sensitive: true } },
  };
  return JSON.parse(JSON.stringify(result).replace(REFERENCE, 'local.$1__$2'));
}

const ASKED_FOR = ['azurerm_key_vault', 'azurerm_user_assigned_identity', 'azurerm_storage_account', 'azurerm_storage_container', 'azurerm_storage_management_policy',
  'azurerm_monitor_alert_prometheus_rule_group', 'azurerm_application_insights_workbook'];

function inOrder(commands: { [name: string]: any }): any[] {
  const depends = (name: string): string[] => (commands[name].depends_on ?? []).map((address: string) => address.split('.'))
    .filter(([type]: string[]) => type === 'azurerm_virtual_machine_run_command').map(([, other]: string[]) => other);
  const done: string[] = [];
  while (done.length < Object.keys(commands).length) {
    done.push(Object.keys(commands).find((name) => !done.includes(name) && depends(name).every((other) => done.includes(other)))!);
  }
  return done.map((name) => commands[name]);
}
