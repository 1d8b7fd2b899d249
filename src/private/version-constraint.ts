import { intersects, subset } from 'semver';

// each part of a constraint as Terraform writes it; blanks may stand anywhere.
const PART = /^(=|!=|>=|<=|~>|>|<|)\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(-[0-9A-Za-z.-]+)?$/;

/** True if text is a constraint that Terraform can read, such as `>= 4.81, < 6` or `~> 5.1`. */
export function isVersionConstraint(text: string): boolean {
  return text.split(',').every((part) => PART.test(part.trim()));
}

/** True if every version that `constraint` allows is also allowed by `wanted`. */
export function isWithin(constraint: string, wanted: string): boolean {
  return subset(range(constraint), range(wanted), { includePrerelease: true });
}

/** True if some version may satisfy both. */
export function isCompatible(constraint: string, wanted: string): boolean {
  return intersects(range(constraint), range(wanted), { includePrerelease: true });
}

/** The constraint in npm's words, less its `!=`, which npm has no word for. */
function range(constraint: string): string {
  return constraint.split(',').map((part) => {
    const [, operator, major, minor = '0', patch = '0', prerelease = ''] = PART.exec(part.trim())!;
    const version = `${major}.${minor}.${patch}${prerelease}`;
    switch (operator) {
      case '!=': return '';
      case '~>': return `>=${version} ${pessimisticEnd(part, Number(major), Number(minor))}`;
      default: return `${operator}${version}`;
    }
  }).join(' ').trim() || '*';
}

/** `~>` lets the last number that is written grow, and no other. */
function pessimisticEnd(part: string, major: number, minor: number): string {
  const written = part.match(/\d+(\.\d+)*/)![0].split('.').length;
  return ['', `<${major + 1}.0.0-0`, `<${major}.${minor + 1}.0-0`][written - 1];
}
