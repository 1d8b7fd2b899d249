import { ImageBuildChoice } from './image-build-choice';
import { jobImage } from '../../kubernetes/private/image-reference';
import { quantity } from '../../kubernetes/private/rules';
import { also, takeOptional } from '../../private/rules/rule';
import { refusal, Subject } from '../../private/rules/subject';

// the version whose source the cluster tier builds and runs.
const BUILDKIT = 'moby/buildkit:v0.34.2';
const DOCKER = 'docker:29-dind';

/**
 * How jobs build container images. Every job of the runner gets a daemon of its own as a service, with `serviceResources` for the builds;
 * the job itself keeps the rights that it has on any other runner.
 *
 * Give image builds a runner of their own, with its own tags: the rights of the daemon apply to all services of its jobs. The namespace of
 * the manager's jobs then takes any pod, which gives a warning; a manager with a `jobNamespace` of its own keeps that from other runners.
 *
 * @see https://docs.gitlab.com/ci/docker/using_buildkit/
 * @example
 * const pool = cluster.addNodePool('Builds', { osSku: 'AzureLinux', maxCount: 3, nodeTaints: ['ci=builds:NoSchedule'] });
 * const images = new KubernetesGitLabRunner(stack, 'Images', {
 *   gitlab, cluster, tags: ['images'], nodePool: pool, imageBuilds: RunnerImageBuilds.rootlessBuildkit(),
 * });
 * images.grantJobs('Push', AzureRole.ACR_PUSH, registryId);
 */
export class RunnerImageBuilds {
  /**
   * BuildKit as an ordinary user, in a user namespace that it makes itself. Needs nodes that let it: with `osSku: 'AzureLinux'`, as Ubuntu 24.04 does
   * not. Needs runner 18.11 or later.
   * @param image a rootless image of BuildKit; defaults to `moby/buildkit:v0.34.2-rootless`.
   * @param storageSizeLimit the most that layers and sources may take, a Kubernetes quantity such as `20Gi`; defaults to the limits of the pod.
   * @see https://github.com/moby/buildkit/blob/master/docs/rootless.md
   */
  static rootlessBuildkit(image?: string, storageSizeLimit?: string): RunnerImageBuilds {
    return RunnerImageBuilds.of('rootlessBuildkit', `${BUILDKIT}-rootless`, image, storageSizeLimit);
  }

  /**
   * BuildKit as the root of a user namespace that Kubernetes makes for the job's pod (`hostUsers: false`), where root is nobody on the node. Needs
   * Kubernetes 1.33 and runner 18.11 or later, and nodes with containerd 2, as in all pools of `AksCluster`. The job's files are in `/tmp/builds`,
   * and volumes cannot be network shares.
   * @param image an image of BuildKit that starts as root; defaults to `moby/buildkit:v0.34.2`.
   * @param storageSizeLimit the most that layers and sources may take, a Kubernetes quantity such as `20Gi`; defaults to the limits of the pod.
   * @see https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/
   */
  static userNamespace(image?: string, storageSizeLimit?: string): RunnerImageBuilds {
    return RunnerImageBuilds.of('userNamespace', BUILDKIT, image, storageSizeLimit);
  }

  /**
   * Docker in Docker with TLS, for jobs that need the Docker API. The daemon is privileged: every job controls its node, and everything that runs there.
   * Gives a warning.
   * @param image an image of Docker's daemon; defaults to `docker:29-dind`.
   * @param storageSizeLimit the most that images and containers may take, a Kubernetes quantity such as `20Gi`; defaults to the limits of the pod.
   * @see https://docs.gitlab.com/ci/docker/using_docker_build/#use-docker-in-docker
   */
  static docker(image?: string, storageSizeLimit?: string): RunnerImageBuilds {
    return RunnerImageBuilds.of('docker', DOCKER, image, storageSizeLimit);
  }

  private static of(kind: ImageBuildChoice['kind'], byDefault: string, image: string | undefined, storageSizeLimit: string | undefined): RunnerImageBuilds {
    const where = `RunnerImageBuilds.${kind}`;
    const chosen = takeOptional(where, 'image', image, also(jobImage(), (subject, value) => refuseOtherDaemon(subject, value, kind)));
    return new RunnerImageBuilds({
      kind,
      image: chosen ?? byDefault,
      imageByDefault: chosen === undefined,
      storageSizeLimit: takeOptional(where, 'storageSizeLimit', storageSizeLimit, quantity()),
    });
  }

  private constructor(
    /** @internal */
    readonly _plan: ImageBuildChoice,
  ) {}

  /**
   * The same by another name of the daemon's image, unless that was chosen.
   * @internal
   */
  public _renamed(rename: (image: string) => string): RunnerImageBuilds {
    return this._plan.imageByDefault ? new RunnerImageBuilds({ ...this._plan, image: rename(this._plan.image) }) : this;
  }
}

/** Images of the daemons' own makers that a way cannot use, by their tags. */
const UNSUITED: { readonly [kind in ImageBuildChoice['kind']]: readonly [image: RegExp, problem: string, remedy: string] } = {
  rootlessBuildkit: [/(^|\/)moby\/buildkit(:(?!.*rootless)[\w.-]+(@.*)?)?$/, 'starts as root', 'take a tag that ends with "-rootless", or RunnerImageBuilds.userNamespace()'],
  userNamespace: [/(^|\/)moby\/buildkit:[\w.-]*rootless/, 'needs users that are not in a pod\'s user namespace', 'take a tag without "rootless", or RunnerImageBuilds.rootlessBuildkit()'],
  docker: [/(^|\/)docker:([\w.-]*-)?cli(-|@|$)/, 'has Docker\'s client alone', 'take a tag with "dind"'],
};

function refuseOtherDaemon(subject: Subject, image: string, kind: ImageBuildChoice['kind']): void {
  const [pattern, problem, remedy] = UNSUITED[kind];
  if (pattern.test(image)) {
    throw refusal(subject, problem, image, remedy);
  }
}
