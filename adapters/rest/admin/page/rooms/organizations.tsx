import { useState } from "preact/hooks";
import { page } from "../../../client-ts/src/index";
import { useLoad } from "../load";
import type { Rights } from "../rights";
import { change, choice, href, text } from "../route";
import { roster } from "../session";
import { Choice } from "../ui/form";
import { Time } from "../ui/time";
import { Empty, Pager, plural, Result, Table, totalOf, View } from "../ui/view";
import { AddOrganization } from "./organization_add";
import type { Organization } from "./membership";
import { planOptions, Plans, usePlans, type Plan } from "./plans";

const sorts = [
  { value: "", text: "Newest first" },
  { value: "created_at", text: "Oldest first" },
  { value: "name", text: "Name" },
  { value: "-name", text: "Name, descending" },
  { value: "slug", text: "Slug" },
] as const;

/** The organizations of the directory, and their plans. */
export function Organizations({ query, rights }: { query: URLSearchParams; rights: Rights }) {
  const [adding, setAdding] = useState(false);
  const plan = text(query, "plan");
  const cursor = text(query, "cursor");
  const plans = usePlans();
  const list = useLoad(
    (signal) => {
      const sort = choice(query, "sort", ["created_at", "name", "-name", "slug"] as const);
      const ask = (at: string | undefined) =>
        roster.GET("/organizations", {
          params: { query: { limit: 25, total: "capped", sort, plan: plan || undefined, cursor: at } },
          signal,
        });
      return page(ask, cursor || undefined);
    },
    [query.toString()],
  );
  const may = rights.manageOrganizations;
  return (
    <View
      title="Organizations"
      actions={
        may ? (
          <button type="button" class="main" onClick={() => setAdding(true)}>
            Add an organization
          </button>
        ) : undefined
      }>
      <div class="fields">
        <Choice
          label="Plan"
          value={plan}
          onValue={(value) => change({ plan: value }, true)}
          options={[{ value: "", text: "Any" }, ...planOptions(plans.data)]}
        />
        <Choice label="Order" value={text(query, "sort")} onValue={(value) => change({ sort: value }, true)} options={[...sorts]} />
      </div>
      <Result loaded={list}>
        {(shown) =>
          shown.items.length === 0 ? (
            <NoOrganizations filtered={plan !== ""} may={may} />
          ) : (
            <>
              <p role="status" class="quiet">
                {totalOf(shown, "organization", "organizations") ?? plural(shown.items.length, "organization", "organizations")}
              </p>
              <OrganizationTable organizations={shown.items} plans={plans.data ?? []} />
              <Pager cursor={cursor} next={shown.next} />
            </>
          )
        }
      </Result>
      <Plans loaded={plans} rights={rights} />
      {adding ? <AddOrganization plans={plans.data ?? []} onClose={() => setAdding(false)} /> : null}
    </View>
  );
}

function OrganizationTable({ organizations, plans }: { organizations: Organization[]; plans: Plan[] }) {
  const planNames = new Map(plans.map(({ code, name }) => [code, name]));
  return (
    <Table labels caption="Organizations" head={["Name", "Slug", "Plan", "Added"]}>
      {organizations.map((one) => (
        <tr key={one.id}>
          <th scope="row">
            <a href={href(["organizations", one.id])}>{one.name}</a>
          </th>
          <td>{one.slug}</td>
          <td>{planNames.get(one.plan) ?? one.plan}</td>
          <td>
            <Time at={one.created_at} day />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function NoOrganizations({ filtered, may }: { filtered: boolean; may: boolean }) {
  if (filtered)
    return (
      <Empty>
        <p>
          No organization is on this plan. <a href={href(["organizations"])}>Show all organizations.</a>
        </p>
      </Empty>
    );
  return (
    <Empty>
      <p>There are no organizations yet. An organization groups people under a plan.</p>
      {may ? <p>Add a plan below first, then an organization with its first owner.</p> : null}
    </Empty>
  );
}
