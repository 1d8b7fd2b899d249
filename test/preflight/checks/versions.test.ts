import { AksCluster, KubernetesVersion } from '../../../src';
import { Answer, LOCATION, version, versions } from '../azure';
import { SMALL, found, program } from '../questions';

describe('Kubernetes versions', () => {
  test.each<[string, Answer, string]>([
    ['is not there', versions(version('1.34', ['1.34.1']), version('1.35', ['1.35.3'])), 'AKS does not offer it -> take one of 1.34, 1.35'],
    ['is a preview', versions(version('1.35', []), version('1.36', [], { isPreview: true })),
      'a preview, only for subscriptions that have registered for it -> take one of 1.35'],
    ['has long-term support alone', versions(version('1.36', [], { capabilities: { supportPlan: ['AKSLongTermSupport'] } }), version('1.37', [])),
      'only with long-term support, in the tier Premium -> take one of 1.37, or AksSkuTier.PREMIUM'],
  ])('one that %s is refused', async (_, answer, message) => {
    expect(await found(/Kubernetes 1/, [answer])).toEqual({ code: 1, about: [`REFUSED Kubernetes 1.36 in koreacentral: ${message}`] });
  });

  test('clusters of one version have one line', async () => {
    const two = program(SMALL, (stack) => new AksCluster(stack, 'Other', { ...SMALL, location: LOCATION }));
    expect((await found(/Kubernetes 1/, [], two)).about).toEqual(['ok Kubernetes 1.36 in koreacentral']);
  });

  test('a pinned patch has to be there', async () => {
    const pinned = (patch: string) => program({ ...SMALL, kubernetesVersion: KubernetesVersion.of(patch) });
    expect((await found(/Kubernetes 1/, [], pinned('1.36.2'))).about).toEqual(['ok Kubernetes 1.36.2 in koreacentral']);
    expect((await found(/Kubernetes 1/, [], pinned('1.36.9'))).about)
      .toEqual(['REFUSED Kubernetes 1.36.9 in koreacentral: AKS does not offer it -> pin the minor version alone, or take one of 1.36.1, 1.36.2']);
  });
});
