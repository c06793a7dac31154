import type { components } from "../../../client-ts/src/index";
import { unwrap } from "../../../client-ts/src/index";
import { roster } from "../session";
import type { User } from "./person_draft";

/** write changes a person, if it still has the version that was read. */
export function write(user: User, patch: components["schemas"]["UserPatch"]): Promise<User> {
  return unwrap(
    roster.PATCH("/users/{id}", { params: { path: { id: user.id }, header: { "If-Match": `"${user.version}"` } }, body: patch }),
  ) as Promise<User>;
}

/** read returns the person as it is stored now. */
export async function read(id: string, deleted: boolean, signal?: AbortSignal): Promise<User> {
  const query = deleted ? { deleted: "include" as const } : {};
  return (await unwrap(roster.GET("/users/{id}", { params: { path: { id }, query }, signal }))) as User;
}
