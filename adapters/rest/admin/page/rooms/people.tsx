import { useEffect, useRef, useState } from "preact/hooks";
import { unwrap } from "../../../client-ts/src/index";
import { useLoad } from "../load";
import { type Rights } from "../rights";
import { change, href, text } from "../route";
import { roster } from "../session";
import { Empty, Pager, plural, Result, totalOf, View } from "../ui/view";
import { AddPerson } from "./person_add";
import { Filters } from "./people_filters";
import { filters, readPeople, type Found, type People as Page } from "./people_read";
import { PeopleTable } from "./people_table";

/** The people of the directory: a list, or what a search finds. */
export function People({ query, rights }: { query: URLSearchParams; rights: Rights }) {
  const [adding, setAdding] = useState(false);
  const key = query.toString();
  const people = useLoad((signal) => readPeople(query, signal), [key]);
  const term = text(query, "q").trim();
  return (
    <View
      title="People"
      actions={
        rights.manageUsers ? (
          <button type="button" class="main" onClick={() => setAdding(true)}>
            Add a person
          </button>
        ) : undefined
      }>
      <SearchBox query={query} />
      <Filters query={query} rights={rights} />
      <Result loaded={people}>
        {(page) => <Shown page={page} query={query} term={term} rights={rights} onAdd={() => setAdding(true)} />}
      </Result>
      {term !== "" && text(query, "status") === "" && text(query, "cursor") === "" ? <Suspended query={query} /> : null}
      {adding ? <AddPerson onClose={() => setAdding(false)} /> : null}
    </View>
  );
}

function SearchBox({ query }: { query: URLSearchParams }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const find = (event: KeyboardEvent) => {
      const typing = event.target instanceof Element && event.target.closest("input, textarea, select, dialog") !== null;
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener("keydown", find);
    return () => removeEventListener("keydown", find);
  }, []);
  return (
    <form role="search" aria-label="People" onSubmit={(event) => event.preventDefault()}>
      <div class="field">
        <label for="search">Search people</label>
        <input
          ref={input}
          id="search"
          type="search"
          value={text(query, "q")}
          autocomplete="off"
          spellcheck={false}
          maxLength={256}
          placeholder="Words of a name, a username or an email"
          aria-describedby="search-hint"
          onInput={(event) => change({ q: event.currentTarget.value }, true)}
        />
        <p class="quiet" id="search-hint">
          Half a word is enough, and typing errors are forgiven. <kbd>/</kbd> leads here.
        </p>
      </div>
    </form>
  );
}

type ShownProps = { page: Page; query: URLSearchParams; term: string; rights: Rights; onAdd: () => void };

function Shown({ page, query, term, rights, onAdd }: ShownProps) {
  const cursor = text(query, "cursor");
  return (
    <>
      <p role="status" class="quiet">
        {summary(page, term, cursor)}
      </p>
      {page.items.length > 0 ? (
        <PeopleTable people={page.items} caption={term === "" ? "People" : `People who match ${term}`} found={term !== ""} />
      ) : (
        <Nobody page={page} query={query} term={term} rights={rights} onAdd={onAdd} />
      )}
      <Pager cursor={cursor} next={page.next} more={page.items.length === 0 ? "Go on searching" : "Next page"} />
    </>
  );
}

function summary(page: Page, term: string, cursor: string): string {
  const { items, next } = page;
  const total = totalOf(page, "person", "people");
  if (total !== undefined) return total;
  const shown = plural(items.length, "person", "people");
  return term !== "" && next === undefined && cursor === "" ? `${shown} found` : `${shown} on this page`;
}

function Nobody({ page, query, term, rights, onAdd }: ShownProps) {
  if (page.next !== undefined)
    return (
      <Empty>
        <p>Nobody among those read so far. Go on searching, or use a rarer word.</p>
      </Empty>
    );
  if (term !== "") {
    return (
      <Empty>
        <p>
          Nobody matches “{term}”. Try fewer or other words; a domain is found by <code>@</code> and its beginning.
        </p>
      </Empty>
    );
  }
  const filtered = [...query.keys()].some((name) => name !== "sort" && name !== "q");
  if (filtered)
    return (
      <Empty>
        <p>
          Nobody passes the filters. <a href={href(["people"])}>Show everybody.</a>
        </p>
      </Empty>
    );
  return (
    <Empty>
      <p>The directory is empty.</p>
      {rights.manageUsers ? (
        <p>
          <button type="button" onClick={onAdd}>
            Add the first person
          </button>
        </p>
      ) : null}
      {rights.importAndExport ? (
        <p>
          Or <a href={href(["import"])}>import a file</a>, or run <code>roster sample people</code>, then
          <code>roster import people</code>, for made-up people.
        </p>
      ) : null}
    </Empty>
  );
}

/** A search finds active people only; suspended ones who match are shown below. */
function Suspended({ query }: { query: URLSearchParams }) {
  const term = text(query, "q").trim();
  const found = useLoad(
    async (signal): Promise<Found[]> =>
      unwrap(
        roster.POST("/users/search", {
          params: { query: { ...filters(query), status: "suspended", limit: 5, highlight: "html" } },
          body: { term },
          signal,
        }),
      ),
    [query.toString()],
  );
  if (found.data === undefined || found.data.length === 0) return null;
  return (
    <section aria-label="Suspended people">
      <h2>Suspended</h2>
      <PeopleTable people={found.data} caption={`Suspended people who match ${term}`} found />
      {found.data.length === 5 ? (
        <p>
          <a href={href(["people"], { ...Object.fromEntries(query), status: "suspended", cursor: "" })}>
            Show all suspended people who match
          </a>
        </p>
      ) : null}
    </section>
  );
}
