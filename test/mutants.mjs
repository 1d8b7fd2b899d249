// Faults that somebody could make in what guards against the attackers of docs/security.md, each of which a test of Jest's has to find; those in the scripts and
// manifests that only a tier can tell are in its own mutants.mjs. `node test/mutants.mjs [word…]` tries them in a copy; words choose faults by what they are called.
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { conclude, ROOT, scratchFolder } from './tier.mjs';

const PREFLIGHT = 'preflight/preflight';

/** What it is, the test file, a pattern of the tests that have to fail, the file, a text of it, what is there instead. */
const MUTANTS = [
  ['HSTS stays off for ever', 'gitlab/set-up/gitlab-rb', 'only while that vouches', 'src/gitlab/endpoint/endpoint-set-up.ts', "      ...certificateSections.filter(", "      ...certificateSections.flatMap(own), ...certificateSections.filter("],
  ['the registry pins the own authority', 'gitlab/set-up/gitlab-rb', 'only while that vouches', 'src/gitlab/endpoint/endpoint-set-up.ts', "certificate === 'generated' ?", "certificate === 'generated' && section === 'nginx' ?"],
  ['everybody is let in past the proxy', 'gitlab/endpoint/proxy', 'opens the ports to the proxy alone', 'src/gitlab/private/filled-props.ts', 'proxyAddresses(endpoint._choice) ??', 'undefined ??'],
  ['runners are let in past the proxy', 'gitlab/endpoint/proxy', 'opens the ports to the proxy alone', 'src/gitlab/endpoint/web-ports.ts', 'shared: false', 'shared: true'],
  ['any profile of Front Door gets through', 'gitlab/endpoint/proxy', 'only the own profile', 'src/gitlab/endpoint/proxy-set-up.ts', '|${frontDoorId}$)', '|.*$)'],
  ['the user\'s text takes the place of the check of Front Door', 'gitlab/endpoint/proxy', 'only the own profile', 'src/gitlab/endpoint/proxy-set-up.ts', ' + ${own}.to_s', ''],
  ['the port of SSH is opened with those of the web', 'gitlab/ssh/ssh-port', 'does not open to those', 'src/gitlab/self-hosted-gitlab.ts', 'shared: false', 'shared: true'],
  ['the virtual network is let in', 'gitlab/machine/network', 'lets in nobody else', 'src/azure/private/secured-subnet.ts', "access: 'Deny'", "access: 'Allow'"],
  ['a private server is open to whatever reaches it', 'gitlab/machine/private-address', 'nobody of the Internet', 'src/gitlab/private/filled-props.ts', "['VirtualNetwork']", "['0.0.0.0/0']"],
  ['runners come from an address of the Internet', 'gitlab/machine/private-address', 'by the subnet of their nodes', 'src/runner/kubernetes-gitlab-runner.ts', 'if (gitlab.hasPrivateAddress) {', 'if (!gitlab) {'],
  ['a name is published in a wider zone', 'gitlab/machine/private-address', 'in a zone of exactly', 'src/gitlab/machine/network.ts', 'zoneName: host,', "zoneName: host.split('.').slice(1).join('.'),"],
  ['a vault with private endpoints stays open', 'azure/private-endpoints', 'closed to the Internet', 'src/azure/private/secret-vault.ts', 'props.privateEndpoints === undefined', 'true'],
  ['an account with private endpoints stays open', 'azure/private-endpoints', 'closed to the Internet', 'src/azure/private/blob-storage.ts', 'props.privateEndpoints ? false : undefined', 'undefined'],
  ['what a policy adds is taken away', 'azure/private-endpoints', 'adds to them stays', 'src/azure/private/private-endpoint.ts', "byPolicy ? { ignoreChanges: ['private_dns_zone_group'] } : undefined", 'undefined'],
  ['the cluster is made before its zone\'s roles', 'aks/egress', 'has the rights', 'src/aks/aks-cluster.ts', '...apiServer.ready, ', ''],
  ['nodes are kept out by the API server', 'aks/egress', 'nodes that the API server', 'src/aks/private/egress-checks.ts', 'apiServerAccess?._ranges !== undefined', 'apiServerAccess?._ranges === null'],
  ['metadata is asked for at the proxy', 'gitlab/http-proxy/http-proxy', 'what is near without it', 'src/azure/http-proxy.ts', "'169.254.169.254', ", ''],
  ['a proxy\'s password is shown', 'azure/http-proxy', 'is not shown', 'src/azure/private/proxy-rules.ts', "got: '(hidden)'", 'got: value'],
  ['AKS gets a proxy as it has refused it', 'azure/http-proxy', 'slash at its end', 'src/azure/http-proxy.ts', '`${this._url}/`', 'this._url'],
  ['a wildcard without the proxy is let pass', 'azure/http-proxy', 'without it fails', 'src/azure/private/proxy-rules.ts', '|\\.?[A-Za-z0-9.-]+)$/)', '|[*.]*[A-Za-z0-9.-]+)$/)'],
  ['a private address passes for one of the Internet', 'aks/egress', 'nobody in the Internet', 'src/private/rules/addresses.ts', 'if (isPrivate(block) || isUnusable(block))', 'if (isUnusable(block))'],
  ['an API server is in a zone of another region', 'aks/egress', 'not its region', 'src/aks/private/api-server-checks.ts', 'zone.region !== location || zone.cloud !== cloud', 'zone.cloud !== cloud'],
  ['an API server is in the nodes\' subnet', 'aks/egress', 'that the nodes are in', 'src/aks/private/api-server-checks.ts', '} else if (isSameName(nodes, subnetId)) {', '} else if (nodes === subnetId) {'],
  ['an endpoint is in a zone of another cloud', 'azure/private-endpoints', 'no others', 'src/azure/private/private-endpoint.ts', 'if (known(zoneId) &&', 'if (!known(zoneId) &&'],
  ['an endpoint is in another subscription than its subnet', 'azure/private-endpoints', 'of another subscription', 'src/azure/private/subnet-subscription.ts', '.toLowerCase() !== own)', ".toLowerCase() === own)"],
  ['a machine is where none can be', 'gitlab/machine/private-address', 'no machine can have', 'src/private/rules/addresses.ts', 'if (isUnusable(`${address}/32`))', 'if (isUnusable(`${address}/32`) && address.length === 0)'],
  ['kubelogin asks the public cloud', 'delivery/kubernetes-sign-in', 'in the cluster', 'src/delivery/kubernetes-sign-in.ts', "cloud === '' ? []", "cloud !== undefined ? []"],
  ['a feature that is not registered is let pass', 'preflight/checks/features', 'not registered for it', 'preflight/checks/features.ts', "state === 'Registered' ?", 'state ?'],
  ['too few addresses are let pass', 'preflight/checks/network-quota', 'the tightest', 'preflight/checks/network-quota.ts', 'free(one) - free(other)', 'free(other) - free(one)'],
  ['what a reader cannot join is let pass', 'preflight/checks/rights-elsewhere', 'cannot join', 'preflight/checks/rights-elsewhere.ts', 'actions.filter((action) => !value', 'actions.filter((action) => value'],
  ['another cloud of az is let pass', 'preflight/checks/token', 'is refused as', 'preflight/checks/token.ts', 'if (elsewhere) {', 'if (!elsewhere) {'],
  ['a subnet is there before its rules', 'gitlab/machine/network', 'from its first request on', 'src/azure/private/secured-subnet.ts', 'security_group: props.securityGroup.id,', ''],
  ['nodes lack the cluster\'s tags', 'azure/tags', 'own tags join', 'src/aks/aks-node-pool.ts', 'joinedTags(cluster.tags, ', 'joinedTags(undefined, '],
  ['identities lack the cluster\'s tags', 'azure/tags', 'attributes name', 'src/aks/workload-identity.ts', 'tags: cluster.tags,', ''],
  ['other tags run a set-up again', 'azure/tags', 'keeps the tags', 'src/gitlab/machine/run-commands.ts', ", ignoreChanges: ['tags']", ''],
  ['a part is named past the platform\'s naming', 'azure/azure-naming', 'everything that can have a name', 'src/azure/private/nat-gateway.ts', "partName(this, 'natGateway', `${namePrefix}-nat`)", '`${namePrefix}-nat`'],
  ['a name that Azure refuses is taken', 'azure/azure-naming', 'a name breaks the rules', 'src/azure/private/part-names.ts', ', name, rule)', ', name, { ...rule, take: (_, one) => `${one}` })'],
  ['what has moved gets another vault', 'azure/construct-move', 'renamed constructs keep', 'src/azure/private/azure-context.ts', 'update(namedPath(construct))', 'update(construct.node.path)'],
  ['what has moved is made anew', 'azure/construct-move', 'renamed constructs keep', 'src/private/stack-check.ts', 'followMoves(where);', ''],
  ['a pool does not wait for the right to its subnet', 'aks/pool-subnet', 'after the right to join', 'src/aks/aks-node-pool.ts', 'waitFor(pool, joined);', ''],
  ['a pool gets a second role on one subnet', 'aks/pool-subnet', 'has one role', 'src/aks/private/pool-subnets.ts', 'this.subnets.get(key)', 'undefined as PoolSubnet | undefined'],
  ['what a policy switches on is taken off again', 'azure/policy-settings', 'stays on a cluster', 'src/azure/private/provider-presence.ts', 'keepPolicySettings(element);', ''],
  ['a policy may take off what the program enables', 'azure/policy-settings', 'stays on a cluster', 'src/azure/private/policy-settings.ts', ': part ?? []', ': argument'],
  ['what a policy tags is taken off again', 'azure/tags', 'stay on everything', 'src/azure/private/provider-presence.ts', 'keepTags(element, provider._policyTags);', ''],
  ['China is taken for the public cloud', 'azure/azure-cloud', 'is of a cloud', 'src/azure/private/cloud-hosts.ts', '/^(china|', '/^(kina|'],
  ['Azure Government is taken for the public cloud', 'azure/azure-cloud', 'all hosts are', 'src/azure/private/cloud-hosts.ts', '/^us(gov|dod)/', '/^us(gow|dod)/'],
  ['the provider\'s cloud is not looked at', 'azure/azure-cloud', 'works in another cloud', 'src/azure/private/azure-context.ts', 'StackClouds.of(node).check(provider as TerraformProvider);', ''],
  ['commands are invoked past the closed API server', 'aks/aks-cluster', 'people sign in', 'src/aks/aks-cluster.ts', 'runCommandEnabled: false', 'runCommandEnabled: true'],
  ['a part of what a job asks for matches', 'runner/job-pod/overwrites', 'match all', 'src/runner/job-pod/overwrites.ts', 'return `^(?:${pattern})$`;', 'return pattern;'],
  ['a job takes the manager\'s account', 'runner/job-pod/overwrites', 'could take it', 'src/runner/job-pod/overwrites.ts', '!matches(accounts, manager.name)', "!matches(accounts, '-')"],
  ['a job follows the manager into its namespace', 'runner/job-pod/overwrites', 'follow it', 'src/runner/job-pod/overwrites.ts', 'settings.namespace_overwrite_allowed, manager.namespace)',
    'settings.bearer_token_overwrite_allowed, manager.namespace)'],
  ['all pods read the metrics', 'runner/gitlab-runner-chart', 'tell Prometheus', 'src/runner/gitlab-runner-chart.ts', '[{ from, ports', '[{ ports'],
  ['a job fills its node\'s disk', 'runner/private/config-toml', 'defaults of an expert', 'src/runner/job-pod/job-settings.ts', "memoryLimit: '4Gi', ephemeralStorageRequest: '1Gi', ephemeralStorageLimit: '20Gi'",
    "memoryLimit: '4Gi', ephemeralStorageRequest: '1Gi'"],
  ['a builder that needs no privilege is privileged', 'runner/image-builds/runner-image-builds', 'with the least', 'src/runner/image-builds/image-build-plan.ts', '...BUILDKIT_USER, ...UNCONFINED,',
    '...BUILDKIT_USER, ...UNCONFINED, privileged: true,'],
  ['other pods reach a builder', 'runner/image-builds/runner-image-builds', 'on the loopback address', 'src/runner/image-builds/image-build-plan.ts', '`tcp://127.0.0.1:', '`tcp://0.0.0.0:'],
  ['a privileged daemon gives no warning', 'runner/image-builds/runner-image-builds', 'is one warning', 'src/runner/private/runner-warnings.ts', "imageBuilds?.kind === 'docker'", 'false'],
  ['root of a builder is the node\'s', 'runner/image-builds/runner-image-builds', 'outside of the node', 'src/runner/image-builds/image-build-plan.ts', "path: '/hostUsers', value: false", "path: '/hostUsers', value: true"],
  ['secrets in the environment pass unseen', 'runner/private/config-toml', 'look like secrets', 'src/runner/private/runner-warnings.ts', 'secretsIn(options.environment)', 'secretsIn({})'],
  ['a job without AppArmor is within baseline', 'runner/job-pod/pod-security', 'is privileged for', 'src/runner/job-pod/pod-security.ts', '/^$|^runtime\\/default$|^localhost\\/[^$]*$/', '/^/'],
  ['any capability is within baseline', 'runner/job-pod/pod-security', 'is privileged for', 'src/runner/job-pod/pod-security.ts', "'SYS_CHROOT',", "'SYS_CHROOT', 'SYS_ADMIN', 'NET_ADMIN', 'NET_RAW',"],
  ['a container beside the manager keeps its rights', 'runner/manager/manager-containers', 'kept from the node', 'src/runner/manager/manager-containers.ts', '{ ...LOCKED_DOWN, ...securityContext }', '{ ...securityContext }'],
  ['a privileged container is beside the manager', 'runner/manager/manager-containers', 'it is privileged', 'src/runner/manager/manager-containers.ts', 'context.privileged === true', 'context.privileged === 1'],
  ['the manager has a folder of the node', 'runner/manager/manager-containers', "a volume is the node's", 'src/runner/manager/manager-volumes.ts', "'hostPath' in volume", "'hostpath' in volume"],
  ['a secret variable of the manager is in plain text', 'runner/manager/manager-containers', 'by reference', 'src/runner/manager/manager-environment.ts', 'valueFrom: { secretKeyRef } }', 'value: secretKeyRef.name }'],
  ['virtual machines get a user namespace', 'runner/image-builds/runner-image-builds', 'take no user namespaces', 'src/runner/image-builds/image-build-rules.ts', 'pool?.runtimeClassName !== undefined', 'pool?.runtimeClassName === null'],
  ['a builder is pulled past the cache', 'runner/registry-cache/registry-cache', 'is taken from it', 'src/runner/image-builds/runner-image-builds.ts', 'this._plan.imageByDefault ?', 'this._plan.imageByDefault === undefined ?'],
  ['the helper is of another architecture than the job', 'runner/registry-cache/registry-cache', 'another architecture', 'src/runner/registry-cache/registry-cache-rules.ts', '!settings.helper_image && ', 'settings.helper_image && '],
  ['a secret in a patch is not told of', 'warnings/each-warning', 'secrets-in-environment', 'src/runner/private/environment-secrets.ts', "known(patch) ? variablesIn(load(patch)) : {}", '{}'],
  ['any text is a digest', 'runner/manager/image-reference', 'a digest', 'src/kubernetes/private/image-reference.ts', '/^(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/', '/^/'],
  ['a digest is asked for again', 'runner/manager/image-reference', 'with a digest', 'src/runner/manager/manager-pod.ts', "'IfNotPresent'", "'Always'"],
  ['an image of another version passes unseen', 'runner/manager/image-reference', 'are told of', 'src/runner/private/runner-warnings.ts', 'told !== wanted', "told === '0.0'"],
  ['a service account makes the runners', 'gitlab/runners/runners', 'by a person', 'src/gitlab/runners/runners.rb', 'admins.active.human', 'admins.active'],
  ['a setting of the autoscaler\'s is left to azurerm', 'aks/autoscaler-profile', 'nothing left to what was set before', 'src/aks/private/autoscaler-profile.ts', 'profile.skipNodesWithLocalStorageEnabled ?? false', 'profile.skipNodesWithLocalStorageEnabled!'],
  ['the autoscaler is told minutes in seconds', 'aks/autoscaler-profile', 'scaleDownUnneededMinutes changes', 'src/aks/private/autoscaler-profile.ts', 'profile.scaleDownUnneededMinutes ?? 10}m', 'profile.scaleDownUnneededMinutes ?? 10}s'],
  ['a disk that does not fit is let pass', 'aks/aks-node-pool', '"osDiskSizeGb":151', 'src/aks/private/node-pool-rules.ts', 'osDiskSizeGb > room', 'osDiskSizeGb > room * 99'],
  ['GPUs are asked of a pool without', 'runner/private/node-pool-needs', 'GPUs are the build', 'src/runner/private/node-pool-needs.ts', 'gpus !== undefined && size', 'gpus === 0 && size'],
  ['room that the pool has not is kept', 'runner/warm-capacity/warm-capacity', 'room for all', 'src/runner/private/node-pool-needs.ts', 'jobs * amount(cpu)! > allCpu', 'jobs * amount(cpu)! > allCpu * 99'],
  ['rights for everybody\'s jobs pass unseen', 'runner/grant-jobs', 'instance-wide runner', 'src/runner/kubernetes-gitlab-runner.ts',
    'if (this.jobIdentity && this.instanceWide)', 'if (this.jobIdentity && !this.instanceWide)'],
  ['the runner\'s way in is made in its own subscription', 'azure/subscriptions', 'lets the runner in', 'src/gitlab/machine/network.ts', '}), this);', '}), scope);'],
  ['the runner\'s role on the vault is made in its own subscription', 'azure/subscriptions', 'lets the runner in', 'src/runner/kubernetes-gitlab-runner.ts', 'source.keyVaultId, owner)', 'source.keyVaultId)'],
  ['identities are made where the program is', 'azure/subscriptions', 'outside of their cluster', 'src/aks/workload-identity.ts', 'belongTo(this, cluster);', ''],
  ['the cache is made where the program is', 'azure/subscriptions', 'its cache are', 'src/runner/kubernetes-gitlab-runner.ts', '    belongTo(this, cluster);\n', ''],
  ['pools are made where the program is', 'azure/subscriptions', 'outside of their cluster', 'src/aks/aks-node-pool.ts', '    belongTo(this, cluster);\n', ''],
  ['a role is made elsewhere than its scope', 'azure/subscriptions', 'lets the runner in', 'src/azure/private/azure-place.ts', "=== 'azurerm_role_assignment'", "=== 'azurerm_role'"],
  ['unique names follow the default subscription', 'azure/subscriptions', 'unique names', 'src/azure/private/azure-context.ts', "'ClientConfig', { provider }", "'ClientConfig', {}"],
  ['an imported cluster is looked for in the default subscription', 'azure/subscriptions', 'its own subscription', 'src/aks/aks-cluster.ts', 'makeIn(this, subscriptionId);', ''],
  ['another stack\'s subscription is taken for one\'s own', 'azure/subscriptions', 'of another subscription gets', 'src/azure/private/azure-place.ts', "wanted === '' ||", "wanted === '' || place.stack !== stack ||"],
  ['a provider for somebody else\'s subscription registers', 'azure/subscriptions', 'by its ARM id', 'src/azure/private/provider-presence.ts', 'resource_providers_to_register: [] };', 'resource_providers_to_register: RESOURCE_PROVIDERS };'],
  ['two providers of one alias are let pass', 'azure/subscriptions', 'second provider', 'src/azure/private/provider-presence.ts', 'if (twin) {', 'if (twin && twin === provider) {'],
  ['a name is taken for one of the default subscription', 'preflight/subscriptions', 'a default name', 'preflight/known-value.ts', 'return this.subscriptionOf(', 'return ((_values) => this.subscriptionOf({}))('],
  ['quotas of two subscriptions are one', 'preflight/subscriptions', 'too small', 'preflight/preflight.ts', 'resource.subscriptionId === subscriptionId);', 'resource.subscriptionId !== undefined);'],
  ['two constructs are one to Terraform', 'azure/unique-names', 'the id "Default"', 'src/azure/private/unique-names.ts', 'shared.length > 0 ?', 'shared.length > 99 ?'],
  ['a group of another stack is another group', 'azure/unique-names', 'over stacks', 'src/azure/private/unique-names.ts', 'stacks.every((stack) => stack === stacks[0])', 'stacks.length > 99'],
  ['a misspelt password is shown', 'gitlab/set-up/omnibus-judgement', 'tells nobody', 'src/gitlab/set-up/omnibus-judgement.ts', "isJudged(value) ? '…'", "isJudged(value) ? value"],
  ['a quota that is too small is let pass', 'preflight/checks/quota', 'does not fit into ten', 'preflight/checks/quota.ts', 'if (working > free) {', 'if (working > free + 99) {'],
  ['no room for an upgrade is let pass', 'preflight/checks/quota', 'finds no room', 'preflight/checks/quota.ts', 'if (upgraded > free) {', 'if (upgraded > free + 99) {'],
  ['Spot machines count against a family', 'preflight/checks/quota', 'of their own', 'preflight/checks/quota.ts', '(spot ? [{ counter: SPOT, ...need }]', '(!spot ? [{ counter: SPOT, ...need }]'],
  ['a missing quota is let pass', 'preflight/checks/quota', 'no silence', 'preflight/checks/quota.ts', 'state: \'unanswered\', what: `${name}', 'state: \'ok\', what: `${name}'],
  ['a closed size is let pass', 'preflight/checks/sizes', 'closed to the subscription', 'preflight/checks/sizes.ts', 'type === \'Location\');\n  if', 'type === \'Nowhere\');\n  if'],
  ['a size that is not there is let pass', 'preflight/checks/sizes', 'has not is refused', 'preflight/checks/sizes.ts', 'if (!sku) {\n    return { state: \'refused\'', 'if (!sku) {\n    return { state: \'ok\''],
  ['a closed zone is let pass', 'preflight/checks/sizes', 'closed zones', 'preflight/checks/sizes.ts', '|| closed.includes(zone)', ''],
  ['a subscription that is off is let pass', 'preflight/checks/offer', 'that is off', 'preflight/checks/offer.ts', 'if (state !== \'Enabled\')', 'if (state === \'Deleted\')'],
  ['a trial is taken for any subscription', 'preflight/checks/offer', 'what it cannot', 'preflight/checks/offer.ts', 'quotaId.startsWith(start)', 'quotaId === start'],
  ['a Kubernetes preview is let pass', 'preflight/checks/versions', 'is a preview', 'preflight/checks/versions.ts', 'if (found.isPreview)', 'if (found.isPreviewed)'],
  ['an old Kubernetes version is let pass', 'preflight/checks/versions', 'is not there', 'preflight/checks/versions.ts', 'return { state: \'refused\', what: `${told}: AKS does not offer it`', 'return { state: \'ok\', what: `${told}: AKS does not offer it`'],
  ['long-term support is let pass without its tier', 'preflight/checks/versions', 'long-term support alone', 'preflight/checks/versions.ts', '!plans.includes(\'KubernetesOfficial\')', 'plans.includes(\'Never\')'],
  ['providers that nobody registers are let pass', 'preflight/checks/providers', 'nobody registers', 'preflight/checks/providers.ts', 'one.resource_provider_registrations !== \'none\'', 'one.resource_provider_registrations === \'none\''],
  ['what a role leaves out is taken for allowed', 'preflight/checks/roles', 'contributor may not', 'preflight/checks/roles.ts', 'actions.some(matches) && !notActions.some(matches)', 'actions.some(matches)'],
  ['a denial is let pass', 'preflight/checks/policy', 'what one denies', 'preflight/checks/policy.ts', 'evaluationResult === \'NonCompliant\'', 'evaluationResult === \'Denied\''],
  ['an audit is taken for a denial', 'preflight/checks/policy', 'an audit denies', 'preflight/checks/policy.ts', '/^deny$/i', '/^(deny|audit)$/i'],
  ['a taken name is let pass', 'preflight/checks/names', 'somebody has', 'preflight/checks/names.ts', 'if (free) {', 'if (free || reason) {'],
  ['a deleted vault elsewhere is let pass', 'preflight/checks/names', 'one elsewhere', 'preflight/checks/names.ts', 'location === resource.location &&', ''],
  ['no token is let pass', PREFLIGHT, 'AADSTS50076', 'preflight/checks/token.ts', 'return { state, what: `no token', 'return { state: \'ok\', what: `no token'],
  ['no answer is let pass', PREFLIGHT, 'is said to have none', 'preflight/question.ts', 'state: \'unanswered\', what: `${about}', 'state: \'ok\', what: `${about}'],
  ['a token leaves az', PREFLIGHT, 'changes nothing', 'preflight/az.ts', '\'--query\', \'expires_on\'', '\'--query\', \'accessToken\''],
  ['a claim names no test', 'docs/security', 'names tests', 'docs/security.md', '"lets in nobody else, not even the virtual network"', 'by hand'],
];

const start = Date.now();
const words = process.argv.slice(2);
const copy = join(scratchFolder('mutants'), 'copy');
cpSync(ROOT, copy, { recursive: true, filter: (path) => !['node_modules', '.git', '.cache', 'dist', 'cdktf.out'].some((name) => path === join(ROOT, name)) });
symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));

const counts = { passed: 0, failed: 0 };
for (const [what, test, pattern, file, text, instead] of MUTANTS.filter(([name]) => words.length === 0 || words.some((word) => name.includes(word)))) {
  const path = join(copy, file);
  const whole = readFileSync(path, 'utf8');
  if (whole.split(text).length !== 2) {
    throw new Error(`${what}: ${file} has ${JSON.stringify(text)} ${whole.split(text).length - 1} times`);
  }
  writeFileSync(path, whole.replace(text, () => instead));
  const found = failing(`test/${test}.test.ts`, pattern);
  writeFileSync(path, whole);
  console.log(found.title ? `  ok   ${what}: found by ${found.title}` : `  FAIL ${what}: no test finds it\n${found.output}`);
  counts[found.title ? 'passed' : 'failed'] += 1;
}
process.exit(conclude('mutants', start, counts));

/** The first test that fails; a file that does not even compile has none. */
function failing(file, pattern) {
  const { stdout, stderr } = spawnSync('npx', ['jest', '--json', '--testTimeout=60000', '-t', pattern, '--runTestsByPath', file], { cwd: copy, encoding: 'utf8', maxBuffer: 2 ** 28 });
  const results = JSON.parse(stdout.slice(stdout.indexOf('{'))).testResults.flatMap(({ assertionResults }) => assertionResults);
  return { title: results.find(({ status }) => status === 'failed')?.fullName, output: stderr };
}
