import { NEEDED, nodesOf, servedByNodes } from './served-by-nodes';
import {
  AzureSubnet, GitLabDatabase, GitLabEndpoint, GitLabNetwork, GitLabVersion, HttpProxy, KeyVaultSecret, SelfHostedGitLabProps, UbuntuImage, WeekDay,
} from '../../../src';
import { resource, resources, TerraformJson, warnings } from '../../synth';
import { attempt, parameters, plain, rb, rule, runCommand, serverJson, SUBNET, VAULT } from '../server';

const two = servedByNodes();
const SERVER_NIC = 'azurerm_network_interface.GitLab_Network_Interface_FA4A5DF3';

/** All of a type whose names begin with the given ids. */
const below = (json: TerraformJson, type: string, ids: string): [string, any][] =>
  Object.entries(resources(json, type)).filter(([name]) => name.startsWith(`GitLab_${ids}_`));
const one = (json: TerraformJson, type: string, ids: string) => {
  const found = below(json, type, ids);
  expect(found).toHaveLength(1);
  return { address: `${type}.${found[0][0]}`, ...found[0][1] };
};
const nodeRb = (json: TerraformJson, index = 1): string[] => {
  const [name] = Object.keys(json.locals).filter((key) => key.startsWith(`GitLab_ApplicationNode${index}_SetUp_NodeParameters_`));
  return json.locals[name].GITLAB_RB.split('\n');
};

test('a server without nodes has nothing of them', () => {
  expect(JSON.stringify(plain.json)).not.toMatch(/azurerm_lb|release\.py|RELEASE_PY|NODE_|serve-nodes|tls_port/);
});

describe('the load balancer', () => {
  test('has the server\'s address, which its interface has given up by then', () => {
    expect(resource(two.json, 'azurerm_lb')).toMatchObject({
      sku: 'Standard', depends_on: [SERVER_NIC],
      frontend_ip_configuration: [{ public_ip_address_id: '${azurerm_public_ip.GitLab_Network_PublicIp_B7EB4614.id}' }],
    });
    expect(JSON.stringify(resources(two.json, 'azurerm_network_interface'))).not.toContain('public_ip_address_id');
    expect(resource(two.json, 'azurerm_public_ip').lifecycle.prevent_destroy).toBe(true);
  });

  test('sends the web and SSH to nodes that say they serve, and what exists once to the server\'s own machine', () => {
    const rules = Object.values(resources(servedByNodes({ registry: {}, sshPort: 2222 }).json, 'azurerm_lb_rule'));
    const pools = Object.fromEntries(rules.map(({ name, frontend_port: port, backend_address_pool_ids: [pool], probe_id: probe }) =>
      [`${name} ${port}`, `${/LoadBalancer_(\w+)_/.exec(pool)![1]}${probe ? ', probed' : ''}`]));
    expect(pools).toEqual({ 'https 443': 'Nodes, probed', 'ssh 2222': 'Nodes, probed', 'http 80': 'Server', 'registry 5050': 'Server' });
    expect(resource(two.json, 'azurerm_lb_probe')).toMatchObject({ protocol: 'Http', port: 8081, request_path: '/-/readiness', interval_in_seconds: 5 });
  });

  test('is the way out of all machines, before anything runs on them', () => {
    expect(resource(two.json, 'azurerm_lb_outbound_rule')).toMatchObject({ protocol: 'All', allocated_outbound_ports: 5000 });
    for (const ids of ['LoadBalancer', 'ApplicationNode1', 'ApplicationNode2']) {
      expect(below(two.json, 'azurerm_network_interface_backend_address_pool_association', `${ids}_WayOut`)).toHaveLength(1);
    }
    expect(one(two.json, 'azurerm_virtual_machine_run_command', 'ApplicationNode2_SetUp_Metadata').depends_on.join())
      .toMatch(/association\.GitLab_ApplicationNode2_WayOut_.*azurerm_lb_outbound_rule/);
    Object.values(resources(two.json, 'azurerm_lb_rule')).forEach((found) => expect(found.disable_outbound_snat).toBe(true));
  });

  test('has an address of its own on a private network, where a subnet has its own way out', () => {
    const { json } = servedByNodes({ network: GitLabNetwork.privateAddress({ address: '10.1.0.4' }), subnet: AzureSubnet.existing(SUBNET) });
    expect(resource(json, 'azurerm_lb').frontend_ip_configuration[0]).toMatchObject({ subnet_id: SUBNET, private_ip_address_allocation: 'Dynamic' });
    expect(JSON.stringify(json.output)).toContain('${azurerm_lb.GitLab_Network_Frontend_C89C7D50.private_ip_address}');
    expect(json.resource).not.toHaveProperty('azurerm_lb_outbound_rule');
    expect(below(json, 'azurerm_network_interface_security_group_association', 'ApplicationNode1')).toHaveLength(1);
  });
});

describe('a node', () => {
  test('is a machine without a data disk, which may be replaced, but not for another image', () => {
    const machine = one(two.json, 'azurerm_linux_virtual_machine', 'ApplicationNode1_VirtualMachine');
    expect(machine).toMatchObject({ name: 'gitlab-vm-node-1', size: 'Standard_D8ls_v5', lifecycle: { prevent_destroy: false } });
    expect(machine.lifecycle.ignore_changes).toContain('source_image_reference');
    expect(machine.identity).toEqual(one(two.json, 'azurerm_linux_virtual_machine', 'VirtualMachine').identity);
    expect(Object.keys(resources(two.json, 'azurerm_managed_disk'))).toHaveLength(1);
    expect(Object.keys(resources(two.json, 'azurerm_virtual_machine_data_disk_attachment'))).toHaveLength(1);
  });

  test('lies in the zones in turn, or in the server\'s', () => {
    const zones = (props: Partial<SelfHostedGitLabProps>) => [1, 2, 3].map((index) =>
      one(servedByNodes(props).json, 'azurerm_linux_virtual_machine', `ApplicationNode${index}_VirtualMachine`).zone);
    expect(zones({ applicationNodes: { count: 3, zones: ['2', '3'] } })).toEqual(['2', '3', '2']);
    expect(zones({ applicationNodes: { count: 3 }, zone: '1' })).toEqual(['1', '1', '1']);
    expect(zones({ applicationNodes: { count: 3 } })).toEqual([undefined, undefined, undefined]);
  });

  test('is updated half an hour after the one before it', () => {
    const window = { dayOfWeek: WeekDay.SUNDAY, startTime: '23:15' };
    const { json } = servedByNodes({ maintenanceWindow: window });
    const starts = ['VirtualMachine', 'ApplicationNode1', 'ApplicationNode2'].map((ids) => one(json, 'azurerm_maintenance_configuration', `${ids}_Patching_Window`).window);
    expect(starts.map(({ recur_every: every, start_date_time: start }) => `${every} ${start}`)).toEqual([
      '1Week Sunday 2026-01-01 23:15', '1Week Sunday 2026-01-01 23:45', '1Week Monday 2026-01-01 00:15',
    ]);
  });

  test('reaches what it needs on the server\'s own machine, and is reached by Azure\'s probes', () => {
    expect(rule(two.json, 'AllowNodes')).toMatchObject({
      priority: 4010, destination_port_ranges: ['9999', '6380', '22'], destination_address_prefix: `\${${SERVER_NIC}.private_ip_address}`,
      source_address_prefixes: [expect.stringContaining('ApplicationNode1_Interface'), expect.stringContaining('ApplicationNode2_Interface')],
    });
    expect(rule(two.json, 'AllowProbes')).toMatchObject({ priority: 4020, destination_port_ranges: ['8081'], source_address_prefix: 'AzureLoadBalancer' });
  });

  test('is set up after GitLab and its runners, one after the other, again after GitLab\'s step, and serves only then', () => {
    const [first, second] = [1, 2].map((index) => one(two.json, 'azurerm_virtual_machine_run_command', `ApplicationNode${index}_SetUp_Metadata`));
    expect(first.depends_on).toContain(runCommand(two.json, 'Runners').address);
    const last = one(two.json, 'azurerm_virtual_machine_run_command', 'ApplicationNode1_SetUp_Node');
    expect(second.depends_on).toContain(last.address);
    const attempts = resources(two.json, 'terraform_data');
    const after = (ids: string) => Object.entries(attempts).find(([name]) => name.startsWith(`GitLab_${ids}Attempt_`))![1].triggers_replace.after;
    expect(after('ApplicationNode1_SetUp_Metadata')).toMatch(/terraform_data\.GitLab_SetUp_GitlabAttempt_/);
    expect(after('ApplicationNode2_SetUp_Metadata')).toMatch(/terraform_data\.GitLab_SetUp_GitlabAttempt_/);
    expect(one(two.json, 'azurerm_network_interface_backend_address_pool_association', 'ApplicationNode1_Serving').depends_on).toEqual([last.address]);
  });

  test('changes nothing of the others when it comes', () => {
    const changed = ([name]: [string, any]) => !name.includes('ApplicationNode3');
    const three = nodesOf(3).json;
    for (const [type, found] of Object.entries(two.json.resource)) {
      const theirs = Object.fromEntries(Object.entries(resources(three, type)).filter(changed));
      if (type === 'azurerm_network_security_rule') {
        expect(Object.keys(theirs)).toEqual(Object.keys(found as object));
        continue;
      }
      expect(theirs).toEqual(found);
    }
  });

  test('fetches secrets of gitlab.rb itself', () => {
    const { json } = servedByNodes({ smtp: { host: 'smtp.example.com', fromAddress: 'git@example.com', username: 'u', password: KeyVaultSecret.of(VAULT, 'smtp') } });
    expect(below(json, 'azurerm_virtual_machine_run_command', 'ApplicationNode1_SetUp_Secrets')).toHaveLength(1);
  });
});

describe('gitlab.rb', () => {
  test('of the server\'s own machine has Gitaly and Redis listen by TLS', () => {
    const lines = rb(two.json).join('\n');
    expect(lines).toContain('redis["port"] = 0\nredis["tls_port"] = 6380');
    expect(lines).toContain('gitaly["configuration"] = {"tls_listen_addr" => "0.0.0.0:9999"');
    expect(lines).toContain('redis["password"] = File.read("/etc/gitlab/redis-password", encoding: "UTF-8").chomp');
    expect(lines).toContain('high_availability["mountpoint"]');
    expect(lines).not.toMatch(/roles|auto_migrate/);
  });

  test('of a node has it migrate nothing, make no secrets and serve what nodes serve', () => {
    const lines = nodeRb(servedByNodes({ registry: {} }).json);
    expect(lines).toEqual(expect.arrayContaining([
      'roles ["application_role"]', 'gitlab_rails["auto_migrate"] = false', 'package["generate_default_secrets"] = false', 'gitaly["enable"] = false',
      'gitlab_kas["enable"] = false', 'registry["enable"] = false', 'letsencrypt["enable"] = false', 'gitlab_rails["redis_ssl"] = true',
      'gitlab_rails["registry_api_url"] = "https://gitlab.example.com:5050"', 'postgresql["enable"] = false', 'user["uid"] = 700',
    ]));
    expect(lines.join('\n')).not.toMatch(/registry_external_url|high_availability|tls_listen_addr|redis\["(bind|tls_|password)/);
  });

  test('of a node has browsers insist on HTTPS while they know who vouches for the certificate', () => {
    const hsts = 'gitlab_rails[\'nginx\']["hsts_max_age"] = 0';
    const lines = nodeRb(two.json);
    expect(lines.slice(lines.indexOf(`  ${hsts}`) - 1).slice(0, 3)).toEqual(['unless File.exist?("/etc/gitlab/ssl/use-lets-encrypt")', `  ${hsts}`, 'end']);
    expect(nodeRb(servedByNodes({ endpoint: GitLabEndpoint.https({ letsEncrypt: false }) }).json)).toContain(hsts);
  });

  test('of a node answers the probe at its own port, for Azure alone', () => {
    expect(nodeRb(two.json).find((line) => line.includes('custom_nginx_config'))).toMatch(/listen 0\.0\.0\.0:8081;.*allow 168\.63\.129\.16;.*deny all;.*gitlab-draining\) \{ return 503; \}/);
  });

  test('goes past a proxy to the server\'s own machine', () => {
    const { json } = servedByNodes({ httpProxy: HttpProxy.at('http://10.0.0.5:3128') });
    expect(parameters(json, 'Gitlab').no_proxy).toContain(`\${${SERVER_NIC}.private_ip_address}`);
  });
});

test('jobs\' logs and users\' keys are asked for in the database', () => {
  expect(parameters(two.json, 'Runners').WANTED_JSON).toMatch(/"ci_job_live_trace_enabled":true,"authorized_keys_enabled":false/);
});

test('back at none, the server takes back what it did for nodes, and has its address again', () => {
  const { json } = nodesOf(0);
  expect(JSON.stringify(json)).not.toMatch(/azurerm_lb|tls_port|NODE_SERVER/);
  expect(runCommand(json, 'Gitlab').source.script).toContain('no-nodes.sh');
  expect(resource(json, 'azurerm_network_interface').ip_configuration[0]).toHaveProperty('public_ip_address_id');
});

test('an administrator gets to the server\'s own machine by way of a node', () => {
  expect(JSON.stringify(servedByNodes({ sshAllowedCidrs: ['192.0.2.0/24'] }).json.output)).toMatch(/ssh -J azureuser@\$\{azurerm_public_ip[^ ]+:22 azureuser@\$\{azurerm_network_interface/);
});

test('with nodes it is for 2,000 users, and says so to more', () => {
  const told = (expectedUsers: number) => warnings(servedByNodes({ expectedUsers, vmSize: 'Standard_D8s_v5' }).stack).filter((text) => text.includes('expectedUsers'));
  expect(told(2000)).toEqual([]);
  expect(told(2001)).toEqual([expect.stringContaining('application nodes are for up to 2000 users, and GitLab recommends other architectures for more; see GitLab\'s reference architectures')]);
});

test('nodes of a burstable size give a warning', () => {
  expect(warnings(servedByNodes({ applicationNodes: { count: 1, vmSize: 'Standard_B4ms' } }).stack).join()).toContain('applicationNodes.vmSize: ');
});

describe('what several machines cannot do is refused', () => {
  const refused = (props: any) => () => attempt({ location: 'koreacentral', ...NEEDED, applicationNodes: { count: 2 }, ...props });

  test.each<[string, any, string]>([
    ['files on a disk', { objectStorage: undefined }, 'applicationNodes: the machines share no disk for uploads, artifacts and the like, got {"count":2}; set objectStorage too'],
    ['a database on the disk', { database: GitLabDatabase.embedded() },
      'applicationNodes: the database is on the data disk, which nodes do not reach, got {"count":2}; set database too, such as GitLabDatabase.azurePostgresql()'],
    ['plain http', { endpoint: GitLabEndpoint.http() }, 'endpoint: nodes are reached over HTTPS, without a proxy in front, got "GitLabEndpoint.http()"'],
    ['a proxy', { endpoint: GitLabEndpoint.behindProxy({ host: 'gitlab.example.com', trustedCidrs: ['10.0.0.0/24'] }) }, 'endpoint: nodes are reached over HTTPS'],
    ['little memory', { lowMemoryTuningEnabled: true }, 'lowMemoryTuningEnabled: a machine tuned for little memory serves no nodes, got true'],
    ['an older GitLab', { version: GitLabVersion.of('17.11.2') }, 'database: a database outside of the server needs GitLab 18 or later'],
    ['Pages', { pages: { domain: 'pages.example.net' } }, 'pages: nodes do not serve Pages'],
    ['a Redis elsewhere', { omnibusSettings: { gitlab_rails: { redis_host: 'x' } } }, 'omnibusSettings.gitlab_rails.redis_host: decided by applicationNodes'],
    ['Gitaly\'s own settings', { omnibusSettings: { gitaly: { configuration: {} } } }, 'omnibusSettings.gitaly.configuration: decided by applicationNodes'],
    ['incoming mail', { omnibusSettings: { gitlab_rails: { incoming_email_enabled: true, incoming_email_address: 'git+%{key}@example.com' } } }, 'omnibusSettings.gitlab_rails.incoming_email_enabled: '],
    ['an image for other processors', { image: UbuntuImage.V24_04_ARM64, vmSize: 'Standard_D4ps_v6' }, 'applicationNodes.vmSize: an x64 size with an image for Arm64'],
    ['a registry where nodes are asked', { registry: { port: 8081 } }, 'registry.port: in use by the machines among themselves, got 8081; give another one'],
    ['SSH where Gitaly is reached', { sshPort: 9999 }, 'sshPort: in use by the machines among themselves, got 9999; give another one'],
    ['too many', { applicationNodes: { count: 11 } }, 'applicationNodes.count: out of range, got 11; give a whole number from 0 to 10'],
    ['no zone at all', { applicationNodes: { count: 1, zones: [] } }, 'applicationNodes.zones: '],
  ])('%s', (_, props, message) => {
    expect(refused(props)).toThrow(message);
  });

  test('and what the server\'s own machine may do is not', () => {
    const omnibusSettings = { gitlab_rails: { incoming_email_enabled: false }, puma: { worker_processes: 4 } };
    expect(serverJson({ ...NEEDED, applicationNodes: { count: 2 }, omnibusSettings }))
      .toHaveProperty('resource.azurerm_lb');
  });
});
