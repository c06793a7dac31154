import type { components } from "../../../client-ts/src/index";
import { unwrap } from "../../../client-ts/src/index";
import type { Rights, Role } from "../rights";
import { outdate, roster } from "../session";
import { tell } from "../ui/toast";

export type Organization = components["schemas"]["Organization"];
type Side = { id: string; name: string };

/** putRole adds a member or changes the role. */
async function putRole(organization: Side, user: Side, role: Role): Promise<void> {
  await unwrap(
    roster.PUT("/organizations/{id}/members/{user}", { params: { path: { id: organization.id, user: user.id } }, body: { role } }),
  );
}

async function removeMember(organization: Side, user: Side): Promise<void> {
  await unwrap(roster.DELETE("/organizations/{id}/members/{user}", { params: { path: { id: organization.id, user: user.id } } }));
}

/** add adds a member, and tells so. */
export async function add(organization: Side, user: Side, role: Role): Promise<void> {
  await putRole(organization, user, role);
  outdate();
  tell(`Added ${user.name} to ${organization.name} as ${role}.`, async () => {
    await removeMember(organization, user);
    outdate();
  });
}

/** changeRole gives a member another role, and tells so. */
export async function changeRole(organization: Side, user: Side, from: Role, to: Role): Promise<void> {
  await putRole(organization, user, to);
  outdate();
  tell(`${user.name} is ${to} of ${organization.name} now.`, async () => {
    await putRole(organization, user, from);
    outdate();
  });
}

/** remove ends a membership, and tells so. */
export async function remove(organization: Side, user: Side, role: Role): Promise<void> {
  await removeMember(organization, user);
  outdate();
  tell(`Removed ${user.name} from ${organization.name}.`, async () => {
    await putRole(organization, user, role);
    outdate();
  });
}

/** mayChange reports whether the caller may change or end a membership with the role. */
export function mayChange(rights: Rights, organization: string, role: Role): boolean {
  return rights.roles(organization).includes(role);
}

/** mayAdd reports whether the caller may add members to an organization. */
export function mayAdd(rights: Rights, organization: string): boolean {
  return rights.addMembers && rights.roles(organization).length > 0;
}
