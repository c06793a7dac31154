import { useAction } from "../load";
import type { Rights, Role } from "../rights";
import { Failure } from "../ui/failure";
import { Choice, optionsOf } from "../ui/form";
import { Badge } from "../ui/view";
import { changeRole, mayChange, remove } from "./membership";

type Side = { id: string; name: string };

/** The role of a member, and what may be done with it: two cells of a table. */
export function RoleCells({ organization, user, role, rights }: { organization: Side; user: Side; role: Role; rights: Rights }) {
  const action = useAction();
  if (!mayChange(rights, organization.id, role))
    return (
      <>
        <td>
          <Badge kind="plain">{role}</Badge>
        </td>
        <td />
      </>
    );
  return (
    <>
      <td>
        <Choice
          label={`Role of ${user.name} in ${organization.name}`}
          hidden
          value={role}
          options={optionsOf(rights.roles(organization.id))}
          onValue={(to) => void action.run(() => changeRole(organization, user, role, to as Role))}
        />
      </td>
      <td>
        <button
          type="button"
          class="danger"
          aria-disabled={action.busy}
          aria-label={`Remove ${user.name} from ${organization.name}`}
          onClick={() => action.run(() => remove(organization, user, role))}>
          Remove
        </button>
        <Failure error={action.error} />
      </td>
    </>
  );
}
