import { DefaultTokenResolver, StringConcat, TerraformStack, Tokenization } from 'cdktf';
import { SelfHostedGitLab, SelfHostedGitLabProps } from '../../src';
import { newStack, resources, synth, TerraformJson } from '../synth';

export const LOCATION = 'koreacentral';
export const SUBNET = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/s';
export const VAULT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/mail-vault';

/** A server that nobody has asked for JSON. */
export function unsynthesised(props: Partial<SelfHostedGitLabProps> = {}) {
  const stack = newStack();
  return { stack, gitlab: new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION, ...props }) };
}

export function server(props: Partial<SelfHostedGitLabProps> = {}, use: (gitlab: SelfHostedGitLab, stack: TerraformStack) => void = () => {}) {
  const { stack, gitlab } = unsynthesised(props);
  use(gitlab, stack);
  return { gitlab, stack, json: synth(stack) };
}

/** What the program of a server becomes. */
export const serverJson = (props: Partial<SelfHostedGitLabProps> | { [prop: string]: any } = {}): TerraformJson => server(props).json;

/** A server whose address no apply has to tell. */
export const named = (props: any) => server({ dnsLabel: 'acme', ...props });

/** A server of exactly these props, good or bad. */
export function attempt(props: any): SelfHostedGitLab {
  return new SelfHostedGitLab(newStack(), 'GitLab', props);
}

/** The server of the smallest program. */
export const plain = server({});

/** A value with its tokens as they will stand in the JSON. */
export function resolve(stack: TerraformStack, value: any): any {
  return Tokenization.resolve(value, { scope: stack, resolver: new DefaultTokenResolver(new StringConcat()) });
}

/** The parameters of a step as they stand in the locals. */
export function parameters(json: TerraformJson, step: string): { [name: string]: string } {
  const [name] = Object.keys(json.locals).filter((key) => key.startsWith(`GitLab_SetUp_${step}Parameters_`));
  return json.locals[name];
}

/** The lines of gitlab.rb. */
export const rb = (json: TerraformJson): string[] => parameters(json, 'Gitlab').GITLAB_RB.split('\n');

export function runCommand(json: TerraformJson, step: string): any {
  const found = Object.entries(resources(json, 'azurerm_virtual_machine_run_command')).filter(([name]) => name.startsWith(`GitLab_SetUp_${step}_`));
  expect(found).toHaveLength(1);
  return { address: `azurerm_virtual_machine_run_command.${found[0][0]}`, ...found[0][1] };
}

export function rule(json: TerraformJson, name: string): any {
  return rules(json)[name];
}

/** All rules of the network, by name. */
export const rules = (json: TerraformJson): any =>
  Object.fromEntries(Object.values(resources(json, 'azurerm_network_security_rule')).map((one) => [one.name, one]));
