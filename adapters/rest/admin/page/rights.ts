import type { components } from "../../client-ts/src/index";
import type { Caller } from "./session";

export type Role = components["schemas"]["Role"];
export type Scope = components["schemas"]["Scope"];

/** All roles, the highest first. */
export const roles = ["owner", "admin", "member"] as const satisfies readonly Role[];

/** What a caller may do, as docs/access.md says. The page shows no button for anything else. */
export type Rights = {
  /** Sees people, organizations and reports at all. */
  read: boolean;
  /** Adds, deletes and suspends people, and changes all their fields. */
  manageUsers: boolean;
  /** Changes display names and attributes. */
  describeUsers: boolean;
  /** Sees deleted people, restores and erases them. */
  restoreUsers: boolean;
  manageOrganizations: boolean;
  renameOrganization: boolean;
  importAndExport: boolean;
  manageKeys: boolean;
  /** The only organization that the caller sees; undefined for the whole directory. */
  within: string | undefined;
  /** The roles that the caller gives and takes in an organization. */
  roles: (organization: string) => Role[];
  /** Gives roles in some organization. */
  givesRoles: boolean;
  /** Adds members where it gives roles: a bound caller would see a new person. */
  addMembers: boolean;
};

const below: Record<Role, Role[]> = { owner: ["owner", "admin", "member"], admin: ["admin", "member"], member: [] };

export function rightsOf(caller: Caller): Rights {
  const has = (scope: Scope) => caller.scopes.includes("admin") || caller.scopes.includes(scope);
  const whole = caller.within === undefined;
  return {
    read: has("read"),
    manageUsers: has("write") && whole,
    describeUsers: has("write"),
    restoreUsers: has("admin") && whole,
    manageOrganizations: has("admin") && whole,
    renameOrganization: has("admin"),
    importAndExport: has("admin") && whole,
    manageKeys: has("admin"),
    within: caller.within,
    givesRoles: has("admin") || Object.values(caller.roles).some((role) => role !== "member"),
    addMembers: whole || has("write"),
    roles: (organization) => {
      if (caller.within !== undefined && caller.within !== organization) return [];
      return has("admin") ? below.owner : below[caller.roles[organization] ?? "member"];
    },
  };
}
