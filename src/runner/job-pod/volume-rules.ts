import { RunnerVolumeOptions } from './runner-volume-options';
import { refuseWindowsText } from '../../kubernetes/private/linux-nodes';
import { map } from '../../private/rules/collections';
import { Rule, Rules } from '../../private/rules/rule';
import { text, trueOrFalseSetting } from '../../private/rules/scalars';

const RELATIVE_PATH = /^(?=.*\S)(?!(.*\/)?\.\.(\/|$))[^/\0][^\0]{0,1022}$/;

export const RUNNER_VOLUME: Rules<RunnerVolumeOptions> = {
  readOnly: trueOrFalseSetting(),
  subPath: text('a relative path such as "data"', RELATIVE_PATH),
  items: map(text('a key', /^[-._a-zA-Z0-9]{1,253}$/), text('a relative path such as "token"', RELATIVE_PATH)),
  fsType: text('a file system such as "ext4"', /^[a-z0-9]{1,32}$/),
  mountPropagation: text('"None", "HostToContainer" or "Bidirectional"', /^(None|HostToContainer|Bidirectional)$/),
};

const VOLUME_NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** A volume's name. */
export function volumeName(): Rule<string> {
  return text('a Kubernetes name without dots such as "cache"', VOLUME_NAME);
}

/** True for a name that a volume can have; objects have longer ones, and dots in them. */
export function isVolumeName(name: string): boolean {
  return VOLUME_NAME.test(name);
}

/** A claim's name, in which the runner expands its variables. */
export function variableName(): Rule<string> {
  return text('a Kubernetes name without dots such as "cache"', /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?|(?=.*\$)[a-z0-9$][-a-z0-9${}A-Z_]{0,252})$/);
}

/** Where a volume is mounted; the runner expands variables there. */
export function mountPath(): Rule<string> {
  const rule = text('an absolute path such as "/cache"', /^(\/|\$(\w|\{))[^\0:]{0,1023}$/);
  return {
    expected: rule.expected,
    take(subject, value) {
      refuseWindowsText(subject, value);
      return rule.take(subject, value);
    },
  };
}

export function absolutePath(): Rule<string> {
  return text('an absolute path such as "/cache"', /^\/[^\0:]{0,1023}$/);
}

/** Where an NFS server is. */
export function serverName(): Rule<string> {
  return text('a name or an address of a server such as "nfs.example.com"', /^[A-Za-z0-9]([-.:A-Za-z0-9]{0,251}[A-Za-z0-9])?$/);
}

export function csiDriver(): Rule<string> {
  return text('a driver such as "file.csi.azure.com"', /^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/);
}

export function volumeAttributes(): Rule<{ [name: string]: string }> {
  return map(text('a name', /^.+$/), text('text'));
}

/** One spelling of a path for all that mean the same: `/cache` for `/cache/`, `//cache` and `/./cache`. */
export function oneSpelling(path: string): string {
  return path.replace(/(\/\.?)+(?=\/|$)/g, '') || '/';
}
