import { RunnerVolumeOptions } from './runner-volume-options';
import { absolutePath, csiDriver, mountPath as mountPathRule, RUNNER_VOLUME, serverName, variableName, volumeAttributes, volumeName } from './volume-rules';
import { dnsLabel, objectName, quantity } from '../../kubernetes/private/rules';
import { takeOptional, takeProps, takeValue } from '../../private/rules/rule';
import { decided } from '../../private/rules/scalars';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';

/**
 * A volume that is mounted into the containers of every job. GitLab's variables in the paths of mounts are expanded.
 * @see https://docs.gitlab.com/runner/executors/kubernetes/#configure-volume-types
 * @example
 * new KubernetesGitLabRunner(stack, 'Runner', {
 *   gitlab,
 *   cluster,
 *   volumes: [RunnerVolume.memory('ram', '/ram', '1Gi'), RunnerVolume.configMap('npmrc', '/etc/npm')],
 * });
 */
export class RunnerVolume {
  /**
   * Temporary space that lives as long as the pod.
   * @param sizeLimit a Kubernetes quantity such as `2Gi`; defaults to the node's free space.
   */
  static emptyDir(name: string, mountPath: string, sizeLimit?: string): RunnerVolume {
    const where = 'RunnerVolume.emptyDir';
    return new RunnerVolume('empty_dir', {
      name: takeValue(where, 'name', name, volumeName()),
      ...mount(where, mountPath),
      size_limit: takeOptional(where, 'sizeLimit', sizeLimit, quantity()),
    });
  }

  /**
   * Memory as a file system (tmpfs); it counts towards the container's memory.
   * @param sizeLimit a Kubernetes quantity such as `2Gi`; defaults to half of the node's memory.
   */
  static memory(name: string, mountPath: string, sizeLimit?: string): RunnerVolume {
    const where = 'RunnerVolume.memory';
    return new RunnerVolume('empty_dir', {
      name: takeValue(where, 'name', name, volumeName()),
      ...mount(where, mountPath),
      medium: 'Memory',
      size_limit: takeOptional(where, 'sizeLimit', sizeLimit, quantity()),
    });
  }

  /**
   * A PersistentVolumeClaim. Concurrent jobs need one each (`cache-$CI_CONCURRENT_ID`), or the access mode ReadWriteMany. One claim can be mounted at
   * several paths.
   * @param claimName the claim's name; GitLab's variables in it are expanded.
   */
  static persistentVolumeClaim(claimName: string, mountPath: string, options: RunnerVolumeOptions = {}): RunnerVolume {
    const where = 'RunnerVolume.persistentVolumeClaim';
    return new RunnerVolume('pvc', {
      name: takeValue(where, 'claimName', claimName, variableName()),
      ...mount(where, mountPath, options, 'mountPropagation'),
    });
  }

  /**
   * A volume that is made for each job and deleted with it, larger or faster than the node's disk. It starts empty.
   * @param size a Kubernetes quantity such as `100Gi`.
   * @param storageClassName the storage class; defaults to the cluster's default class.
   * @see https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/
   */
  static ephemeralClaim(name: string, mountPath: string, size: string, storageClassName?: string): RunnerVolume {
    const where = 'RunnerVolume.ephemeralClaim';
    const volume = { name: takeValue(where, 'name', name, decided(dnsLabel())), ...mount(where, mountPath) };
    const spec = {
      accessModes: ['ReadWriteOnce'],
      storageClassName: takeOptional(where, 'storageClassName', storageClassName, objectName()),
      resources: { requests: { storage: takeValue(where, 'size', size, quantity()) } },
    };
    // the runner has no such volume: it mounts an empty directory, and a patch of the pod makes a claim of that.
    return new RunnerVolume('empty_dir', volume, { volumes: [{ name: volume.name, emptyDir: null, ephemeral: { volumeClaimTemplate: { spec } } }] });
  }

  /** A ConfigMap in the jobs' namespace. One can be mounted at several paths. */
  static configMap(configMapName: string, mountPath: string, options: RunnerVolumeOptions = {}): RunnerVolume {
    const where = 'RunnerVolume.configMap';
    return new RunnerVolume('config_map', {
      name: takeValue(where, 'configMapName', configMapName, objectName()),
      ...mount(where, mountPath, options, 'items'),
    });
  }

  /** A Secret in the jobs' namespace. Every job can read it. One can be mounted at several paths. */
  static secret(secretName: string, mountPath: string, options: RunnerVolumeOptions = {}): RunnerVolume {
    const where = 'RunnerVolume.secret';
    return new RunnerVolume('secret', {
      name: takeValue(where, 'secretName', secretName, objectName()),
      ...mount(where, mountPath, options, 'items'),
    });
  }

  /**
   * A directory of the node. Every job can access it, and through some directories the node itself. Gives a warning.
   * @param hostPath the directory on the node.
   */
  static hostPath(name: string, mountPath: string, hostPath: string, options: RunnerVolumeOptions = {}): RunnerVolume {
    const where = 'RunnerVolume.hostPath';
    return new RunnerVolume('host_path', {
      name: takeValue(where, 'name', name, volumeName()),
      ...mount(where, mountPath, options, 'mountPropagation'),
      host_path: takeValue(where, 'hostPath', hostPath, absolutePath()),
    });
  }

  /**
   * A directory of an NFS server. Needs runner 19.0 or later.
   * @param server the server's name or address.
   * @param path the directory that the server exports.
   */
  static nfs(name: string, mountPath: string, server: string, path: string, options: RunnerVolumeOptions = {}): RunnerVolume {
    const where = 'RunnerVolume.nfs';
    return new RunnerVolume('nfs', {
      name: takeValue(where, 'name', name, volumeName()),
      ...mount(where, mountPath, options),
      server: takeValue(where, 'server', server, serverName()),
      path: takeValue(where, 'path', path, absolutePath()),
    });
  }

  /**
   * A volume of a CSI driver, such as `file.csi.azure.com`.
   * @param attributes the driver's own volume attributes.
   */
  static csi(name: string, mountPath: string, driver: string, attributes: { [name: string]: string } = {},
    options: RunnerVolumeOptions = {}): RunnerVolume {
    const where = 'RunnerVolume.csi';
    return new RunnerVolume('csi', {
      name: takeValue(where, 'name', name, volumeName()),
      ...mount(where, mountPath, options, 'fsType'),
      driver: takeValue(where, 'driver', driver, csiDriver()),
      volume_attributes: takeOptional(where, 'attributes', attributes, volumeAttributes()) ?? {},
    });
  }

  /** @internal */
  public readonly _kind: string;

  /** @internal */
  public readonly _settings: { readonly [key: string]: any };

  /** @internal */
  public readonly _patch?: { readonly [key: string]: any };

  private constructor(kind: string, settings: { readonly [key: string]: any }, patch?: { readonly [key: string]: any }) {
    this._kind = kind;
    this._settings = settings;
    this._patch = patch;
  }
}

/** @param own the options that not all kinds of volumes have. */
function mount(
  where: string, mountPath: string, options?: RunnerVolumeOptions, ...own: (keyof RunnerVolumeOptions)[]
): { readonly [key: string]: any } {
  const given = takeProps(where, 'options', options, RUNNER_VOLUME);
  const stranger = (['items', 'fsType', 'mountPropagation'] as const).find((name) => given[name] !== undefined && !own.includes(name));
  if (stranger !== undefined) {
    throw new ValidationError(where, { prop: stranger, problem: 'not for this kind of volume', got: given[stranger], remedy: 'leave it out' });
  }
  refuseFileOfNobody(where, given);
  return {
    mount_path: takeValue(where, 'mountPath', mountPath, mountPathRule()), sub_path: given.subPath, read_only: given.readOnly, items: given.items,
    fs_type: given.fsType, mount_propagation: given.mountPropagation,
  };
}

/** Only the chosen files are in the volume; in the place of another one Kubernetes mounts an empty folder. */
function refuseFileOfNobody(where: string, { subPath, items }: RunnerVolumeOptions): void {
  const files = Object.values(items ?? {});
  if (files.length === 0 || !files.every(known) || !known(subPath) || subPath.includes('$')) {
    return;
  }
  if (!files.some((file) => file === subPath || file.startsWith(`${subPath}/`))) {
    throw new ValidationError(where, {
      prop: 'subPath', problem: 'none of the files that items has, so that jobs would find an empty folder', got: subPath,
      remedy: `give one of ${files.map((file) => JSON.stringify(file)).join(', ')}`,
    });
  }
}
