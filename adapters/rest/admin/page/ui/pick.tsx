import { useState } from "preact/hooks";
import type { components } from "../../../client-ts/src/index";
import { unwrap } from "../../../client-ts/src/index";
import { useLoad } from "../load";
import { roster } from "../session";
import { useId } from "./dialog";
import { Failure } from "./failure";
import { Highlight } from "./highlight";

export type Picked = { id: string; name: string };

/** Finds one person by a search, and chooses it. */
export function PickPerson({
  label,
  picked,
  onPick,
}: {
  label: string;
  picked: Picked | undefined;
  onPick: (person: Picked | undefined) => void;
}) {
  const [term, setTerm] = useState("");
  const id = useId("pick");
  const found = useLoad(
    async (signal) => {
      if (term.trim() === "") return [];
      return unwrap(
        roster.POST("/users/search", { params: { query: { limit: 6, highlight: "html" } }, body: { term: term.trim() }, signal }),
      );
    },
    [term.trim()],
  );
  return (
    <fieldset class="options">
      <legend>{label}</legend>
      <div class="field">
        <label for={id}>Search for a person</label>
        <input
          id={id}
          type="search"
          autocomplete="off"
          spellcheck={false}
          value={term}
          onInput={(event) => setTerm(event.currentTarget.value)}
        />
      </div>
      <Failure error={found.error} />
      {picked === undefined ? null : (
        <label>
          <input type="radio" name={id} checked /> {picked.name}
        </label>
      )}
      {(found.data ?? [])
        .filter((person) => person.id !== picked?.id)
        .map((person) => (
          <Candidate key={person.id} group={id} person={person} onPick={onPick} />
        ))}
      {term.trim() !== "" && found.data?.length === 0 && !found.loading ? (
        <p class="quiet" role="status">
          No active person matches.
        </p>
      ) : null}
    </fieldset>
  );
}

type CandidateProps = { group: string; person: components["schemas"]["FoundUser"]; onPick: (person: Picked) => void };

function Candidate({ group, person, onPick }: CandidateProps) {
  const pick = () => onPick({ id: person.id ?? "", name: person.display_name ?? "" });
  return (
    <label>
      <input type="radio" name={group} checked={false} onChange={pick} /> <Highlight html={person.highlight?.display_name ?? ""} />{" "}
      <span class="quiet">
        <Highlight html={person.highlight?.email ?? ""} />
      </span>
    </label>
  );
}

/** How many organizations the list of suggestions has at most: one page. */
const maxSuggestions = 1000;

/** Chooses an organization by its name or slug. */
export function PickOrganization({
  label,
  onPick,
  only = () => true,
}: {
  label: string;
  onPick: (organization: Picked | undefined) => void;
  only?: (id: string) => boolean;
}) {
  const [text, setText] = useState("");
  const id = useId("organizations");
  const known = useLoad(
    (signal) => unwrap(roster.GET("/organizations", { params: { query: { sort: "name", limit: maxSuggestions } }, signal })),
    [],
  );
  const choose = async (value: string) => {
    setText(value);
    const wanted = value.trim();
    const match = known.data?.find((one) => only(one.id) && (one.slug === wanted || one.name === wanted));
    if (match !== undefined || (known.data?.length ?? 0) < maxSuggestions || !/^[a-z0-9][a-z0-9-]*$/.test(wanted)) {
      onPick(match);
      return;
    }
    const [found] = await unwrap(roster.GET("/organizations", { params: { query: { slug: wanted } } })).catch(() => []);
    onPick(found !== undefined && only(found.id) ? found : undefined);
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        list={`${id}-list`}
        autocomplete="off"
        spellcheck={false}
        value={text}
        aria-describedby={`${id}-hint`}
        onInput={(event) => void choose(event.currentTarget.value)}
      />
      <datalist id={`${id}-list`}>
        {(known.data ?? [])
          .filter(({ id: one }) => only(one))
          .map((one) => (
            <option key={one.id} value={one.slug}>
              {one.name}
            </option>
          ))}
      </datalist>
      <p class="quiet" id={`${id}-hint`}>
        Its name or slug.
      </p>
      <Failure error={known.error} />
    </div>
  );
}
