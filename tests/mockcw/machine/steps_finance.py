"""Steps over agreements and additions."""

from __future__ import annotations

from hypothesis.stateful import MultipleResults

from tests.mockcw.machine import drawn
from tests.mockcw.machine.bench import Bench, step
from tests.mockcw.machine.model import finance
from tests.mockcw.machine.model.answers import Doc
from tests.mockcw.machine.model.writes import Foretold

AGREEMENTS = "/finance/agreements"


class FinanceSteps(Bench):
    """What may happen to agreements."""

    @step(target=Bench.made_agreements, who=drawn.WHO, body=drawn.seldom(drawn.AGREEMENTS, drawn.WRONG_AGREEMENTS))
    def sign(self, who: str, body: Doc) -> MultipleResults[int]:
        """A new agreement."""
        told = finance.create(self.state, self.world, body, who)
        return self.created("agreements", who, self.story.send(who, "POST", AGREEMENTS, body), told)

    @step(
        who=drawn.WHO,
        agreement=Bench.made_agreements,
        operations=drawn.seldom(drawn.AGREEMENT_CHANGES, drawn.WRONG_AGREEMENT_CHANGES),
    )
    def change_agreement(self, who: str, agreement: int, operations: list[Doc]) -> None:
        """A PATCH of an agreement: its dates, its cancelling."""
        doc = self.state.find("agreements", agreement)
        answer = self.story.send(who, "PATCH", f"{AGREEMENTS}/{agreement}", operations)
        if doc is None:
            self.missing("agreements", agreement, answer, operations)
        else:
            self.changed("agreements", who, doc, answer, finance.patch(self.state, doc, operations, who))

    @step(agreement=Bench.made_agreements)
    def delete_agreement(self, agreement: int) -> None:
        """A DELETE of an agreement."""
        doc = self.state.find("agreements", agreement)
        answer = self.story.send("Admin", "DELETE", f"{AGREEMENTS}/{agreement}")
        if doc is None:
            self.missing("agreements", agreement, answer)
        elif self.deleted("agreements", doc, answer, finance.delete(self.state, agreement)):
            finance.gone(self.state, agreement)

    @step(
        target=Bench.made_additions,
        who=drawn.WHO,
        agreement=Bench.made_agreements,
        body=drawn.seldom(drawn.ADDITIONS, drawn.WRONG_ADDITIONS),
    )
    def add(self, who: str, agreement: int, body: Doc) -> MultipleResults[int]:
        """A new addition."""
        told = finance.add(self.state, self.world, agreement, body, who)
        answer = self.story.send(who, "POST", f"{AGREEMENTS}/{agreement}/additions", body)
        return self.created("additions", who, answer, told)

    @step(
        who=drawn.WHO,
        addition=Bench.made_additions,
        operations=drawn.seldom(drawn.ADDITION_CHANGES, drawn.WRONG_ADDITION_CHANGES),
    )
    def change_addition(self, who: str, addition: int, operations: list[Doc]) -> None:
        """A PATCH of an addition: how many, how much, from when to when."""
        doc = self.state.find("additions", addition)
        if doc is None:
            self._nowhere(addition)
            return
        answer = self.story.send(who, "PATCH", self.path("additions", doc), operations)
        self.changed("additions", who, doc, answer, finance.change(self.state, self.world, doc, operations, who))

    @step(addition=Bench.made_additions, body=drawn.ADDITIONS)
    def replace_addition(self, addition: int, body: Doc) -> None:
        """A PUT of an addition."""
        doc = self.state.find("additions", addition)
        if doc is None:
            self._nowhere(addition)
            return
        body = {**body, "product": {"id": doc["product"]["id"]}}
        answer = self.story.send("Admin", "PUT", self.path("additions", doc), body)
        self.changed("additions", "Admin", doc, answer, finance.replace(self.state, self.world, doc, body, "Admin"))

    @step(who=drawn.WHO, addition=Bench.made_additions)
    def delete_addition(self, who: str, addition: int) -> None:
        """A DELETE of an addition."""
        doc = self.state.find("additions", addition)
        if doc is None:
            self._nowhere(addition)
            return
        answer = self.story.send(who, "DELETE", self.path("additions", doc))
        if self.deleted("additions", doc, answer, Foretold({})):
            del self.state.rows["additions"][addition]

    def _nowhere(self, addition: int) -> None:
        """An addition that is gone is on none of the agreements."""
        for number in self.state.rows["agreements"]:
            answer = self.story.send("Admin", "GET", f"{AGREEMENTS}/{number}/additions/{addition}")
            self.missing("additions", addition, answer)
