import type { components } from "../../../client-ts/src/index";
import { each, page, type Page } from "../../../client-ts/src/index";
import { roles } from "../rights";
import { choice, text } from "../route";
import { roster } from "../session";
import { addDays, dayText, isZone, readersZone, startOfDay } from "../ui/time";

export type Engagement = components["schemas"]["Engagement"];
export const buckets = ["day", "week", "month"] as const;
export type Bucket = (typeof buckets)[number];

/** What the address asks for; days include the last one. */
export type Window = { from: string; to: string; timeZone: string; bucket: Bucket };

export function windowOf(query: URLSearchParams, now: Date): Window {
  const zone = text(query, "zone");
  const timeZone = isZone(zone) ? zone : readersZone;
  const day = (name: string, otherwise: string) => (/^\d{4}-\d\d-\d\d$/.test(text(query, name)) ? text(query, name) : otherwise);
  const to = day("to", dayText(now, timeZone));
  const from = day("from", addDays(to, -29));
  return { from, to, timeZone, bucket: choice(query, "bucket", buckets) ?? defaultBucket(from, to) };
}

function defaultBucket(from: string, to: string): Bucket {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
  return days <= 92 ? "day" : days <= 400 ? "week" : "month";
}

/** The parameters of the report for a window. */
function parameters({ from, to, timeZone, bucket }: Window) {
  return { from: startOfDay(from, timeZone), to: startOfDay(addDays(to, 1), timeZone), time_zone: timeZone, bucket };
}

/** readEngagement asks for the page of the report that the address describes. */
export async function readEngagement(query: URLSearchParams, window: Window, signal: AbortSignal): Promise<Page<Engagement>> {
  const sort = choice(query, "sort", ["-events", "-active_members", "-members", "events"] as const);
  const role = choice(query, "role", roles);
  const [organization, plan, cursor] = ["organization", "plan", "cursor"].map((name) => text(query, name) || undefined);
  const ask = (at: string | undefined) =>
    roster.GET("/reports/engagement", {
      params: { query: { ...parameters(window), limit: 25, sort, role, organization, plan, cursor: at } },
      signal,
    });
  return page<Engagement>(ask, cursor);
}

/** How many organizations the sum of all reads at most, so that it stays fast. */
export const maxSummed = 5000;

/** readTotal adds up the events of all organizations, bucket by bucket. */
export async function readTotal(window: Window, signal: AbortSignal): Promise<{ times: string[]; events: number[]; complete: boolean }> {
  const ask = (cursor: string | undefined) =>
    roster.GET("/reports/engagement", { params: { query: { ...parameters(window), limit: 1000, cursor } }, signal });
  const sums = new Map<string, number>();
  let read = 0;
  for await (const { series, events } of each<Engagement>(ask)) {
    // The report is ordered by events: those that follow have none.
    if (events === 0 && read > 0) break;
    for (const bucket of series ?? []) sums.set(bucket.from, (sums.get(bucket.from) ?? 0) + bucket.events);
    if (++read === maxSummed) break;
  }
  return { times: [...sums.keys()], events: [...sums.values()], complete: read < maxSummed };
}
