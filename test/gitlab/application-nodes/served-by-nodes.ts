import { GitLabDatabase, GitLabEndpoint, SelfHostedGitLabProps } from '../../../src';
import { server } from '../server';

/** What nodes need of the rest of a server. */
export const NEEDED: Partial<SelfHostedGitLabProps> = {
  endpoint: GitLabEndpoint.customDomain('gitlab.example.com'), database: GitLabDatabase.azurePostgresql(), objectStorage: {},
};

export const servedByNodes = (props: Partial<SelfHostedGitLabProps> = {}) => server({ ...NEEDED, applicationNodes: { count: 2 }, ...props });

export const nodesOf = (count: number, props: Partial<SelfHostedGitLabProps> = {}) => servedByNodes({ applicationNodes: { count }, ...props });
