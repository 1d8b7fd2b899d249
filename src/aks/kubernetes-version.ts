import { also, takeValue } from '../private/rules/rule';
import { knownText } from '../private/rules/scalars';
import { ValidationError } from '../private/validation-error';

const OLDEST_MINOR = 35;
const SHAPE = /^1\.([1-9]\d{0,2})(?:\.(0|[1-9]\d{0,2}))?$/;

const VERSION = also(knownText('"1.36", or "1.36.2" to pin the patch', SHAPE), ({ where, prop }, version) => {
  if (Number(SHAPE.exec(version)![1]) < OLDEST_MINOR) {
    throw new ValidationError(where, {
      prop, problem: 'AKS support for versions before 1.35 ends on 2026-11-30', got: version, remedy: 'give 1.35, 1.36, 1.37 or newer',
    });
  }
});

/**
 * A Kubernetes version of AKS as `major.minor`, or `major.minor.patch` to pin a patch.
 *
 * @see https://learn.microsoft.com/azure/aks/supported-kubernetes-versions
 */
export class KubernetesVersion {
  /** Kubernetes 1.35. */
  static readonly V1_35 = KubernetesVersion.of('1.35');

  /** Kubernetes 1.36, the default. */
  static readonly V1_36 = KubernetesVersion.of('1.36');

  /** Kubernetes 1.37 (in AKS since October 2026). */
  static readonly V1_37 = KubernetesVersion.of('1.37');

  /**
   * Any version that AKS offers in the region.
   * @param version such as `1.36`, or `1.36.2` to pin the patch. At least 1.35: AKS no longer supports earlier versions.
   */
  static of(version: string): KubernetesVersion {
    const taken = takeValue('KubernetesVersion.of', 'version', version, VERSION);
    const [, minor, patch] = SHAPE.exec(taken)!;
    return new KubernetesVersion(taken, Number(minor), patch === undefined ? undefined : Number(patch));
  }

  private constructor(
    /** The version as text, such as `1.36`. */
    public readonly version: string,
    /** The minor version. */
    public readonly minor: number,
    /**
     * The patch version, if pinned.
     * @default - the latest patch in AKS
     */
    public readonly patch?: number,
  ) {}
}
