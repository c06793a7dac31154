import { useState } from "preact/hooks";
import { page, unwrap } from "../../../client-ts/src/index";
import { useAction, useLoad } from "../load";
import { roles, type Rights, type Role } from "../rights";
import { change, choice, href, text } from "../route";
import { roster } from "../session";
import { Dialog } from "../ui/dialog";
import { Choice, Field, Form, optionsOf } from "../ui/form";
import { PickPerson, type Picked } from "../ui/pick";
import { Time } from "../ui/time";
import { Pager, Result, Table } from "../ui/view";
import { add, mayAdd, type Organization } from "./membership";
import { Status } from "./people_table";
import { RoleCells } from "./role_cells";

/** readMembers reads a page of memberships, with the people. */
async function readMembers(id: string, query: URLSearchParams, signal: AbortSignal) {
  const role = choice(query, "role", roles);
  const ask = (at: string | undefined) =>
    roster.GET("/organizations/{id}/members", { params: { path: { id }, query: { limit: 25, role, cursor: at } }, signal });
  const { items, next } = await page(ask, text(query, "cursor") || undefined);
  const ids = items.map(({ user_id }) => user_id);
  const users = ids.length === 0 ? [] : await unwrap(roster.POST("/users/lookup", { body: { ids }, signal }));
  const byId = new Map(users.map((user) => [user.id, user]));
  return { next, members: items.map((membership) => ({ ...membership, user: byId.get(membership.user_id) })) };
}

/** The members of an organization and their roles. */
export function Members({ organization, query, rights }: { organization: Organization; query: URLSearchParams; rights: Rights }) {
  const [adding, setAdding] = useState(false);
  const members = useLoad((signal) => readMembers(organization.id, query, signal), [organization.id, query.toString()]);
  return (
    <section aria-label="Members">
      <div class="title">
        <h2>Members</h2>
        {mayAdd(rights, organization.id) ? (
          <button type="button" onClick={() => setAdding(true)}>
            Add a member
          </button>
        ) : null}
      </div>
      <div class="fields">
        <Choice
          label="Role"
          value={text(query, "role")}
          onValue={(role) => change({ role }, true)}
          options={[{ value: "", text: "Any" }, ...optionsOf(roles)]}
        />
      </div>
      <Result loaded={members}>
        {({ members: list, next }) =>
          list.length === 0 ? (
            <p class="quiet">No member on this page.</p>
          ) : (
            <>
              <Table caption={`Members of ${organization.name}`} head={["Name", "Email", "Status", "Joined", "Role", ""]}>
                {list.map(({ user, user_id, role, joined_at }) => (
                  <tr key={user_id}>
                    <th scope="row">
                      <a href={href(["people", user_id])}>{user?.display_name ?? user_id}</a>
                    </th>
                    <td>{user?.email}</td>
                    <td>{user === undefined ? null : <Status person={user} />}</td>
                    <td>
                      <Time at={joined_at} day />
                    </td>
                    <RoleCells
                      organization={organization}
                      user={{ id: user_id, name: user?.display_name ?? user_id }}
                      role={role}
                      rights={rights}
                    />
                  </tr>
                ))}
              </Table>
              <Pager cursor={text(query, "cursor")} next={next} />
            </>
          )
        }
      </Result>
      {adding ? <AddMember organization={organization} rights={rights} onClose={() => setAdding(false)} /> : null}
    </section>
  );
}

function AddMember({ organization, rights, onClose }: { organization: Organization; rights: Rights; onClose: () => void }) {
  const [person, setPerson] = useState<Picked>();
  const [role, setRole] = useState<Role>("member");
  const action = useAction();
  const submit = async () => {
    if (person === undefined) throw new Error("Choose a person: search, and select one.");
    await add(organization, person, role);
    onClose();
  };
  return (
    <Dialog title={`Add a member to ${organization.name}`} onClose={onClose}>
      <Form action={action} submit="Add" onSubmit={submit} onCancel={onClose}>
        {rights.within === undefined ? (
          <PickPerson label="Person" picked={person} onPick={setPerson} />
        ) : (
          <Field
            label="Id of the person"
            value={person?.id ?? ""}
            onValue={(id) => setPerson({ id: id.trim(), name: id.trim() })}
            autoFocus
            hint="You see members only. Ask an administrator for the id of somebody else."
          />
        )}
        <Choice label="Role" value={role} onValue={(value) => setRole(value as Role)} options={optionsOf(rights.roles(organization.id))} />
      </Form>
    </Dialog>
  );
}
