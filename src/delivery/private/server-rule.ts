import { Construct } from 'constructs';
import { IAzureVirtualMachine } from '../../azure/azure-virtual-machine';
import { shown } from '../../private/rules/objects';
import { Rule } from '../../private/rules/rule';
import { ValidationError } from '../../private/validation-error';

const MEMBERS = ['virtualMachineId', 'location', 'identityPrincipalId', 'identityClientId'] as const;

/** A machine that puts manifests on a cluster. */
export function aDeliveryServer(): Rule<IAzureVirtualMachine> {
  const expected = 'a SelfHostedGitLab, or a construct with the members of IAzureVirtualMachine';
  return {
    expected,
    take(subject, value) {
      const server = value as IAzureVirtualMachine;
      if (!Construct.isConstruct(value) || MEMBERS.some((member) => typeof server[member] !== 'string')) {
        throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a server that can deliver', got: shown(value), remedy: `give ${expected}` });
      }
      return server;
    },
  };
}
