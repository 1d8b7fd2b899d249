const PARTS = /^(?:PT(?:(\d+)H)?(?:(\d+)M)?|P(\d+)D)$/;

/** The minutes of an ISO 8601 duration. */
export function minutes(duration: string): number {
  const [, hours = 0, rest = 0, days = 0] = PARTS.exec(duration) ?? [];
  return Number(days) * 1440 + Number(hours) * 60 + Number(rest);
}
