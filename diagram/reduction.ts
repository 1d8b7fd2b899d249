interface Edge { readonly from: string; readonly to: string }

/** Leaves out each edge whose end can be reached from its start by other edges. */
export function reduced<E extends Edge>(edges: readonly E[]): E[] {
  return edges.reduce((left, edge) => {
    const others = left.filter((other) => other !== edge);
    return reaches(others, edge) ? others : left;
  }, [...edges]);
}

function reaches(edges: readonly Edge[], { from, to }: Edge): boolean {
  const seen = new Set([from]);
  for (const at of seen) {
    edges.filter((edge) => edge.from === at).forEach((edge) => seen.add(edge.to));
  }
  return seen.has(to);
}
