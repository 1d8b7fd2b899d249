import { Element, SynthesisedApp } from './synthesised-app';

/** What a class of this library always has below itself: the synthesised output does not name classes. */
const SIGNS: readonly { readonly construct: string; readonly below: string; readonly type: string; readonly app?: string }[] = [
  { construct: 'SelfHostedGitLab', below: '/SetUp/Gitlab', type: 'azurerm_virtual_machine_run_command' },
  { construct: 'AksCluster', below: '', type: 'azurerm_kubernetes_cluster' },
  { construct: 'AksNodePool', below: '', type: 'azurerm_kubernetes_cluster_node_pool' },
  { construct: 'KubernetesGitLabRunner', below: '/Release', type: 'helm_release', app: 'gitlab-runner' },
];

/** The class of this library that a construct is of, if it is one of the large ones. */
export function constructName(id: string, app: SynthesisedApp): string | undefined {
  return SIGNS.find(({ below, type, app: name }) => app.elements.some((element) => element.type === type && segments(element, app).join('/') === `${id}${below}`
    && (!name || element.objects.some((object) => object.app === name))))?.construct;
}

/** The path below the stack; the stack is left out where it is the only one. A construct's main resource stands for the construct. */
export function segments({ path }: Element, { stacks }: SynthesisedApp): readonly string[] {
  const below = stacks.length > 1 ? path : path.slice(1);
  return below.length > 1 && below.at(-1) === 'Resource' ? below.slice(0, -1) : below;
}
