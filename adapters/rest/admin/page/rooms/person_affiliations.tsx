import type { Rights } from "../rights";
import type { User } from "./person_change";

export function Affiliations({ user }: { user: User; rights: Rights }) {
  return <p>{user.id}</p>;
}
