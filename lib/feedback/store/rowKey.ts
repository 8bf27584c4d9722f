import { v7 } from "uuid";

/**
 * The id and the moment of a new row. Ids are UUIDs of version 7 (RFC 9562): made in one process
 * they sort as they were made, so that two rows of one millisecond keep their order.
 *
 * @returns `time` in ISO 8601, UTC
 */
export function rowKey(): { id: string; time: string } {
  const now = Date.now();
  return { id: v7(), time: new Date(now).toISOString() };
}
