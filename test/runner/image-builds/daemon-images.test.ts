// Images of the daemons' own makers by tags that a way of building images cannot use; what companies build is theirs to know.
import { RunnerImageBuilds } from '../../../src/runner';

test.each([
  ['rootlessBuildkit', 'moby/buildkit:v0.34.2', 'starts as root, got "moby/buildkit:v0.34.2"; take a tag that ends with "-rootless", or RunnerImageBuilds.userNamespace()'],
  ['rootlessBuildkit', 'example.azurecr.io/moby/buildkit', 'starts as root, got "example.azurecr.io/moby/buildkit"; take a tag that ends with "-rootless", or RunnerImageBuilds.userNamespace()'],
  ['userNamespace', 'moby/buildkit:rootless',
    'needs users that are not in a pod\'s user namespace, got "moby/buildkit:rootless"; take a tag without "rootless", or RunnerImageBuilds.rootlessBuildkit()'],
  ['docker', 'docker:29-cli', 'has Docker\'s client alone, got "docker:29-cli"; take a tag with "dind"'],
  ['docker', 'docker.io/library/docker:cli', 'has Docker\'s client alone, got "docker.io/library/docker:cli"; take a tag with "dind"'],
] as ['rootlessBuildkit' | 'userNamespace' | 'docker', string, string][])('%s refuses %s', (kind, image, message) => {
  expect(() => RunnerImageBuilds[kind](image)).toThrow(new Error(`image: ${message} (at RunnerImageBuilds.${kind})`));
});

test.each([
  ['rootlessBuildkit', 'moby/buildkit:v0.34.2-rootless'], ['rootlessBuildkit', `moby/buildkit@sha256:${'0a'.repeat(32)}`], ['rootlessBuildkit', 'registry.example.com/ci/buildkit:1'],
  ['userNamespace', 'moby/buildkit:v0.34.2'], ['docker', 'docker:29'], ['docker', 'docker:29-dind'], ['docker', 'registry.example.com/docker-cli:1'],
] as ['rootlessBuildkit' | 'userNamespace' | 'docker', string][])('%s takes %s', (kind, image) => {
  expect(RunnerImageBuilds[kind](image)._plan.image).toBe(image);
});
