import { roles, type Rights } from "../rights";
import { change, href, text } from "../route";
import { Choice, Field, optionsOf } from "../ui/form";
import { useOrganization } from "./organization_read";
import { planOptions, usePlans } from "./plans";

const sortNames = [
  { value: "", text: "Newest first" },
  { value: "created_at", text: "Oldest first" },
  { value: "username", text: "Username" },
  { value: "email", text: "Email" },
  { value: "-updated_at", text: "Last changed first" },
];
const filterNames = ["status", "role", "plan", "domain", "from", "to", "deleted", "organization"];

/** What narrows the list of people. All of it is in the address. */
export function Filters({ query, rights }: { query: URLSearchParams; rights: Rights }) {
  const set = (name: string) => (value: string) => change({ [name]: value }, true);
  const active = filterNames.filter((name) => text(query, name) !== "").length;
  const searching = text(query, "q").trim() !== "";
  const plans = usePlans();
  return (
    <details class="filters" open={active > 0}>
      <summary>Filters and order{active > 0 ? ` (${active} active)` : ""}</summary>
      <div class="fields">
        <Choice
          label="Status"
          value={text(query, "status")}
          onValue={set("status")}
          options={[
            { value: "", text: "Any" },
            { value: "active", text: "Active" },
            { value: "suspended", text: "Suspended" },
          ]}
        />
        <Choice
          label="Role"
          value={text(query, "role")}
          onValue={set("role")}
          options={[{ value: "", text: "Any" }, ...optionsOf(roles)]}
        />
        <Choice
          label="Plan"
          value={text(query, "plan")}
          onValue={set("plan")}
          options={[{ value: "", text: "Any" }, ...planOptions(plans.data)]}
        />
        <Field label="Email domain" value={text(query, "domain")} onValue={set("domain")} placeholder="example.com" />
        <Field label="Added from" type="date" value={text(query, "from")} onValue={set("from")} />
        <Field label="Added up to" type="date" value={text(query, "to")} onValue={set("to")} />
        {rights.restoreUsers ? (
          <Choice
            label="Deleted people"
            value={text(query, "deleted")}
            onValue={set("deleted")}
            options={[
              { value: "", text: "Left out" },
              { value: "include", text: "Shown, too" },
              { value: "only", text: "Only these" },
            ]}
          />
        ) : null}
        {searching ? null : <Choice label="Order" value={text(query, "sort")} onValue={set("sort")} options={sortNames} />}
      </div>
      {text(query, "organization") === "" ? null : <OrganizationFilter id={text(query, "organization")} />}
      {active > 0 ? (
        <p>
          <a href={href(["people"], { q: text(query, "q"), sort: text(query, "sort") })}>Remove all filters</a>
        </p>
      ) : null}
    </details>
  );
}

function OrganizationFilter({ id }: { id: string }) {
  const found = useOrganization(id);
  return (
    <p>
      Only members of {found.data?.name ?? id}.{" "}
      <button type="button" onClick={() => change({ organization: undefined })}>
        Show members of all organizations
      </button>
    </p>
  );
}
