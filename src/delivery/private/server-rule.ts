import { Construct } from 'constructs';
import { shown } from '../../private/rules/objects';
import { Rule } from '../../private/rules/rule';
import { ValidationError } from '../../private/validation-error';
import { IDeliveryServer } from '../delivery-server';

const MEMBERS = ['virtualMachineId', 'location', 'identityPrincipalId', 'identityClientId'] as const;

/** A machine that puts manifests on a cluster. */
export function aDeliveryServer(): Rule<IDeliveryServer> {
  const expected = 'a SelfHostedGitLab, or a construct with the members of IDeliveryServer';
  return {
    expected,
    take(subject, value) {
      const server = value as IDeliveryServer;
      if (!Construct.isConstruct(value) || MEMBERS.some((member) => typeof server[member] !== 'string')) {
        throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a server that can deliver', got: shown(value), remedy: `give ${expected}` });
      }
      return server;
    },
  };
}
