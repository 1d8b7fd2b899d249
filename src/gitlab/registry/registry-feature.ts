import { checkRegistryFits, judgeAddress, judgeStorage, REGISTRY, registryPlan, warnOfOtherName, warnOfUntrustedRegistry } from './registry';
import { registrySetUp } from './registry-set-up';
import { struct } from '../../private/rules/rule';
import { Feature } from '../private/feature';

export const REGISTRY_FEATURE = {
  rules: { registry: struct(REGISTRY) },
  plan({ endpoint: { _choice: choice }, omnibusSettings, registry: options, webAllowedCidrs }) {
    const registry = options && registryPlan(options);
    const misplaced = judgeStorage(omnibusSettings ?? {});
    if (!registry) {
      return {
        findings: [...misplaced, ...judgeAddress(choice, omnibusSettings ?? {})],
        create({ endpoint, server }) {
          warnOfOtherName(server, endpoint, omnibusSettings ?? {});
          return { setUp: registrySetUp(undefined, omnibusSettings) };
        },
      };
    }
    const { port } = registry;
    return {
      findings: misplaced,
      check: (scope) => checkRegistryFits(scope, choice, omnibusSettings),
      ports: [{ name: 'Registry', port, allowedCidrs: webAllowedCidrs, shared: choice.proxy === undefined }],
      create({ endpoint, server }) {
        warnOfUntrustedRegistry(server, choice, endpoint);
        const address = `${endpoint.host}:${port}`;
        return { setUp: registrySetUp(address, omnibusSettings), attributes: { registryAddress: address } };
      },
    };
  },
} satisfies Feature;
