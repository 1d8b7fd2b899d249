import { AksClusterProps, AzureSubnet, KubernetesVersion, AksCluster, WeekDay } from '../../src';
import { newStack, synth } from '../synth';
import { make } from './made';

const inside = (virtualNetworkCidr: string) => ({ subnet: AzureSubnet.create({ virtualNetworkCidr, subnetCidr: virtualNetworkCidr.replace(/\d+$/, '24') }) });
const refused = (props: () => Partial<AksClusterProps>, words: string, where = 'Test/Cluster') => expect(() => make(props())).toThrow(new Error(`${words} (at ${where})`));

// Azure/AKS#731 and #2234: AKS took such blocks, and its clusters failed.
test.each([
  ['172.30.0.0/16', '172.30.0.0/16'], ['172.31.64.0/20', '172.31.0.0/16'], ['172.16.0.0/12', '172.30.0.0/16'],
])('%s is AKS\'s own for pods, services and nodes', (block, reserved) => {
  refused(() => ({ podCidr: block }), `podCidr: AKS keeps ${reserved} for itself, got "${block}"; choose another`);
  refused(() => ({ serviceCidr: block }), `serviceCidr: AKS keeps ${reserved} for itself, got "${block}"; choose another`);
  refused(() => inside(block), `subnet.virtualNetworkCidr: AKS keeps ${reserved} for itself, got "${block}"; choose another`);
});

test('so is a block for documents', () => {
  refused(() => ({ serviceCidr: '192.0.2.0/24' }), 'serviceCidr: AKS keeps 192.0.2.0/24 for itself, got "192.0.2.0/24"; choose another');
});

test.each(['169.254.0.0/16', '127.0.0.0/16', '224.0.0.0/16', '0.0.0.0/16', '168.63.0.0/16', '255.255.0.0/16'])('no network has addresses of %s', (block) => {
  const words = `has addresses that no machine can have, got "${block}"; give a private block such as "10.0.0.0/16"`;
  refused(() => ({ podCidr: block }), `podCidr: ${words}`);
  refused(() => ({ serviceCidr: block }), `serviceCidr: ${words}`);
  refused(() => inside(block), `virtualNetworkCidr: ${words}`, 'AzureSubnet.create');
});

test.each(['172.29.0.0/16', '172.16.0.0/13', '100.64.0.0/16', '192.168.0.0/16', '8.8.0.0/16'])('%s is nobody\'s', (block) => {
  expect(() => synth(make({ podCidr: block }).stack)).not.toThrow();
  expect(() => synth(make({ serviceCidr: block }).stack)).not.toThrow();
});

test('a server may be in blocks that only clusters cannot have', () => {
  expect(() => AzureSubnet.create({ virtualNetworkCidr: '172.30.0.0/16', subnetCidr: '172.30.0.0/24' })).not.toThrow();
});

test.each(['1.036', '01.36', '1.36.02', '1.0'])('%s is no version that AKS has', (version) => {
  expect(() => KubernetesVersion.of(version)).toThrow(new Error(`version: not a valid value, got "${version}"; give "1.36", or "1.36.2" to pin the patch (at KubernetesVersion.of)`));
});

test.each([['-12:00', true], ['+05:45', true], ['+13:00', true], ['+14:00', true], ['-12:30', false], ['-13:00', false], ['+14:30', false]])('%s from UTC is somewhere: %s', (utcOffset, somewhere) => {
  const made = expect(() => make({ maintenanceWindow: { dayOfWeek: WeekDay.SUNDAY, startTime: '02:00', utcOffset } }));
  const words = `maintenanceWindow.utcOffset: not a valid value, got "${utcOffset}"; give an offset from UTC such as "+09:00" (at Test/Cluster)`;
  if (somewhere) {
    made.not.toThrow();
  } else {
    made.toThrow(new Error(words));
  }
});

test('an imported cluster is known in the Internet by an address of it', () => {
  expect(() => AksCluster.fromAksClusterAttributes(newStack(), 'Cluster', { clusterName: 'a', resourceGroupName: 'b', egressIpAddress: '10.0.0.4' })).toThrow(new Error(
    'egressIpAddress: not a public address, got "10.0.0.4"; give the address that the Internet sees requests come from (at Test/Cluster)'));
});
