import { WorkloadIdentity, WorkloadIdentityOptions } from './workload-identity';
export interface AksServiceAccountOptions extends WorkloadIdentityOptions { }
export class AksServiceAccount extends WorkloadIdentity {}
