import type * as k8s from 'cdk8s-plus-28/lib/imports/k8s';

// types only: the module itself is 2.7 MB that nothing here needs at run time.
export type { KubeDeploymentProps, KubeNetworkPolicyProps, PodTemplateSpec, Container, Probe, Volume, VolumeMount } from 'cdk8s-plus-28/lib/imports/k8s';

/** An object of Kubernetes as YAML has it: without the classes that cdk8s wraps around quantities and ports. */
export type Plain<T> = T extends k8s.Quantity | k8s.IntOrString ? string | number
  : T extends Date | string | number | boolean | undefined ? T
    : { [K in keyof T]: Plain<T[K]> };
