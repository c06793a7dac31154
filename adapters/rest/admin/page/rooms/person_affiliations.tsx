import { useState } from "preact/hooks";
import type { components } from "../../../client-ts/src/index";
import { page } from "../../../client-ts/src/index";
import { useAction, useLoad } from "../load";
import type { Rights, Role } from "../rights";
import { href } from "../route";
import { roster } from "../session";
import { Dialog } from "../ui/dialog";
import { Choice, Form, optionsOf } from "../ui/form";
import { PickOrganization, type Picked } from "../ui/pick";
import { Time } from "../ui/time";
import { Result, Table } from "../ui/view";
import { add, mayAdd } from "./membership";
import type { User } from "./person_draft";
import { RoleCells } from "./role_cells";

/** The organizations of a person, and the roles there. */
export function Affiliations({ user, rights }: { user: User; rights: Rights }) {
  const [adding, setAdding] = useState(false);
  const [cursor, setCursor] = useState<string>();
  const list = useLoad(
    (signal) => {
      const ask = (at: string | undefined) =>
        roster.GET("/users/{id}/organizations", { params: { path: { id: user.id }, query: { limit: 50, cursor: at } }, signal });
      return page(ask, cursor);
    },
    [user.id, cursor],
  );
  // Everybody that a bound caller sees is a member of its organization already.
  const may = rights.within === undefined && rights.givesRoles;
  return (
    <section aria-label="Organizations">
      <div class="title">
        <h2>Organizations</h2>
        {may ? (
          <button type="button" onClick={() => setAdding(true)}>
            Add to an organization
          </button>
        ) : null}
      </div>
      <Result loaded={list}>
        {({ items, next }) =>
          items.length === 0 ? (
            <p class="quiet">{user.display_name} belongs to no organization.</p>
          ) : (
            <>
              <AffiliationTable user={user} items={items} rights={rights} />
              {next === undefined ? null : (
                <button type="button" onClick={() => setCursor(next)}>
                  Next organizations
                </button>
              )}
              {cursor === undefined ? null : (
                <button type="button" onClick={() => setCursor(undefined)}>
                  First organizations
                </button>
              )}
            </>
          )
        }
      </Result>
      {adding ? <AddToOrganization user={user} rights={rights} onClose={() => setAdding(false)} /> : null}
    </section>
  );
}

type Affiliation = components["schemas"]["Affiliation"];

function AffiliationTable({ user, items, rights }: { user: User; items: Affiliation[]; rights: Rights }) {
  const side = { id: user.id, name: user.display_name };
  return (
    <Table caption={`Organizations of ${user.display_name}`} head={["Organization", "Plan", "Joined", "Role", ""]}>
      {items.map(({ organization, role, joined_at }) => (
        <tr key={organization.id}>
          <th scope="row">
            <a href={href(["organizations", organization.id])}>{organization.name}</a>
          </th>
          <td>{organization.plan}</td>
          <td>
            <Time at={joined_at} day />
          </td>
          <RoleCells organization={organization} user={side} role={role} rights={rights} />
        </tr>
      ))}
    </Table>
  );
}

function AddToOrganization({ user, rights, onClose }: { user: User; rights: Rights; onClose: () => void }) {
  const [organization, setOrganization] = useState<Picked>();
  const [role, setRole] = useState<Role>("member");
  const action = useAction();
  const submit = async () => {
    if (organization === undefined) throw new Error("No organization has this name or slug: choose one of the list.");
    await add(organization, { id: user.id, name: user.display_name }, role);
    onClose();
  };
  const roles = organization === undefined ? ["member"] : rights.roles(organization.id);
  return (
    <Dialog title={`Add ${user.display_name} to an organization`} onClose={onClose}>
      <Form action={action} submit="Add" onSubmit={submit} onCancel={onClose}>
        <PickOrganization label="Organization" onPick={setOrganization} only={(id) => mayAdd(rights, id)} />
        <Choice label="Role" value={role} onValue={(value) => setRole(value as Role)} options={optionsOf(roles)} />
      </Form>
    </Dialog>
  );
}
