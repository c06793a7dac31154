import { ProblemError } from "./problem.js";

/** A page of a list. */
export type Page<T> = {
  items: T[];
  /** The cursor of the next page; undefined on the last. */
  next: string | undefined;
  /** How many items the whole list has, where the request asks for `total`. */
  total: number | undefined;
  /** The meaning of total: exact, estimate or capped. */
  totalKind: string | undefined;
};

/** Asks for the page that a cursor names; the first without one. */
type Ask<T> = (cursor: string | undefined) => Promise<{ data?: T[]; error?: unknown; response: Response }>;

/**
 * page reads one page of a list: that of the cursor, or the first.
 *
 *     const { items, next } = await page((cursor) => roster.GET("/users", { params: { query: { cursor } } }), from);
 */
export async function page<T>(ask: Ask<T>, cursor?: string): Promise<Page<T>> {
  const { data, error, response } = await ask(cursor);
  if (!response.ok || data === undefined) throw new ProblemError(response, error);
  const count = response.headers.get("X-Total-Count");
  return {
    items: data,
    next: nextCursor(response.headers.get("Link") ?? ""),
    total: count === null ? undefined : Number(count),
    totalKind: response.headers.get("X-Total-Kind") ?? undefined,
  };
}

/**
 * pages reads a list page by page, and asks for one when it is wanted:
 *
 *     for await (const page of pages((cursor) => roster.GET("/users", { params: { query: { cursor } } })))
 */
export async function* pages<T>(ask: Ask<T>, from?: string): AsyncGenerator<Page<T>, void, undefined> {
  for (let cursor = from, more = true; more;) {
    const read = await page(ask, cursor);
    yield read;
    cursor = read.next;
    more = cursor !== undefined;
  }
}

/** each reads the items of all pages of a list. */
export async function* each<T>(ask: Ask<T>, from?: string): AsyncGenerator<T, void, undefined> {
  for await (const page of pages(ask, from)) yield* page.items;
}

/** The cursor in the target of rel="next" in a Link header. */
function nextCursor(link: string): string | undefined {
  const target = /<([^>]*)>; rel="next"/.exec(link)?.[1];
  if (target === undefined) return undefined;
  return new URL(target, "http://localhost").searchParams.get("cursor") ?? undefined;
}
