import { href } from "../route";
import { Highlight } from "../ui/highlight";
import { Time } from "../ui/time";
import { Badge, Table } from "../ui/view";
import type { Found } from "./people_read";

const matches = { exact: "Exactly", words: "All words", prefix: "Beginnings", similar: "Spelled alike" };

export function PeopleTable({ people, caption, found }: { people: Found[]; caption: string; found: boolean }) {
  const head = ["Name", "Username", "Email", "Status", found ? "Match" : "Added"];
  return (
    <Table caption={caption} head={head}>
      {people.map((person) => (
        <tr key={person.id}>
          <th scope="row">
            <a href={href(["people", person.id ?? ""])}>{marked(person, "display_name")}</a>
          </th>
          <td>{marked(person, "username")}</td>
          <td>{marked(person, "email")}</td>
          <td>
            <Status person={person} />
          </td>
          <td>
            {person.match !== undefined ? (
              matches[person.match]
            ) : person.created_at === undefined ? (
              ""
            ) : (
              <Time at={person.created_at} day />
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function marked(person: Found, field: "display_name" | "username" | "email") {
  const html = person.highlight?.[field];
  return html === undefined ? person[field] : <Highlight html={html} />;
}

/** Whether a person may act. */
export function Status({ person }: { person: { status?: string; deleted_at?: string } }) {
  if (person.deleted_at !== undefined) return <Badge kind="bad">Deleted</Badge>;
  return person.status === "suspended" ? <Badge kind="bad">Suspended</Badge> : <Badge kind="good">Active</Badge>;
}
