import { refusal, Subject } from './subject';

/** Refuses an expression of Terraform's that was written as text: the library would look at the expression instead of what it stands for. */
export function refuseExpression(subject: Subject, value: unknown, member: 'asString' | 'asNumber' = 'asString'): void {
  if (typeof value === 'string' && /\$\{[^}]/.test(value)) {
    throw refusal(subject, 'an expression of Terraform\'s as text', value, `give a reference, such as ${member} of a TerraformLocal with this text`);
  }
}
