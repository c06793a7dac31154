import { useState } from "preact/hooks";
import type { components } from "../../../client-ts/src/index";
import { unwrap } from "../../../client-ts/src/index";
import { useAction, useLoad, type Loaded } from "../load";
import type { Rights } from "../rights";
import { href } from "../route";
import { outdate, roster } from "../session";
import { Dialog } from "../ui/dialog";
import { Failure } from "../ui/failure";
import { Field, Form } from "../ui/form";
import { tell } from "../ui/toast";
import { count, Result, Table } from "../ui/view";

export type Plan = components["schemas"]["Plan"];

/** usePlans reads all plans. */
export function usePlans(): Loaded<Plan[]> {
  return useLoad((signal) => unwrap(roster.GET("/plans", { signal })), []);
}

/** planOptions are the plans as options of a choice; none while they load. */
export function planOptions(plans: Plan[] = []) {
  return plans.map(({ code, name }) => ({ value: code, text: name }));
}

/** put writes a plan. With isNew, it replaces none. */
async function put({ code, name, seats }: Plan, isNew = false): Promise<void> {
  const header = isNew ? { "If-None-Match": "*" } : {};
  await unwrap(roster.PUT("/plans/{code}", { params: { path: { code }, header }, body: { name, seats } }));
}

/** The plans, and how many members each allows. */
export function Plans({ loaded, rights }: { loaded: Loaded<Plan[]>; rights: Rights }) {
  const [edited, setEdited] = useState<Plan | "new">();
  const may = rights.manageOrganizations;
  return (
    <section aria-label="Plans">
      <div class="title">
        <h2>Plans</h2>
        {may ? (
          <button type="button" onClick={() => setEdited("new")}>
            Add a plan
          </button>
        ) : null}
      </div>
      <Result loaded={loaded}>
        {(plans) =>
          plans.length === 0 ? (
            <p class="quiet">There are no plans. Each organization needs one.</p>
          ) : (
            <Table labels caption="Plans" head={["Plan", "Code", "Seats", ""]}>
              {plans.map((plan) => (
                <tr key={plan.code}>
                  <th scope="row">
                    <a href={href(["organizations"], { plan: plan.code })}>{plan.name}</a>
                  </th>
                  <td>{plan.code}</td>
                  <td class="number">{plan.seats === null ? "no limit" : count(plan.seats)}</td>
                  <td>{may ? <PlanButtons plan={plan} onEdit={() => setEdited(plan)} /> : null}</td>
                </tr>
              ))}
            </Table>
          )
        }
      </Result>
      {edited === undefined ? null : <EditPlan plan={edited === "new" ? undefined : edited} onClose={() => setEdited(undefined)} />}
    </section>
  );
}

function PlanButtons({ plan, onEdit }: { plan: Plan; onEdit: () => void }) {
  const action = useAction();
  const remove = () =>
    action.run(async () => {
      await unwrap(roster.DELETE("/plans/{code}", { params: { path: { code: plan.code } } }));
      outdate();
      tell(`Deleted the plan ${plan.name}.`, async () => {
        await put(plan);
        outdate();
      });
    });
  return (
    <div class="buttons">
      <button type="button" aria-label={`Edit the plan ${plan.name}`} onClick={onEdit}>
        Edit
      </button>
      <button type="button" class="danger" aria-disabled={action.busy} aria-label={`Delete the plan ${plan.name}`} onClick={remove}>
        Delete
      </button>
      <Failure error={action.error} />
    </div>
  );
}

function EditPlan({ plan, onClose }: { plan: Plan | undefined; onClose: () => void }) {
  const [code, setCode] = useState(plan?.code ?? "");
  const [name, setName] = useState(plan?.name ?? "");
  const [seats, setSeats] = useState(plan?.seats?.toString() ?? "");
  const action = useAction();
  const submit = async () => {
    if (seats !== "" && !/^\d+$/.test(seats)) throw new Error("The seats are a whole number; leave the field empty for no limit.");
    await put({ code, name, seats: seats === "" ? null : Number(seats) }, plan === undefined);
    outdate();
    onClose();
    tell(plan === undefined ? `Added the plan ${name}.` : `Changed the plan ${name}.`, async () => {
      await (plan === undefined ? unwrap(roster.DELETE("/plans/{code}", { params: { path: { code } } })) : put(plan));
      outdate();
    });
  };
  return (
    <Dialog title={plan === undefined ? "Add a plan" : `Edit the plan ${plan.name}`} onClose={onClose}>
      <Form action={action} submit={plan === undefined ? "Add" : "Save"} onSubmit={submit} onCancel={onClose} shown={["/name", "/seats"]}>
        {plan === undefined ? (
          <Field
            label="Code"
            value={code}
            onValue={setCode}
            required
            autoFocus
            hint="Small letters, digits, - and _; it names the plan for programs."
          />
        ) : null}
        <Field label="Name" value={name} onValue={setName} place="/name" error={action.error} required />
        <Field
          label="Seats"
          value={seats}
          onValue={setSeats}
          place="/seats"
          error={action.error}
          hint="The most members of an organization; empty for no limit."
        />
      </Form>
    </Dialog>
  );
}
