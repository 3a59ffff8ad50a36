"""Steps over tickets and their notes."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import MultipleResults, multiple

from tests.mockcw.machine import drawn
from tests.mockcw.machine.bench import Bench, step
from tests.mockcw.machine.model import tickets
from tests.mockcw.machine.model.answers import SECURITY, Doc, Refusal
from tests.mockcw.machine.model.writes import Foretold, Place

TICKETS = "/service/tickets"


class TicketSteps(Bench):
    """What may happen to tickets."""

    @step(target=Bench.made_tickets, who=drawn.WHO, body=drawn.seldom(drawn.TICKETS, drawn.WRONG_TICKETS))
    def open_ticket(self, who: str, body: Doc) -> MultipleResults[int]:
        """A new ticket, maybe with its first notes."""
        told = tickets.create(self.state, self.world, body, who)
        made = self.created("tickets", who, self.story.send(who, "POST", TICKETS, body), told)
        for number in made.values:
            self._first_notes(number, tickets.first_notes(self.state, self.world, body, who))
        return made

    @step(
        target=Bench.made_tickets,
        body=drawn.TICKETS,
        agreement=Bench.made_agreements,
    )
    def open_covered_ticket(self, body: Doc, agreement: int) -> MultipleResults[int]:
        """A new ticket under an agreement."""
        body = {name: value for name, value in body.items() if name not in tickets.FIRST_NOTES}
        owner = self.state.find("agreements", agreement)
        company = {"id": owner["company"]["id"]} if owner else body["company"]
        body = {**body, "agreement": {"id": agreement}, "company": company}
        told = tickets.create(self.state, self.world, body, "Admin")
        return self.created("tickets", "Admin", self.story.send("Admin", "POST", TICKETS, body), told)

    @step(
        who=drawn.WHO,
        ticket=Bench.made_tickets,
        operations=drawn.seldom(drawn.TICKET_CHANGES, drawn.WRONG_TICKET_CHANGES),
    )
    def change_ticket(self, who: str, ticket: int, operations: list[Doc]) -> None:
        """A PATCH of a ticket: texts, status, board, closing and opening again."""
        doc = self.state.find("tickets", ticket)
        answer = self.story.send(who, "PATCH", f"{TICKETS}/{ticket}", operations)
        if doc is None:
            self.missing("tickets", ticket, answer, operations)
        else:
            self.changed("tickets", who, doc, answer, tickets.patch(self.state, self.world, doc, operations, who))

    @step(ticket=Bench.made_tickets, body=drawn.maybe(summary=drawn.WORDS, poNumber=drawn.REFERENCES))
    def put_ticket(self, ticket: int, body: Doc) -> None:
        """A record is read, changed and put back whole; what is left out is empty then."""
        doc = self.state.find("tickets", ticket)
        if doc is None:
            self.missing("tickets", ticket, self.story.send("Admin", "GET", f"{TICKETS}/{ticket}"))
            return
        whole = self.story.send("Admin", "GET", f"{TICKETS}/{ticket}").json()
        whole.pop("externalXRef", None)
        asked = {**body, "externalXRef": None}
        told = tickets.write(self.state, self.world, doc, asked, "Admin")
        answer = self.story.send("Admin", "PUT", f"{TICKETS}/{ticket}", {**whole, **body})
        self.changed("tickets", "Admin", doc, answer, told)

    @step(target=Bench.made_tickets, who=drawn.WHO, ticket=Bench.made_tickets)
    def delete_ticket(self, who: str, ticket: int) -> MultipleResults[int]:
        """A DELETE; one of the two members may not."""
        doc = self.state.find("tickets", ticket)
        answer = self.story.send(who, "DELETE", f"{TICKETS}/{ticket}")
        if who != "Admin":
            self.story.refused(answer, SECURITY)
        elif doc is None:
            self.missing("tickets", ticket, answer)
        else:
            told = tickets.delete(self.state, ticket)
            if self.deleted("tickets", doc, answer, told):
                tickets.gone(self.state, ticket)
                self.settle(told)
        return multiple()

    @step(
        parent=Bench.made_tickets,
        children=st.lists(Bench.made_tickets, min_size=1, max_size=2, unique=True),
        status=st.sampled_from([1, 8, 8, 8, 13, 21]),
        how=st.sampled_from(["merge", "attachChildren"]),
    )
    def join_tickets(self, parent: int, children: list[int], status: int, how: str) -> None:
        """Tickets merged into another one, or bundled under it."""
        merging = how == "merge"
        body: Doc = {"mergeTicketIds": children, "status": {"id": status}} if merging else {"childTicketIds": children}
        answer = self.story.send("Admin", "POST", f"{TICKETS}/{parent}/{how}", body)
        owner = self.state.find("tickets", parent)
        if owner is None:
            self.missing("tickets", parent, answer)
            return
        told: Refusal | list[Doc]
        if merging:
            told = tickets.merge(self.state, self.world, owner, children, status, "Admin")
        else:
            told = tickets.bundle(self.state, owner, children)
        if isinstance(told, Refusal):
            self.story.refused(answer, told)
            return
        self.story.answered(answer, 200)
        moved = self._moved(children, parent) if merging else []
        self._joined(told, parent)
        self.settle(Foretold({}, tuple(moved)))

    @step(who=drawn.WHO, ticket=Bench.made_tickets, body=drawn.NOTES)
    def write_note(self, who: str, ticket: int, body: Doc) -> None:
        """A note, which must be of one of the three texts."""
        told = tickets.note(self.state, self.world, ticket, body, who)
        answer = self.story.send(who, "POST", f"{TICKETS}/{ticket}/notes", body)
        self.created("notes", who, answer, told)

    @step(ticket=Bench.made_tickets)
    def delete_note(self, ticket: int) -> None:
        """The newest note of a ticket goes."""
        mine = list(self.state.where("notes", ticketId=ticket))
        if not mine:
            path = f"{TICKETS}/{ticket}/notes/{drawn.NOBODY}"
            wanted = ("notes", drawn.NOBODY) if self.state.find("tickets", ticket) else ("tickets", ticket)
            self.missing(*wanted, self.story.send("Admin", "DELETE", path))
            return
        note = mine[-1]
        answer = self.story.send("Admin", "DELETE", self.path("notes", note))
        if self.deleted("notes", note, answer, Foretold({})):
            del self.state.rows["notes"][note["id"]]
            self.settle(Foretold({}, (("tickets", ticket),)))

    def _first_notes(self, ticket: int, foretold: list[Doc]) -> None:
        path = f"{TICKETS}/{ticket}/notes"
        got = self.story.listed(path)
        self.story.hold(len(got) == len(foretold), f"{len(foretold)} notes", got)
        for fields, note in zip(foretold, got, strict=True):
            self.story.foretold("a first note", fields, note)
            self.state.keep("notes", note)

    def _joined(self, told: list[Doc], parent: int) -> None:
        """All of them have changed at once; those that lost a child on the way are looked at, too."""
        info = {"lastUpdated": self.state.text, "updatedBy": "Admin"}
        before = {fields["id"]: self.state.rows["tickets"][fields["id"]] for fields in told}
        former = [doc["parentTicketId"] for doc in before.values() if "parentTicketId" in doc]
        for fields in told:
            doc = before[fields["id"]]
            self.state.keep("tickets", {**doc, **fields, "_info": {**doc["_info"], **info}})
        for fields in told:
            doc = before[fields["id"]]
            read = self.read(self.path("tickets", doc))
            changes = {**tickets.live(self.state, doc), **fields, "_info": {**doc["_info"], **info}}
            self.story.unchanged_but(f"Ticket {doc['id']}", doc, changes, read, tickets.FREE)
            self.state.keep("tickets", read)
        self.settle(Foretold({}, tuple(("tickets", number) for number in (*former, parent))))

    def _moved(self, children: list[int], parent: int) -> list[Place]:
        """What hung on merged tickets hangs on the one that stays: their time, and tickets merged into them."""
        to = {"id": parent, "summary": self.state.rows["tickets"][parent]["summary"]}
        moved: list[Place] = []
        for child in children:
            for doc in list(self.state.where("entries", chargeToId=child)):
                self.state.keep("entries", {**doc, "chargeToId": parent})
                moved.append(("entries", doc["id"]))
            for doc in list(self.state.where("tickets", mergedParentTicket__id=child)):
                self.state.keep("tickets", {**doc, "mergedParentTicket": to})
                moved.append(("tickets", doc["id"]))
        return moved
