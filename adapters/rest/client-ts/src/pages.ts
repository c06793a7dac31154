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
 * pages reads a list page by page, and asks for one when it is wanted:
 *
 *     for await (const page of pages((cursor) => roster.GET("/users", { params: { query: { cursor } } })))
 */
export async function* pages<T>(ask: Ask<T>, from?: string): AsyncGenerator<Page<T>, void, undefined> {
  for (let cursor = from, more = true; more;) {
    const { data, error, response } = await ask(cursor);
    if (!response.ok || data === undefined) throw new ProblemError(response, error);
    const page = toPage(data, response);
    yield page;
    cursor = page.next;
    more = cursor !== undefined;
  }
}

/** each reads the items of all pages of a list. */
export async function* each<T>(ask: Ask<T>, from?: string): AsyncGenerator<T, void, undefined> {
  for await (const page of pages(ask, from)) yield* page.items;
}

function toPage<T>(items: T[], response: Response): Page<T> {
  const count = response.headers.get("X-Total-Count");
  return {
    items,
    next: nextCursor(response.headers.get("Link") ?? ""),
    total: count === null ? undefined : Number(count),
    totalKind: response.headers.get("X-Total-Kind") ?? undefined,
  };
}

/** The cursor in the target of rel="next" in a Link header. */
function nextCursor(link: string): string | undefined {
  const target = /<([^>]*)>; rel="next"/.exec(link)?.[1];
  if (target === undefined) return undefined;
  return new URL(target, "http://localhost").searchParams.get("cursor") ?? undefined;
}
