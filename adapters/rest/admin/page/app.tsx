import { useEffect } from "preact/hooks";
import { rightsOf, type Rights } from "./rights";
import { Activity } from "./rooms/activity";
import { Engagement } from "./rooms/engagement";
import { Import } from "./rooms/import";
import { Keys } from "./rooms/keys";
import { Model } from "./rooms/model";
import { Organization } from "./rooms/organization";
import { Organizations } from "./rooms/organizations";
import { People } from "./rooms/people";
import { Person } from "./rooms/person";
import { href, route, type Route } from "./route";
import { caller, canSignOut, offline, signIn, signOut, type Caller, type SignInReason } from "./session";
import { useStore } from "./store";
import { Dialog } from "./ui/dialog";
import { SignIn } from "./ui/signin";
import { forget, Toasts } from "./ui/toast";
import { Empty, View } from "./ui/view";

type Room = { path: string; name: string; may: (rights: Rights) => boolean };

const rooms: Room[] = [
  { path: "people", name: "People", may: () => true },
  { path: "organizations", name: "Organizations", may: () => true },
  { path: "engagement", name: "Engagement", may: () => true },
  { path: "activity", name: "Activity", may: () => true },
  { path: "import", name: "Import", may: (rights) => rights.importAndExport },
  { path: "keys", name: "Keys", may: (rights) => rights.manageKeys },
  { path: "model", name: "The model", may: () => true },
];

export function App() {
  const known = useStore(caller);
  const reason = useStore(signIn);
  const away = useStore(offline);
  return (
    <>
      {away ? (
        <p class="banner" role="alert">
          Roster can't be reached. The page asks again every second, and keeps what you typed.
        </p>
      ) : null}
      {known === undefined ? <Outside reason={reason} away={away} /> : <Inside known={known} />}
      {known !== undefined && reason !== undefined ? (
        <Dialog title="Sign in again" onClose={signOut}>
          <SignIn reason={reason} />
        </Dialog>
      ) : null}
      <Toasts />
    </>
  );
}

function Outside({ reason, away }: { reason: SignInReason | undefined; away: boolean }) {
  useEffect(forget, []);
  if (reason === undefined)
    return (
      <main class="outside">
        <p class="quiet" aria-busy="true">
          {away ? "" : "Opening the directory…"}
        </p>
      </main>
    );
  return (
    <main class="outside">
      <View title="Sign in to Roster">
        <SignIn reason={reason} />
      </View>
    </main>
  );
}

function Inside({ known }: { known: Caller }) {
  const { path, query } = useStore(route);
  const rights = rightsOf(known);
  return (
    <div class="frame">
      <header class="side">
        <div class="held">
          <a class="skip" href="#content" onClick={skip}>
            Skip to the content
          </a>
          <a class="brand" href={href(["people"])}>
            Roster
          </a>
          <nav aria-label="Rooms">
            <ul>
              {rooms
                .filter((room) => room.may(rights))
                .map((room) => (
                  <li key={room.path}>
                    <a href={href([room.path])} aria-current={path[0] === room.path ? "page" : undefined}>
                      {room.name}
                    </a>
                  </li>
                ))}
              <li>
                <a href="docs">API reference</a>
              </li>
            </ul>
          </nav>
          <Self known={known} />
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {rights.read ? <Content key={path.join("/")} path={path} query={query} rights={rights} /> : <Nothing />}
      </main>
    </div>
  );
}

/** The link of the first Tab must not change the address, which holds the state. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

function Self({ known }: { known: Caller }) {
  const scopes = known.scopes.length === 0 ? "no scope" : known.scopes.join(", ");
  return (
    <div class="self">
      <p class="quiet">
        {known.subject === "local" ? (
          "Everybody on this machine is an administrator."
        ) : (
          <>
            You are <span class="id">{known.subject}</span>: {scopes}.
          </>
        )}
      </p>
      {canSignOut() ? (
        <button type="button" onClick={signOut}>
          Sign out
        </button>
      ) : null}
    </div>
  );
}

function Content({ path, query, rights }: Route & { rights: Rights }) {
  const [room, id] = path;
  if (room === "people") return id === undefined ? <People query={query} rights={rights} /> : <Person id={id} rights={rights} />;
  if (room === "organizations") {
    return id === undefined ? <Organizations query={query} rights={rights} /> : <Organization id={id} query={query} rights={rights} />;
  }
  if (room === "engagement") return <Engagement query={query} />;
  if (room === "activity") return <Activity rights={rights} />;
  if (room === "import" && rights.importAndExport) return <Import query={query} />;
  if (room === "keys" && rights.manageKeys) return <Keys query={query} rights={rights} />;
  if (room === "model") return <Model />;
  return (
    <View title="No such room">
      <Empty>
        <p>
          The address names no room, or one that you may not enter. <a href={href(["people"])}>Go to the people.</a>
        </p>
      </Empty>
    </View>
  );
}

function Nothing() {
  return (
    <View title="Nothing to see">
      <Empty>
        <p>
          You are signed in, but may read nothing. Ask an administrator for the scope <code>read</code>.
        </p>
      </Empty>
    </View>
  );
}
