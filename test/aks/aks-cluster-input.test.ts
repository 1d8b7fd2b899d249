import { Fn, Testing, Token } from 'cdktf';
import {
  AksPreset, ApiServerAccess, AzureLogWorkspace, AzureResourceGroup, AzureSubnet, KubernetesSignIn,
  KubernetesVersion, ManifestDelivery,
} from '../../src';
import * as fc from '../fast-check';
import { synth } from '../synth';
import { LOCATION, OTHER, SOMEBODY, SUBNET_ID, WORKSPACE_ID, make } from './made';

const SKIP_HINT = '\n\nIf you wish to ignore these validations, pass \'skipValidation: true\' to your App configuration.\n';

describe('fails when', () => {
  test.each([
    [{ location: undefined }, 'location: missing, got nothing; give a region\'s short name such as "koreacentral" (az account list-locations -o '
      + 'table)'],
    [{ location: 'Korea Central' }, 'location: not a valid value, got "Korea Central"; did you mean "koreacentral"'],
    [{ preset: 'huge' }, 'preset: not supported, got "huge"; give one of "standard", "small"'],
    [{ resourceGroup: 'a' }, 'resourceGroup: not an AzureResourceGroup, got "a"; give AzureResourceGroup.create() or AzureResourceGroup.existing()'],
    [{ clusterName: 'x'.repeat(64) }, `clusterName: not a valid value, got "${'x'.repeat(64)}"; give at most 63 letters, digits, "-" and "_", `
      + 'a letter or digit at both ends'],
    [{ kubernetesVersion: '1.36' }, 'kubernetesVersion: not a KubernetesVersion, got "1.36"; give KubernetesVersion.V1_36 or '
      + 'KubernetesVersion.of("1.36")'],
    [{ kubernetesVersion: KubernetesVersion.of('1.36.2'), automaticPatchesEnabled: true },
      'automaticPatchesEnabled: AKS would patch what kubernetesVersion (1.36.2) pins, got true; leave it out, or pin no patch'],
    [{ automaticPatchesEnabled: 'rapid' }, 'automaticPatchesEnabled: not true or false, got "rapid"; give true or false'],
    [{ maintenanceWindow: { dayOfWeek: 'Caturday', startTime: '22:00' } }, 'maintenanceWindow.dayOfWeek: not supported, got "Caturday"; give one of '
      + '"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"'],
    [{ maintenanceWindow: { dayOfWeek: 'Monday', startTime: '24:00' } }, 'maintenanceWindow.startTime: not a valid value, got "24:00"; give hours '
      + 'and minutes such as "22:00"'],
    [{ nodeOsMaintenanceWindow: { dayOfWeek: 'Monday', startTime: '22:00', durationHours: 3 } },
      'nodeOsMaintenanceWindow.durationHours: out of range, got 3; give a whole number from 4 to 24'],
    [{ nodeOsMaintenanceWindow: { dayOfWeek: 'Monday', startTime: '22:00', utcOffset: 'KST' } },
      'nodeOsMaintenanceWindow.utcOffset: not a valid value, got "KST"; give an offset from UTC such as "+09:00"'],
    [{ skuTier: 'Gold' }, 'skuTier: not supported, got "Gold"; give one of "Free", "Standard", "Premium"'],
    [{ apiServerAccess: 'private' }, 'apiServerAccess: not an ApiServerAccess, got "private"; give one such as ApiServerAccess.publicEndpoint()'],
    [{ manifestDelivery: {} }, 'manifestDelivery: not a ManifestDelivery, got an object; give one such as ManifestDelivery.helmRelease()'],
    [{ systemNodePool: { vmSize: 'Standard_B4ms' } }, 'systemNodePool.vmSize: AKS does not allow burstable (B-series) sizes in system pools, '
      + 'got "Standard_B4ms"; give a size of another series such as "Standard_D2s_v5"'],
    [{ systemNodePool: { nodeCount: 0 } }, 'systemNodePool.nodeCount: out of range, got 0; give a whole number from 1 to 1000'],
    [{ systemNodePool: { nodeCount: 3, maxCount: 2 } }, 'systemNodePool.maxCount: fewer than nodeCount (3), got 2; raise it, or lower nodeCount'],
    [{ systemNodePool: { ephemeralOsDiskEnabled: true } }, 'systemNodePool.ephemeralOsDiskEnabled: Standard_D4s_v5 has no local disk for '
      + 'an ephemeral OS disk, got true; give a size with a local disk such as "Standard_D4ds_v5", or leave it out'],
    [{ systemNodePool: 3 }, 'systemNodePool: not an object, got 3; give an object with its props'],
    [{ jobNodePoolEnabled: false, jobNodePool: {} }, 'jobNodePoolEnabled: no pool for CI jobs, but jobNodePool says what it is made of, got false; '
      + 'leave one of the two out'],
    [{ subnet: SUBNET_ID }, `subnet: not an AzureSubnet, got "${SUBNET_ID}"; give AzureSubnet.create() or AzureSubnet.existing()`],
    [{ subnet: AzureSubnet.create({ virtualNetworkCidr: '10.1.0.0/29' }) }, 'subnet.virtualNetworkCidr: wrong size, got "10.1.0.0/29"; give a prefix length from /8 to /28'],
    [{ subnet: AzureSubnet.existing(SUBNET_ID), loadBalancerAllowedCidrs: ['203.0.113.0/24'] }, 'loadBalancerAllowedCidrs: a subnet that exists keeps its own rules, '
      + 'got ["203.0.113.0/24"]; leave it out, or take AzureSubnet.create() as subnet'],
    [{ loadBalancerAllowedCidrs: ['203.0.113.7/24'] }, 'loadBalancerAllowedCidrs[0]: not an IPv4 block, got "203.0.113.7/24"; '
      + 'the address has host bits set, did you mean "203.0.113.0/24"'],
    [{ loadBalancerAllowedCidrs: ['10.0.0.0/8', '10.1.0.0/16'] }, 'loadBalancerAllowedCidrs[1]: overlaps with "10.0.0.0/8", got "10.1.0.0/16"; '
      + 'give only the wider of the two'],
    [{ loadBalancerAllowedCidrs: '10.0.0.0/8' }, 'loadBalancerAllowedCidrs: not a list, got "10.0.0.0/8"; give a list, each item an IPv4 block such '
      + 'as "10.0.0.0/16"'],
    [{ subnet: AzureSubnet.create({ subnetCidr: '10.1.0.0/20' }) }, 'subnet.subnetCidr: not inside virtualNetworkCidr (10.224.0.0/16), got "10.1.0.0/20"; choose another'],
    [{ subnet: AzureSubnet.create({ virtualNetworkCidr: '10.240.0.0/12', subnetCidr: '10.240.0.0/20' }) }, 'podCidr: overlaps subnet.virtualNetworkCidr (10.240.0.0/12), got "10.244.0.0/16"; choose another'],
    [{ subnet: AzureSubnet.create({ virtualNetworkCidr: '10.0.0.0/16', subnetCidr: '10.0.0.0/20' }) }, 'serviceCidr: overlaps subnet.virtualNetworkCidr (10.0.0.0/16), got "10.0.0.0/16"; choose another'],
    [{ podCidr: '10.0.0.0/14' }, 'serviceCidr: overlaps podCidr (10.0.0.0/14), got "10.0.0.0/16"; choose another'],
    [{ podCidr: '10.244.0.0/24' }, 'podCidr: wrong size, got "10.244.0.0/24"; give a prefix length from /9 to /20'],
    [{ dnsServiceIp: '10.1.0.10' }, 'dnsServiceIp: not inside serviceCidr (10.0.0.0/16), got "10.1.0.10"; choose another'],
    [{ dnsServiceIp: '10.0.0.1' }, 'dnsServiceIp: one of the addresses that serviceCidr keeps for itself, got "10.0.0.1"; choose another'],
    [{ dnsServiceIp: '10.0.255.255' }, 'dnsServiceIp: one of the addresses that serviceCidr keeps for itself, got "10.0.255.255"; choose another'],
    [{ administratorObjectIds: ['me@example.com'] }, 'administratorObjectIds[0]: not a valid value, got "me@example.com"; give a UUID such as '
      + '"00000000-0000-0000-0000-000000000000"'],
    [{ deployerObjectIds: [SOMEBODY, SOMEBODY] }, `deployerObjectIds[1]: given twice, got "${SOMEBODY}"; name it once`],
    [{ deployerObjectIds: Token.asList(Fn.split(',', 'a,b')) }, 'deployerObjectIds: known only at apply time, got a reference; write the list here; '
      + 'its items may be references'],
    [{ containerInsightsEnabled: 'no' }, 'containerInsightsEnabled: not true or false, got "no"; give true or false'],
    [{ containerInsightsEnabled: false, logWorkspace: AzureLogWorkspace.existing(WORKSPACE_ID) }, 'containerInsightsEnabled: no logs are collected, but logWorkspace says where to, '
      + 'got false; leave one of the two out'],
    [{ containerInsightsEnabled: false, auditLogs: 'none', logWorkspace: AzureLogWorkspace.existing(WORKSPACE_ID) }, 'containerInsightsEnabled: no logs are collected, but '
      + 'logWorkspace says where to, got false; leave one of the two out'],
    [{ auditLogs: 'kube-audit' }, 'auditLogs: not supported, got "kube-audit"; give one of "none", "changes", "all"'],
    [{ logWorkspace: WORKSPACE_ID }, `logWorkspace: not an AzureLogWorkspace, got "${WORKSPACE_ID}"; give AzureLogWorkspace.create() or AzureLogWorkspace.existing()`],
    [{ imageCleanerIntervalHours: Number.NaN }, 'imageCleanerIntervalHours: out of range, got NaN; give a whole number from 24 to 2160'],
    [{ tags: { 'a/b': 'c' } }, 'tags["a/b"]: not a valid value, got "a/b"; give a tag\'s name: at most 512 characters without "<", ">", "%", "&", '
      + '"\\", "?" and "/", not beginning with "microsoft", "azure" or "windows"'],
    [{ tags: { a: 1 } }, 'tags["a"]: not text, got 1; give text of at most 256 characters'],
    [{ tags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`t${i}`, ''])) }, 'tags: too many, got 51; give at most 50'],
    [{ preventdestroy: false }, 'preventdestroy: no such prop, got false; write preventDestroy, or leave it out'],
    [{ systemNodePool: { vmsize: 'Standard_D2s_v5' } }, 'systemNodePool.vmsize: no such prop, got "Standard_D2s_v5"; write vmSize, or leave it out'],
    [{ jobNodePool: false }, 'jobNodePool: not what switches it on or off, got false; write jobNodePoolEnabled: false'],
    [{ jobNodePool: true }, 'jobNodePool: not what switches it on or off, got true; write jobNodePoolEnabled: true'],
    [{ jobNodePool: { maxcount: 3 } }, 'jobNodePool.maxcount: no such prop, got 3; write maxCount, or leave it out'],
    [{ jobNodePool: { nodeCount: 2, minCount: 1 } }, 'jobNodePool.nodeCount: a fixed number cannot be combined with bounds for the autoscaler, got 2; '
      + 'give either nodeCount, or minCount and maxCount'],
    [{ preset: AksPreset.SMALL, systemNodePool: { ephemeralOsDiskEnabled: true } }, 'systemNodePool.ephemeralOsDiskEnabled: Standard_D2s_v5 has no '
      + 'local disk for an ephemeral OS disk, got true; give a size with a local disk such as "Standard_D4ds_v5", or leave it out'],
  ] as [any, string][])('%j', (props, message) => {
    expect(() => make(props)).toThrow(new Error(`${message} (at Test/Cluster)`));
  });

  test('a pool does not fit into its networks', () => {
    const { stack, cluster } = make({ subnet: AzureSubnet.create({ subnetCidr: '10.224.0.0/28' }) });
    cluster.addNodePool('Big', { maxCount: 300 });
    expect(() => synth(stack)).toThrow(new Error('Validation failed with the following errors:\n'
      + '  [Test/Cluster] subnet.subnetCidr: room for 11 nodes, but the pools at their largest, while they are upgraded, have 339, got "10.224.0.0/28"; '
      + 'choose a larger block, or lower maxCount (at Test/Cluster)\n'
      + '  [Test/Cluster] podCidr: room for 256 nodes, but the pools at their largest, while they are upgraded, have 339, got "10.244.0.0/16"; '
      + `choose a larger block, or lower maxCount (at Test/Cluster)${SKIP_HINT}`));
  });
});

describe('values', () => {
  test('Kubernetes versions', () => {
    expect(KubernetesVersion.of('1.38.1')).toMatchObject({ version: '1.38.1', minor: 38, patch: 1 });
    expect(KubernetesVersion.V1_35).toMatchObject({ version: '1.35', minor: 35, patch: undefined });
    expect(() => KubernetesVersion.of('1.34')).toThrow(new Error(
      'version: AKS support for versions before 1.35 ends on 2026-11-30, got "1.34"; give 1.35, 1.36, 1.37 or newer (at KubernetesVersion.of)'));
    for (const [bad, problem, got] of [
      ...['1', 'v1.36', '2.0', ''].map((text) => [text, 'not a valid value', `"${text}"`]), [1.36, 'not text', '1.36'], [null, 'missing', 'nothing'],
    ]) {
      expect(() => KubernetesVersion.of(bad as any)).toThrow(new Error(
        `version: ${problem}, got ${got}; give "1.36", or "1.36.2" to pin the patch (at KubernetesVersion.of)`));
    }
  });

  test('authorised ranges', () => {
    const fails = (ranges: any, message: string) => expect(() => ApiServerAccess.authorizedIpRanges(ranges))
      .toThrow(new Error(`${message} (at ApiServerAccess.authorizedIpRanges)`));
    fails([], 'ranges: empty, got []; name at least the address that you apply from, or use publicEndpoint()');
    fails('1.2.3.4/32', 'ranges: not a list, got "1.2.3.4/32"; give a list, each item an IPv4 block such as "10.0.0.0/16"');
    fails(['1.2.3.4/32', '1.2.3.4/32'], 'ranges[1]: given twice, got "1.2.3.4/32"; name it once');
    fails(['1.2.3.4'], 'ranges[0]: not an IPv4 block, got "1.2.3.4"; did you mean "1.2.3.4/32"');
    fails([7], 'ranges[0]: not text, got 7; give an IPv4 block such as "10.0.0.0/16"');
    fails(Array.from({ length: 201 }, (_, i) => `10.0.${i}.0/24`), 'ranges: too many, got 201; give at most 198');
  });

  test('access to the cluster', () => {
    expect(() => KubernetesSignIn.azureCli('contoso')).toThrow(new Error(
      'tenantId: not a valid value, got "contoso"; give a UUID such as "00000000-0000-0000-0000-000000000000" (at KubernetesSignIn.azureCli)'));
    expect(() => KubernetesSignIn.token('eyJ0')).toThrow(new Error(
      'token: literal text would be written into the configuration, got "(hidden)"; pass a sensitive TerraformVariable\'s stringValue (at '
        + 'KubernetesSignIn.token)'));
  });
});

describe('random props', () => {
  const anything = fc.oneof(fc.anything(), fc.constantFrom('', ' ', 'x', '${a}', null, Number.NaN, Infinity, -1, 0, 1e308, [], {}, 'standard', 'Standard_D4s_v5',
    '10.0.0.0/8', '10.244.0.0/16', '1', true, false, [SOMEBODY], SUBNET_ID, () => 1, Symbol('s'), new Date(0), BigInt(1)));
  const sometimes = (valid: fc.Arbitrary<any>) =>
    fc.option(fc.oneof({ weight: 6, arbitrary: valid }, { weight: 1, arbitrary: anything }), { nil: undefined });
  const BLOCKS = ['10.0.0.0/16', '10.224.0.0/16', '10.224.0.0/20', '10.244.0.0/16', '172.16.0.0/16', '192.168.0.0/20'];
  const cidr = fc.constantFrom(...BLOCKS, '10.0.0.1/16');
  const block = fc.constantFrom(undefined, ...BLOCKS);
  const pool = {
    vmSize: sometimes(fc.constantFrom('Standard_D4s_v5', 'Standard_B2s', 'Standard_D8ds_v5')), nodeCount: sometimes(fc.integer({ min: 0, max: 9 })),
    maxCount: sometimes(fc.integer({ min: 1, max: 9 })), osDiskSizeGb: sometimes(fc.integer({ min: 10, max: 300 })),
    ephemeralOsDiskEnabled: sometimes(fc.boolean()), maxPods: sometimes(fc.integer({ min: 10, max: 260 })),
    zones: sometimes(fc.subarray(['1', '2', '3'])), nodeLabels: sometimes(fc.dictionary(fc.constantFrom('a', 'b/c', 'kubernetes.io/x'), fc.constantFrom('', 'v'))),
  };
  const window = sometimes(fc.record({
    dayOfWeek: sometimes(fc.constantFrom('Monday', 'Sunday')), startTime: sometimes(fc.constantFrom('00:00', '23:59')),
    durationHours: sometimes(fc.integer({ min: 4, max: 24 })), utcOffset: sometimes(fc.constant('+09:00')),
  }));
  const props = fc.record({
    location: fc.oneof({ weight: 9, arbitrary: fc.constant(LOCATION) }, { weight: 1, arbitrary: anything }),
    preset: sometimes(fc.constantFrom('standard', 'small')),
    resourceGroup: sometimes(fc.constantFrom(AzureResourceGroup.create('rg'), AzureResourceGroup.existing('shared'))),
    clusterName: sometimes(fc.constantFrom('aks', 'a_b-c')),
    kubernetesVersion: sometimes(fc.constantFrom(KubernetesVersion.V1_35, KubernetesVersion.of('1.36.1'))),
    automaticPatchesEnabled: sometimes(fc.boolean()),
    maintenanceWindow: window,
    nodeOsMaintenanceWindow: window,
    skuTier: sometimes(fc.constantFrom('Free', 'Standard')),
    apiServerAccess: sometimes(fc.constantFrom(ApiServerAccess.publicEndpoint(), ApiServerAccess.privateEndpoint())),
    systemNodePool: sometimes(fc.record({ ...pool, onlyCriticalAddonsEnabled: sometimes(fc.boolean()) })),
    jobNodePoolEnabled: sometimes(fc.boolean()),
    jobNodePool: sometimes(fc.record({
      ...pool, nodePoolName: sometimes(fc.constantFrom('ci', 'UPPER')), minCount: sometimes(fc.integer({ min: 0, max: 9 })), spot: sometimes(fc.boolean()),
      nodeTaints: sometimes(fc.subarray(['a=b:NoSchedule', 'wrong'])), drainTimeoutMinutes: sometimes(fc.integer({ min: 1, max: 2000 })),
      undrainableNodesCordoned: sometimes(fc.boolean()), maxSurge: sometimes(fc.constantFrom('1', '50%', '0')),
    })),
    subnet: sometimes(fc.oneof(fc.constant(AzureSubnet.existing(SUBNET_ID)), fc.tuple(block, block).map(([virtualNetworkCidr, subnetCidr]) =>
      AzureSubnet.create({ virtualNetworkCidr, subnetCidr })))),
    podCidr: sometimes(cidr),
    serviceCidr: sometimes(cidr),
    dnsServiceIp: sometimes(fc.constantFrom('10.0.0.10', '172.16.0.10')),
    administratorObjectIds: sometimes(fc.subarray([SOMEBODY, OTHER])),
    deployerObjectIds: sometimes(fc.subarray([SOMEBODY, OTHER])),
    containerInsightsEnabled: sometimes(fc.boolean()),
    auditLogs: sometimes(fc.constantFrom('none', 'changes', 'all')),
    logWorkspace: sometimes(fc.oneof(
      fc.constant(AzureLogWorkspace.existing(WORKSPACE_ID)), fc.integer({ min: 30, max: 730 }).map((days) => AzureLogWorkspace.create(days)),
    )),
    imageCleanerIntervalHours: sometimes(fc.integer({ min: 24, max: 48 })),
    manifestDelivery: sometimes(fc.constantFrom(ManifestDelivery.files(), ManifestDelivery.helmRelease())),
    tags: sometimes(fc.dictionary(fc.constantFrom('a', 'b'), fc.string())),
    preventDestroy: sometimes(fc.boolean()),
  }, { requiredKeys: ['location'] });

  /** One prop is wrong at most in most runs, so that the checks behind the first are reached too. */
  const sparse = fc.tuple(props, fc.integer({ min: 0, max: 6 }), fc.infiniteStream(fc.nat())).map(([all, count, dice]) => {
    const names = Object.keys(all);
    const kept = new Set(Array.from({ length: count }, () => names[dice.next().value % names.length]));
    return Object.fromEntries(Object.entries(all).filter(([name]) => name === 'location' || kept.has(name)));
  });

  test('either synthesise, or fail with an error of ours that names prop and construct', () => {
    const outcomes = { made: 0, refused: 0 };
    const ours = /^(Validation failed with the following errors:\n\s+\[Test\/Cluster[^\]]*\] )?[a-zA-Z.]+(\[[^\n]*?\])?[^\n]*: [^\n]+, got [^]*; [^\n]+ \(at Test\/Cluster(\/Jobs)?\)/;
    fc.assert(fc.property(fc.oneof(sparse, props), (given: any) => {
      try {
        const { stack } = make(given);
        Testing.synth(stack, true);
        outcomes.made += 1;
      } catch (error) {
        expect((error as Error).message).toMatch(ours);
        outcomes.refused += 1;
      }
    }), { numRuns: 300 });
    // a test that always or never fails would prove nothing.
    expect(outcomes.made).toBeGreaterThan(30);
    expect(outcomes.refused).toBeGreaterThan(30);
  });
});
