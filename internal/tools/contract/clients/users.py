"""Create, read, list, change and search users with the generated client."""

import os
import uuid

from roster_client.api.events import add_events
from roster_client.api.users import create_user, get_user, list_users, patch_user, search_users
from roster_client.client import Client
from roster_client.models import (
    Attributes,
    FoundUser,
    NewEvent,
    NewEvents,
    NewUser,
    Problem,
    Search,
    User,
    UserPatch,
    UserView,
)

# Values of every kind that JSON has.
ATTRIBUTES = {"team": "search", "desk": 12, "remote": True, "manager": None, "tags": ["a", {"b": [1.5]}]}


def check(holds, what):
    """End with a message unless the condition holds."""
    if not holds:
        raise SystemExit(f"the Python client: {what}")


def main():
    """Call Roster as a program would."""
    client = Client(base_url=os.environ["ROSTER_URL"], raise_on_unexpected_status=True)
    name = f"py-{uuid.uuid4()}"
    attributes = Attributes.from_dict(ATTRIBUTES)

    made = create_user.sync(client=client, body=NewUser(username=name, email=f"{name}@example.com", attributes=attributes))
    check(isinstance(made, User) and made.attributes.to_dict() == ATTRIBUTES, f"creates {made}")
    read = get_user.sync(made.id, client=client)
    check(isinstance(read, UserView) and read.attributes.to_dict() == ATTRIBUTES, f"reads {read}")
    patch = UserPatch(attributes=Attributes.from_dict({"desk": None, "floor": 3}))
    changed = patch_user.sync(made.id, client=client, body=patch)
    check(isinstance(changed, User) and changed.attributes["floor"] == 3 and "desk" not in changed.attributes, f"changes {changed}")

    # The client sends every default with a request.
    for found in (
        list_users.sync(client=client, username=name),
        list_users.sync(client=client),
        list_users.sync(client=client, changed_since=made.created_at),
        search_users.sync(client=client, body=Search(term=name)),
    ):
        check(isinstance(found, list) and made.id in [user.id for user in found], f"lists {found}")
        check(all(isinstance(user, (UserView, FoundUser)) for user in found), f"lists {found}")

    event = NewEvent(organization_id=made.id, user_id=made.id, kind="login", occurred_at=made.created_at, payload={"browser": ["lynx"]})
    added = add_events.sync(client=client, body=NewEvents(events=[event]))
    check(added.rejected[0].field == "organization_id", f"adds events: {added}")
    refused = create_user.sync(client=client, body=NewUser(username=name, email=f"{name}@example.com"))
    check(isinstance(refused, Problem) and refused.status == 409, f"is told {refused}")
    print("The Python client creates, reads, lists, changes and searches users.")


main()
