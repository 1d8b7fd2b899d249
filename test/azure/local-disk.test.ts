import { localDiskGib } from '../../src/azure/machine/local-disk';
import { hasNvidiaGpu, mayNestVirtualMachines } from '../../src/azure/machine/vm-features';
import { parseVmSize } from '../../src/azure/machine/vm-size';

// as the pages of Microsoft's sizes have them: the largest of cache, temporary disk and NVMe disks together.
test.each([
  ['Standard_DS2_v2', 86], ['Standard_DS3_v2', 172], ['Standard_D2s_v3', 50], ['Standard_D8s_v3', 200], ['Standard_E16s_v3', 400], ['Standard_D4as_v4', 100],
  ['Standard_D2ds_v4', 75], ['Standard_D4ds_v5', 150], ['Standard_D4ads_v5', 150], ['Standard_D2pds_v5', 75], ['Standard_D2lds_v5', 75], ['Standard_E4bds_v5', 150],
  ['Standard_E8-2ds_v5', 300], ['Standard_D2ds_v6', 110], ['Standard_D4pds_v6', 220], ['Standard_D128ds_v6', 7040], ['Standard_F4s_v2', 64], ['Standard_F8s_v2', 128],
  ['Standard_L8s_v3', 80], ['Standard_B4ms', 32],
])('%s has %d GiB for an ephemeral OS disk', (name, gib) => {
  expect(localDiskGib(parseVmSize(name)!)).toBe(gib);
});

test.each([
  'Standard_D4s_v4', 'Standard_D4s_v5', 'Standard_D4as_v5', 'Standard_D4ps_v6', 'Standard_E8s_v5', 'Standard_F4as_v6', 'Standard_B4s_v2', 'Standard_B4ps_v2', 'Standard_DC4as_v5',
  'Standard_DC4s_v3', 'Standard_D8s_v7', 'Standard_FX8ms_v2',
])('%s has no local disk', (name) => {
  expect(localDiskGib(parseVmSize(name)!)).toBe(0);
});

test.each([
  'Standard_NC4as_T4_v3', 'Standard_ND96isr_H100_v5', 'Standard_L8s_v4', 'Standard_L8s_v2', 'Standard_D4_v3', 'Standard_DS12_v2', 'Standard_D4ds_v7', 'Standard_E4bds_v6',
  'Standard_M64s', 'Standard_HB120rs_v3', 'Standard_DC4ads_v5', 'Standard_FX4mds', 'Standard_F4s',
])('of %s nothing is claimed', (name) => {
  expect(localDiskGib(parseVmSize(name)!)).toBeUndefined();
});

test.each([
  ['Standard_NC4as_T4_v3', true], ['Standard_NC24ads_A100_v4', true], ['Standard_NV36ads_A10_v5', true], ['Standard_ND96isr_H100_v5', true], ['Standard_NC6s_v3', true],
  ['Standard_NV4as_v4', false], ['Standard_NV4ads_V710_v5', false], ['Standard_ND96isr_MI300X_v5', false], ['Standard_NG8ads_V620_v1', false], ['Standard_NP10s', false],
  ['Standard_D4s_v5', false],
])('%s has GPUs of NVIDIA\'s: %p', (name, has) => {
  expect(hasNvidiaGpu(parseVmSize(name)!)).toBe(has);
});

test.each([
  ['Standard_D4s_v3', true], ['Standard_D4s_v5', true], ['Standard_D4as_v5', true], ['Standard_D4ads_v6', true], ['Standard_E8ds_v4', true], ['Standard_F8s_v2', true],
  ['Standard_D4_v3', false], ['Standard_D4as_v4', false], ['Standard_DS3_v2', false], ['Standard_D4ps_v5', false], ['Standard_E4pds_v6', false], ['Standard_B4ms', false],
  ['Standard_DC4as_v5', false], ['Standard_NC4as_T4_v3', false],
])('virtual machines run inside %s: %p', (name, may) => {
  expect(mayNestVirtualMachines(parseVmSize(name)!)).toBe(may);
});
