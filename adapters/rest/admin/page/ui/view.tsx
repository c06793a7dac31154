import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Loaded } from "../load";
import { change } from "../route";
import { Failure } from "./failure";

/** A view was open before: the first one leaves the focus where the browser has it. */
let opened = false;

/** A view with its heading, which gets the focus when the view opens. */
export function View({ title, actions, children }: { title: string; actions?: ComponentChildren; children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Roster`;
  }, [title]);
  useEffect(() => {
    const inside = document.activeElement?.closest("main, dialog");
    if (opened && (inside === null || inside === undefined)) heading.current?.focus({ preventScroll: true });
    if (opened) scrollTo(0, 0);
    opened = true;
  }, []);
  return (
    <>
      <div class="title">
        <h1 tabIndex={-1} ref={heading}>
          {title}
        </h1>
        {actions === undefined ? null : <div class="buttons">{actions}</div>}
      </div>
      {children}
    </>
  );
}

/** What loads: its failure, or its content. */
export function Result<T>({ loaded, children }: { loaded: Loaded<T>; children: (data: T) => ComponentChildren }) {
  if (loaded.error !== undefined) {
    return (
      <>
        <Failure error={loaded.error} />
        <p>
          <button type="button" onClick={loaded.reload}>
            Try again
          </button>
        </p>
        {/* Where nothing answered, what was read before is still worth reading. */}
        {loaded.error instanceof TypeError && loaded.data !== undefined ? <div class="loading">{children(loaded.data)}</div> : null}
      </>
    );
  }
  if (loaded.data === undefined)
    return (
      <p class="quiet" aria-busy="true">
        Loading…
      </p>
    );
  return (
    <div class={loaded.loading ? "loading" : ""} aria-busy={loaded.loading}>
      {children(loaded.data)}
    </div>
  );
}

/** What to do where a list is empty. */
export function Empty({ children }: { children: ComponentChildren }) {
  return <div class="empty">{children}</div>;
}

/** A table that scrolls by itself where it is wider than the screen. */
export function Table({
  caption,
  head,
  children,
  labels = false,
}: {
  caption: string;
  head: string[];
  children: ComponentChildren;
  /** Whether each cell of a card says what it is. */
  labels?: boolean;
}) {
  const body = useRef<HTMLTableSectionElement>(null);
  // On a narrow screen a row becomes a card, where each cell says what it is. A column of
  // numbers has its name above them.
  useEffect(() => {
    for (const row of body.current?.rows ?? []) [...row.cells].forEach((cell, i) => cell.setAttribute("data-label", head[i] ?? ""));
    const first = [...(body.current?.rows[0]?.cells ?? [])];
    const names = body.current?.closest("table")?.tHead?.rows[0]?.cells ?? [];
    [...names].forEach((cell, i) => cell.classList.toggle("number", first[i]?.classList.contains("number") ?? false));
  });
  return (
    <div class="scroll" role="group" aria-label={caption} tabIndex={0}>
      <table class={labels ? "labels" : ""}>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {head.map((each, i) => (
              <th key={i} scope="col">
                {each === "" ? <span class="unseen">Actions</span> : each}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>{children}</tbody>
      </table>
    </div>
  );
}

/** The buttons that lead through the pages of a list. */
export function Pager({ cursor, next, more = "Next page" }: { cursor: string; next: string | undefined; more?: string }) {
  if (cursor === "" && next === undefined) return null;
  return (
    <nav class="buttons" aria-label="Pages">
      {cursor === "" ? null : (
        <button type="button" onClick={() => change({ cursor: undefined })}>
          First page
        </button>
      )}
      {next === undefined ? (
        <span class="quiet">This is the last page.</span>
      ) : (
        <button type="button" onClick={() => change({ cursor: next })}>
          {more}
        </button>
      )}
    </nav>
  );
}

/** A word about the state of something. */
export function Badge({ kind, children }: { kind: "good" | "bad" | "plain"; children: ComponentChildren }) {
  return <span class={`badge ${kind}`}>{children}</span>;
}

const numbers = new Intl.NumberFormat();

/** count writes a number as the reader does. */
export function count(n: number): string {
  return numbers.format(n);
}

/** plural is "1 person" or "2 people". */
export function plural(n: number, one: string, many: string): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** A page's total in words: exact, an estimate, or the most that are counted. */
export function totalOf({ total, totalKind }: { total: number | undefined; totalKind: string | undefined }, one: string, many: string) {
  if (total === undefined) return undefined;
  const sum = plural(total, one, many);
  return totalKind === "estimate" ? `About ${sum}` : totalKind === "capped" && total >= 10_000 ? `At least ${sum}` : sum;
}
